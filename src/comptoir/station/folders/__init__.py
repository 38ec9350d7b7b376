"""The watched folders of a station: what the routes make of a file, and what becomes of it until the end."""
