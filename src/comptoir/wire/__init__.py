"""Pure codecs: bytes to values and back. Nothing here opens, waits or decides."""
