"""The till service: the languages that tills speak over HTTP. A file a dialect; what they share is `delivery.py`."""
