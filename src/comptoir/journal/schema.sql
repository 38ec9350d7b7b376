-- What all migrations together make (schema 4). Written from them; a test compares the two. Not executed.

CREATE TABLE documents (
    id         INTEGER PRIMARY KEY,
    digest     TEXT NOT NULL,
    size       INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    name       TEXT NOT NULL,
    content    BLOB                -- NULL: the bytes are a file, addressed by the digest
);

CREATE INDEX documents_digest ON documents (digest) WHERE content IS NULL;

CREATE INDEX documents_lots ON documents (digest) WHERE media_type = 'application/vnd.comptoir.lot+json';

CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uid         TEXT NOT NULL,
    document    INTEGER NOT NULL REFERENCES documents (id),
    source      TEXT NOT NULL,
    user        TEXT NOT NULL,
    host        TEXT NOT NULL,
    key         TEXT NOT NULL,
    destination TEXT NOT NULL,
    printer     TEXT NOT NULL,
    title       TEXT NOT NULL,
    format      TEXT NOT NULL,
    copies      INTEGER NOT NULL,
    state       TEXT NOT NULL,
    status      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    message     TEXT NOT NULL,
    evidence    TEXT NOT NULL,     -- JSON, or empty
    expires_at  INTEGER,
    attempts    INTEGER NOT NULL,
    reprint_of  INTEGER,
    reported    INTEGER NOT NULL,  -- 0: the source has still to be told the outcome
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
, attributes TEXT NOT NULL DEFAULT '', original INTEGER, kept INTEGER);

CREATE INDEX jobs_document ON jobs (document);

CREATE UNIQUE INDEX jobs_key ON jobs (source, key) WHERE key <> '';

CREATE INDEX jobs_open ON jobs (id) WHERE state IN ('pending', 'pending-held', 'processing', 'processing-stopped');

CREATE INDEX jobs_unreported ON jobs (source, id) WHERE reported = 0;

CREATE INDEX jobs_original ON jobs (original) WHERE original IS NOT NULL;

CREATE INDEX jobs_kept ON jobs (kept) WHERE kept IS NOT NULL;

CREATE TABLE originals (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,
    path         TEXT NOT NULL,        -- in the source's folder; a BLOB where the name is no Unicode
    size         INTEGER NOT NULL,
    mtime_ns     NOT NULL,
    inode        NOT NULL,
    here         INTEGER NOT NULL,     -- 1: what lies at its path, as far as is known
    document     INTEGER,              -- NULL: the bytes are not needed any more
    digest       TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    name         TEXT NOT NULL,
    lot          INTEGER,              -- the row of its lot
    is_lot       INTEGER NOT NULL,
    duplicate_of INTEGER,
    follows      INTEGER,              -- nothing of it is delivered: it fares as that one does
    deliveries   INTEGER NOT NULL,     -- of the single file, or of the whole lot
    state        TEXT NOT NULL,
    message      TEXT NOT NULL,
    step         TEXT NOT NULL,
    after        INTEGER NOT NULL,
    due_at       INTEGER,
    moved_to     TEXT NOT NULL,        -- or is about to be
    place        TEXT NOT NULL,        -- the directory in which its step has begun, as its file system knows it
    keep_until   INTEGER,
    delivered_at INTEGER,
    taken_at     INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
);

CREATE UNIQUE INDEX originals_here ON originals (source, path) WHERE here = 1;

CREATE INDEX originals_content ON originals (source, digest);

CREATE INDEX originals_state ON originals (source, state);

CREATE INDEX originals_due ON originals (due_at) WHERE state IN ('due', 'going');

CREATE INDEX originals_lot ON originals (lot) WHERE lot IS NOT NULL;

CREATE INDEX originals_follows ON originals (follows) WHERE follows IS NOT NULL;

CREATE INDEX originals_document ON originals (document) WHERE document IS NOT NULL;

CREATE TABLE left_alone (
    source   TEXT NOT NULL,
    path     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns NOT NULL,
    inode    NOT NULL,
    PRIMARY KEY (source, path)
) WITHOUT ROWID;

CREATE TABLE begun (
    source TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    scope  TEXT NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE kept_parts (
    kept     INTEGER NOT NULL REFERENCES kept (id),
    place    INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id),
    role     TEXT NOT NULL,
    PRIMARY KEY (kept, place)
) WITHOUT ROWID;

CREATE INDEX kept_parts_document ON kept_parts (document);

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

CREATE TABLE events (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    kind TEXT NOT NULL,
    job  INTEGER,
    body TEXT NOT NULL,
    hash BLOB NOT NULL
);

CREATE INDEX events_job ON events (job, seq) WHERE job IS NOT NULL;

CREATE INDEX events_apart ON events (at) WHERE job IS NULL;

CREATE INDEX events_original ON events (json_extract(body, '$.original'), seq) WHERE kind IN (
    'file-taken', 'lot-taken', 'file-returned', 'file-waiting', 'file-failed', 'file-delivered', 'original-going',
    'original-waits', 'original-kept', 'original-deleted', 'original-moved', 'original-left'
);

CREATE INDEX events_keeping ON events (kind, seq) WHERE kind IN (
    'document-held', 'document-released', 'documents-eliminated', 'documents-exported'
);

CREATE INDEX events_kept ON events (json_extract(body, '$.kept')) WHERE kind = 'document-kept';

CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE head (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
);

CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    uid TEXT NOT NULL              -- of this journal, made once: a peer sees by it that a station lost its memory
);

CREATE TABLE credentials (
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    secret     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    seen_at    INTEGER,
    data       TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE INDEX credentials_secret ON credentials (kind, secret);

CREATE VIEW print_jobs AS
SELECT
    jobs.id,
    CASE WHEN media_type LIKE 'text/%' THEN CAST(documents.content AS TEXT) END AS content,
    jobs.status,
    strftime('%Y-%m-%dT%H:%M:%fZ', jobs.created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', jobs.updated_at / 1000.0, 'unixepoch') AS updated_at,
    jobs.title,
    jobs.destination,
    jobs.printer,
    jobs.state,
    jobs.reason,
    jobs.message,
    jobs.evidence,
    jobs.key AS idempotency_key,
    documents.media_type,
    documents.size,
    documents.digest
FROM jobs JOIN documents ON documents.id = jobs.document;
