"""What both roles show and answer over HTTP: the JSON API, the pages, who may do what. It meets the rest at `Desk`."""
