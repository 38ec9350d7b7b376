-- What the archive keeps. Times are milliseconds since 1970-01-01 UTC; business dates are texts such as 2026-11-20.
ALTER TABLE jobs ADD COLUMN kept INTEGER;
CREATE INDEX jobs_kept ON jobs (kept) WHERE kept IS NOT NULL;

CREATE TABLE kept (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uid           TEXT NOT NULL,
    document      INTEGER NOT NULL REFERENCES documents (id),
    source        TEXT NOT NULL,
    user          TEXT NOT NULL,
    host          TEXT NOT NULL,
    title         TEXT NOT NULL,
    printer       TEXT NOT NULL,
    received_at   INTEGER NOT NULL,
    printed_at    INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    keep_until    INTEGER,             -- NULL: without an end
    copies        INTEGER NOT NULL,
    attributes    TEXT NOT NULL,       -- JSON, or empty
    partial       TEXT NOT NULL,       -- why it is not whole, or empty
    original      INTEGER,
    others        INTEGER NOT NULL,    -- how many rows of kept_parts it has
    pages         INTEGER,
    held          TEXT NOT NULL,       -- legal hold: why, or empty
    salt          BLOB NOT NULL,
    seal          TEXT NOT NULL        -- SHA-256 of the salt and of what is said here; the chain holds it, too
);
CREATE UNIQUE INDEX kept_uid ON kept (source, uid);
CREATE INDEX kept_date ON kept (business_date, printed_at);
CREATE INDEX kept_until ON kept (keep_until, held) WHERE keep_until IS NOT NULL;
CREATE INDEX kept_document ON kept (document);
CREATE INDEX kept_original ON kept (original) WHERE original IS NOT NULL;

-- The other documents of the same print.
CREATE TABLE kept_parts (
    kept     INTEGER NOT NULL REFERENCES kept (id),
    place    INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id),
    role     TEXT NOT NULL,
    PRIMARY KEY (kept, place)
) WITHOUT ROWID;
CREATE INDEX kept_parts_document ON kept_parts (document);

-- What was eliminated does not come back when a source brings it again. Of its identity only a hash is left.
CREATE TABLE eliminated (
    source TEXT NOT NULL,
    uid    TEXT NOT NULL,
    PRIMARY KEY (source, uid)
) WITHOUT ROWID;

CREATE TABLE nights (
    date      TEXT PRIMARY KEY,
    note      TEXT NOT NULL,
    noted_by  TEXT NOT NULL,
    noted_at  INTEGER,
    signed_by TEXT NOT NULL,
    signed_at INTEGER,
    sent_at   INTEGER,
    salt      BLOB NOT NULL,
    seal      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE searches (
    name  TEXT PRIMARY KEY,
    query TEXT NOT NULL
) WITHOUT ROWID;

-- The life of one document, and what was done to many at once.
CREATE INDEX events_kept ON events (json_extract(body, '$.kept')) WHERE kind = 'document-kept';
CREATE INDEX events_keeping ON events (kind, seq) WHERE kind IN (
    'document-held', 'document-released', 'documents-eliminated', 'documents-exported'
);
