"""What a station captures: sources put together, what the routes make of a print, who follows it."""
