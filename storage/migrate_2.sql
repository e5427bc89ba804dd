-- From schema 1 to schema 2. What is made here is described in schema.sql.

ALTER TABLE place ADD COLUMN missing_since TEXT;
CREATE INDEX place_missing ON place(missing_since) WHERE missing_since IS NOT NULL;
ALTER TABLE observation ADD COLUMN missing_since TEXT;
CREATE INDEX observation_missing ON observation(missing_since) WHERE missing_since IS NOT NULL;
ALTER TABLE run ADD COLUMN pass_end TEXT;
ALTER TABLE queue ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE queue ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0;

CREATE TABLE fill (
  pass INTEGER NOT NULL,
  host TEXT NOT NULL,
  format TEXT NOT NULL,
  field TEXT NOT NULL,
  observations INTEGER NOT NULL,
  filled INTEGER NOT NULL,
  PRIMARY KEY (pass, host, format, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm (
  run INTEGER NOT NULL REFERENCES run(id),
  host TEXT NOT NULL,
  format TEXT NOT NULL,
  field TEXT NOT NULL,
  before REAL NOT NULL,
  after REAL NOT NULL,
  compared_with INTEGER NOT NULL,
  PRIMARY KEY (run, host, format, field)
) STRICT, WITHOUT ROWID;

-- A place was what observations with one key stated.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  place_id INTEGER NOT NULL,
  first_pass INTEGER NOT NULL,
  first_seen TEXT NOT NULL,
  blocks TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX identity_place ON identity(place_id) WHERE place_id <> id;
INSERT INTO identity (id, key, place_id, first_pass, first_seen)
  SELECT id, identity_key, id,
         coalesce((SELECT run.pass FROM place_history AS h JOIN run ON run.id = h.run
                   WHERE h.place_id = place.id AND h.field = 'first_seen'), 0),
         first_seen
  FROM place;
ALTER TABLE place DROP COLUMN identity_key;
ALTER TABLE observation ADD COLUMN identity_id INTEGER NOT NULL DEFAULT 0;
UPDATE observation SET identity_id = place_id;
DROP INDEX observation_place;
CREATE INDEX observation_place ON observation(place_id, identity_id, rank, hash, url, path);

CREATE TABLE identity_block (
  key INTEGER NOT NULL,
  identity INTEGER NOT NULL,
  PRIMARY KEY (key, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE unresolved (
  identity INTEGER PRIMARY KEY
) STRICT;
INSERT INTO unresolved SELECT id FROM identity;

DROP TABLE place_edge;
CREATE TABLE place_edge (
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('merge', 'review', 'apart')),
  score REAL NOT NULL,
  reasons TEXT NOT NULL,
  pinned INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_edge_b ON place_edge(b);
