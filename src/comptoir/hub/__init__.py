"""The hub: the server that web sites post to and stations connect out to. It never imports the station."""
