"""The archive of a station: what pages, API and command line may ask of it, and what it does by itself."""
