-- The journal's statements, by name. `rows.py` reads them; columns of a job stand in the order that it expects.

-- name: add_document
INSERT INTO documents (digest, size, media_type, name, content) VALUES (?, ?, ?, ?, ?);

-- name: add_job
INSERT INTO jobs (uid, document, source, user, host, key, destination, printer, title, format, copies, state, status,
                  reason, message, evidence, expires_at, attempts, reprint_of, reported, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 'queued', '', '', '', ?, 0, ?, ?, ?, ?);

-- name: job_columns
SELECT jobs.id, uid, source, user, host, key, destination, printer, title, format, copies, state, reason, message,
       evidence, expires_at, attempts, reprint_of, created_at, updated_at,
       documents.id, digest, size, media_type, name
FROM jobs JOIN documents ON documents.id = jobs.document;

-- name: job_state
SELECT state, reason, message, evidence FROM jobs WHERE id = ?;

-- name: job_by_key
SELECT jobs.id, digest FROM jobs JOIN documents ON documents.id = jobs.document WHERE source = ? AND key = ? AND key <> '';

-- name: change_job
UPDATE jobs SET state = ?, status = ?, reason = ?, message = ?, evidence = CASE WHEN ? = '' THEN evidence ELSE ? END,
                attempts = coalesce(?, attempts), updated_at = ?,
                reported = CASE WHEN source = 'relay' THEN 0 ELSE 1 END
WHERE id = ?;

-- name: reported
UPDATE jobs SET reported = 1 WHERE id = ?;

-- name: counts
SELECT status, count(*) FROM jobs GROUP BY status;

-- name: content
SELECT content FROM documents WHERE id = ? AND digest = ?;

-- name: put_credential
INSERT OR REPLACE INTO credentials (kind, name, secret, created_at, expires_at, seen_at, data)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: credentials
SELECT kind, name, secret, created_at, expires_at, seen_at, data FROM credentials WHERE kind = ? ORDER BY name;

-- name: credential
SELECT kind, name, secret, created_at, expires_at, seen_at, data FROM credentials WHERE kind = ? AND secret = ?;

-- name: drop_credential
DELETE FROM credentials WHERE kind = ? AND name = ?;

-- name: purge_jobs
DELETE FROM jobs WHERE id IN (
    SELECT id FROM jobs
    WHERE updated_at < ? AND reported = 1 AND state IN ('completed', 'canceled', 'aborted')
    ORDER BY id LIMIT 500
) RETURNING id, document;

-- A document that is a file keeps its row until the file is gone: what a crash leaves is found again.
-- name: purge_document
DELETE FROM documents WHERE id = ? AND content IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id);

-- name: orphans
SELECT id, digest FROM documents
WHERE content IS NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id);

-- name: file_needed
SELECT 1 FROM documents JOIN jobs ON jobs.document = documents.id WHERE digest = ? AND content IS NULL LIMIT 1;

-- name: drop_document
DELETE FROM documents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id);

-- name: events
SELECT seq, at, kind, job, body, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: events_of_job
SELECT seq, at, kind, job, body, hash FROM events WHERE seq > ? AND job = ? ORDER BY seq LIMIT ?;

-- name: events_any
SELECT seq, at, kind, job, body, hash FROM events WHERE seq < ?;

-- name: events_apart
SELECT seq, at, kind, job, body, hash FROM events INDEXED BY events_apart WHERE job IS NULL AND seq < ?;
