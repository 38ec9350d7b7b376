-- Finds what happened on a day besides prints. Prints have no entry here: they are many, and pay nothing for it.
CREATE INDEX events_apart ON events (at) WHERE job IS NULL;
