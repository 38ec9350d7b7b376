"""The nouns, and what is decided about them. Pure: no clock, no files, no network, no logging; standard library only.

Document  immutable bytes with a media type and a digest; Origin says where they came from
Job       one document to one destination, with a state in the words of RFC 8011
Route     a rule: which documents go where
Lane      the queue of one destination; `spool.decide` says what happens next in it
Page      what is drawn on paper, before any printer language
Ports     what sources, sinks, languages, devices and journals must do
"""
