-- From schema 2 to schema 3. What is made here is described in schema.sql; what was seen is moved by
-- import_seen() (seen_store.h).

ALTER TABLE page ADD COLUMN pass INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN first_fetched TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN kind TEXT NOT NULL DEFAULT 'page';
ALTER TABLE page ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN recipe INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN outlinks BLOB;
UPDATE page SET first_fetched = fetched_at,
  pass = iif(EXISTS (SELECT 1 FROM seen AS s
                     WHERE s.fingerprint = page.fingerprint AND s.reason IS NULL),
             (SELECT meta.pass FROM meta), 0);
-- Columns stand in schema.sql's order, for rows are written by position.
ALTER TABLE host RENAME TO host_2;
CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL UNIQUE,
  next_allowed_ms INTEGER NOT NULL,
  pause_ms INTEGER NOT NULL,
  last_start_ms INTEGER NOT NULL,
  delay_ms INTEGER NOT NULL,
  slowed_ms INTEGER NOT NULL,
  latency_us INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  early INTEGER NOT NULL,
  most_in_flight INTEGER NOT NULL,
  min_gap_ms INTEGER,
  min_delay_ms INTEGER,
  address TEXT NOT NULL,
  patterns BLOB NOT NULL,
  queued INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  leased INTEGER NOT NULL
) STRICT;
-- How long a pause was meant to be was not written down: at most a day.
INSERT INTO host SELECT id, host, next_allowed_ms, 86400000, 0, 0, 0, 0, failures, 0, 0, 0, 0, NULL,
  NULL, '', x'', queued, fetched, accepted, 0 FROM host_2;
DROP TABLE host_2;
CREATE INDEX host_due ON host(next_allowed_ms) WHERE queued > 0 AND leased = 0;
CREATE INDEX origin_host ON origin(host);
ALTER TABLE queue ADD COLUMN sitemap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN seen_bits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN seen_stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';
ALTER TABLE meta ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE seen RENAME TO seen_2;
CREATE TABLE seen (
  bucket INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;
CREATE TABLE seen_log (
  id INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;
