"""Comptoir: a document arrives from a source and goes to destinations; it is kept before it is acknowledged,
delivered once, and what is said about it is true. The package holds one command with two roles, station and hub."""

__version__ = "0.1.0"
