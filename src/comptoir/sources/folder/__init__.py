"""Watched folders: what people and programs put into them is taken, once, whole, and left where it is.

`source.FolderSource` is one folder. When a file is complete decides `core.watch`; who copies it and keeps the record is
`core.ports.Ledger`; where it goes says the `Planner` that the station gives. Nothing here ever deletes or moves a file.
"""
