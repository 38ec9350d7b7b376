"""The station: the service beside the printers. `app.py` puts the parts together, `spooler.py` works the jobs off."""
