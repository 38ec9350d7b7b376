# PyInstaller's own hook looks for OpenSSL beside it for 8 seconds; wheels have it inside.
hiddenimports = ["_cffi_backend", "cryptography.hazmat.backends.openssl.backend"]
