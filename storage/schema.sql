-- placer's database, schema 4. The one source of the schema: the build embeds this file.
-- Comments stand inside the statements so that `.schema` in the sqlite3 shell shows them.
-- Times are TEXT in UTC, 'YYYY-MM-DDTHH:MM:SSZ'; columns ending in _ms are integer milliseconds
-- since 1970 and belong to the frontier. NULL means unknown or not stated, never "empty".

CREATE TABLE place (
  -- One real place. Each field is the first one stated, over all its observations, by `rank`.
  id INTEGER PRIMARY KEY,        -- stable across runs: the identity that was seen first
  ref TEXT,                      -- the publisher's own id
  name TEXT,
  branch TEXT,
  category TEXT,                 -- an OpenStreetMap tag: 'amenity=cafe'
  schema_type TEXT,              -- most specific schema.org type: 'CafeOrCoffeeShop'
  brand TEXT,
  addr_full TEXT,
  addr_housenumber TEXT,
  addr_street TEXT,
  addr_unit TEXT,
  addr_city TEXT,
  addr_state TEXT,
  addr_postcode TEXT,
  addr_country TEXT,             -- ISO 3166-1 alpha-2
  lat REAL,                      -- WGS 84 degrees; both or neither
  lon REAL,
  phone TEXT,                    -- E.164; several joined by ';'
  email TEXT,
  website TEXT,
  opening_hours TEXT,            -- OpenStreetMap syntax; NULL is unknown, not closed
  rating REAL,
  rating_scale REAL,             -- the best possible rating
  rating_count INTEGER,
  price_range TEXT,
  description TEXT,
  image TEXT,                    -- URL
  socials TEXT,                  -- JSON object: {"facebook": "https://..."}
  tags TEXT,                     -- JSON object of OpenStreetMap tags without a column here
  operating_status TEXT,         -- open, temporarily_closed, permanently_closed
  source_url TEXT,               -- page of the observation that ranks first
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  missing_since TEXT,            -- end of the first complete pass in which no page stated it
  gone_since TEXT,               -- the same, once storage.gone_after has passed; NULL: not gone
  completeness REAL NOT NULL     -- 0 ... 1
) STRICT;
CREATE INDEX place_category ON place(category);
CREATE INDEX place_missing ON place(missing_since) WHERE missing_since IS NOT NULL;

CREATE TABLE run (
  -- One invocation of `placer run`. Several runs make one pass when a run was interrupted.
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  backend TEXT NOT NULL,         -- serial, threads, processes, async
  arguments TEXT,                -- the command line
  pass INTEGER NOT NULL,         -- id of the run that began the pass this run works on
  started_at TEXT NOT NULL,
  saved_at TEXT NOT NULL,        -- of the last commit
  finished_at TEXT,              -- NULL: runs now; of a killed run its last commit
  outcome TEXT,                  -- done, limit, interrupted, failed, killed
  counters TEXT NOT NULL DEFAULT '{}',  -- JSON: pages, requests, errors, retries, bytes, ...
  pass_end TEXT                  -- this run ended its pass: complete; spoiled, when too many pages
                                 -- failed to tell which places are gone; partial, when a budget or
                                 -- hosts out of reach left some out; NULL: it did not
) STRICT;

CREATE TABLE page (
  -- One URL that was fetched, as it was at the last fetch.
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL UNIQUE,  -- of the dedupe key; 64 bits, as a signed number
  url TEXT NOT NULL,
  body TEXT NOT NULL,            -- of a POST; '': GET
  kind TEXT NOT NULL,            -- page, sitemap
  status TEXT NOT NULL,          -- ok, redirect, http-error, fetch-error, parse-error, quarantined
  http_status INTEGER,           -- NULL: no response
  error TEXT,                    -- stable name: timeout, connect, body-too-large, ...
  error_message TEXT,
  content_type TEXT,             -- as sent
  bytes INTEGER NOT NULL,        -- of the body, decompressed
  content_hash TEXT,             -- of the body, decompressed; hexadecimal
  etag TEXT,
  last_modified TEXT,            -- as sent
  fetched_at TEXT NOT NULL,
  pass INTEGER NOT NULL,         -- of the last fetch: id of the run that began the pass
  first_fetched TEXT NOT NULL,
  checks INTEGER NOT NULL,       -- fetches after the first that told whether it had changed
  changes INTEGER NOT NULL,      -- how many of them found that it had, in what placer reads of it
  next_due TEXT,                 -- when it will probably have changed (storage/revisit.h)
  depth INTEGER NOT NULL,        -- links followed from a start URL
  attempts INTEGER NOT NULL,     -- fetches it took
  redirects INTEGER NOT NULL,    -- hops from the URL first asked for
  endpoint INTEGER NOT NULL,     -- as in `queue`
  found_on TEXT,                 -- URL of the page that linked here; NULL: a start URL
  title TEXT,
  canonical TEXT,                -- URL the page names as its own
  language TEXT,                 -- BCP 47, as written
  charset TEXT,
  noindex INTEGER NOT NULL,      -- 1: the page asks not to be indexed
  address TEXT,                  -- IP address of the peer
  total_us INTEGER NOT NULL,     -- duration of the exchange in microseconds
  process_us INTEGER NOT NULL,   -- of parsing and extraction
  recipe INTEGER NOT NULL,       -- hash of the job's say in what is read from it
  outlinks BLOB                  -- fingerprints of the pages it links to and the job wants, sorted,
                                 -- 8 bytes each, little-endian; NULL: not all are on record
) STRICT;

CREATE TABLE observation (
  -- One place as one page stated it.
  id INTEGER PRIMARY KEY,
  page INTEGER NOT NULL REFERENCES page(id),
  url TEXT NOT NULL,             -- of the page
  format TEXT NOT NULL,          -- json-ld, microdata, ...
  path TEXT NOT NULL,            -- where in the page: 'script[2]/@graph/0'
  raw TEXT NOT NULL,             -- JSON in schema.org's vocabulary, as found
  fields TEXT NOT NULL,          -- JSON, cleaned: keys are the columns of `place`
  hash INTEGER NOT NULL,         -- of `fields`
  rank INTEGER NOT NULL,         -- trusted first: lower wins; then url, then path
  identity_id INTEGER NOT NULL,  -- of `identity`
  place_id INTEGER NOT NULL REFERENCES place(id) DEFERRABLE INITIALLY DEFERRED,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  missing_since TEXT,            -- end of the first complete pass that found the page gone (404,
                                 -- 410, moved for good) or linked from nowhere; NULL: stated
  licence TEXT,
  expires_at TEXT,
  UNIQUE (page, format, path)
) STRICT;
CREATE INDEX observation_missing ON observation(missing_since) WHERE missing_since IS NOT NULL;
CREATE INDEX observation_place ON observation(place_id, identity_id, rank, hash, url, path);

CREATE TABLE identity (
  -- Observations that are the same place because their keys are equal. One or more make a place.
  id INTEGER PRIMARY KEY,        -- derived from the key
  key TEXT NOT NULL,             -- name and strongest evidence (scraper/place/identity.h)
  place_id INTEGER NOT NULL,     -- of `place`; a place has the id of one of its identities
  first_pass INTEGER NOT NULL,   -- in which it was first stated
  first_seen TEXT NOT NULL,
  blocks TEXT NOT NULL DEFAULT ''  -- its keys in identity_block; each 16 hexadecimal digits
) STRICT;
CREATE INDEX identity_place ON identity(place_id) WHERE place_id <> id;

CREATE TABLE identity_block (
  -- What identities share makes them candidates for one place: telephone, street and number, ...
  key INTEGER NOT NULL,          -- a hash (scraper/place/match_blocks.h)
  identity INTEGER NOT NULL,
  PRIMARY KEY (key, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE unresolved (
  -- Identities that say something else since places were last put together.
  identity INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE place_edge (
  -- Why two identities are one place, or are not. Those far from being one have no row.
  a INTEGER NOT NULL,            -- of `identity`; the smaller id
  b INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('merge', 'review', 'apart')),
  score REAL NOT NULL,           -- 0 ... 1
  reasons TEXT NOT NULL,         -- JSON: ["+4.0 same telephone", "conflict: other branch"]
  pinned INTEGER NOT NULL,       -- 1: a person decided; it stays
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_edge_b ON place_edge(b);

CREATE VIEW place_source AS
  -- Where every field of every place came from.
  SELECT place_id, field, value, url, format, path FROM (
    SELECT o.place_id, f.key AS field, f.value, o.url, o.format, o.path,
           row_number() OVER (PARTITION BY o.place_id, f.key
                              ORDER BY o.rank, o.url, o.path) AS n
    FROM observation AS o, json_each(o.fields) AS f)
  WHERE n = 1;

CREATE TABLE place_history (
  -- What a run changed: one row per field, from its value before the run to the one after.
  -- field 'first_seen': the place is new; 'gone_since': it vanished or came back.
  place_id INTEGER NOT NULL REFERENCES place(id),
  run INTEGER NOT NULL REFERENCES run(id),
  field TEXT NOT NULL,
  at TEXT NOT NULL,
  old_value TEXT,
  new_value TEXT,
  PRIMARY KEY (place_id, run, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_history_run ON place_history(run);

CREATE TABLE fill (
  -- How often the observations of a host and format had each field, in the last 30 complete passes.
  pass INTEGER NOT NULL,
  host TEXT NOT NULL,
  format TEXT NOT NULL,
  field TEXT NOT NULL,           -- a column of `place`
  observations INTEGER NOT NULL, -- of that host and format in that pass; at least 20
  filled INTEGER NOT NULL,       -- those of them that state the field
  PRIMARY KEY (pass, host, format, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm (
  -- What fell by more than half between two complete passes: a broken template, most often.
  run INTEGER NOT NULL REFERENCES run(id),
  host TEXT NOT NULL,
  format TEXT NOT NULL,
  field TEXT NOT NULL,           -- a column of `place`; 'observations': their number itself
  before REAL NOT NULL,          -- share of the observations that stated the field, 0 ... 1; of
  after REAL NOT NULL,           -- 'observations' how many there were
  compared_with INTEGER NOT NULL,  -- the pass that `before` is of
  PRIMARY KEY (run, host, format, field)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE place_text USING fts5(
  -- Full text over `place`, by rowid = place.id; written by placer in the same transaction.
  name, branch, brand, addr_full, addr_street, addr_city, description, category,
  content='place', content_rowid='id', tokenize='unicode61 remove_diacritics 2');

-- place_geo: boxes around places with coordinates, in degrees, rounded outwards to 32 bits.
CREATE VIRTUAL TABLE place_geo USING rtree(id, min_lat, max_lat, min_lon, max_lon);

CREATE TABLE filtered (
  -- URLs of this pass that were found and not queued, by reason.
  reason TEXT PRIMARY KEY,       -- host, include, exclude, depth, robots, nofollow, ...
  count INTEGER NOT NULL,
  example TEXT NOT NULL          -- the first such URL
) STRICT, WITHOUT ROWID;

CREATE TABLE host (
  -- Politeness towards one host name.
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL UNIQUE,
  next_allowed_ms INTEGER NOT NULL,  -- no request starts earlier
  pause_ms INTEGER NOT NULL,     -- from when that was decided until then
  last_start_ms INTEGER NOT NULL,  -- of a request; 0: none yet
  delay_ms INTEGER NOT NULL,     -- that held then
  slowed_ms INTEGER NOT NULL,    -- the delay that the host's troubles call for; 0: none
  latency_us INTEGER NOT NULL,   -- to the first byte, as is usual here; 0: unknown
  failures INTEGER NOT NULL,     -- in a row: refusals, time-outs, no connection
  requests INTEGER NOT NULL,     -- in this pass, robots.txt included; so are the next five
  refused INTEGER NOT NULL,      -- answered with 429 or 503
  early INTEGER NOT NULL,        -- began before they were allowed; always 0
  most_in_flight INTEGER NOT NULL,  -- at the same time
  min_gap_ms INTEGER,            -- between the starts of two requests; NULL: there were no two
  min_delay_ms INTEGER,          -- the least that held when one of them started
  address TEXT NOT NULL,         -- IP address of the last answer
  patterns BLOB NOT NULL,        -- what its URLs have yielded (scraper/frontier/traps.h)
  queued INTEGER NOT NULL,       -- URLs waiting
  fetched INTEGER NOT NULL,      -- pages in this pass, errors included
  accepted INTEGER NOT NULL,     -- URLs put in the queue in this pass
  leased INTEGER NOT NULL        -- 1: on the workbench of the run that goes on
) STRICT;
CREATE INDEX host_due ON host(next_allowed_ms) WHERE queued > 0 AND leased = 0;

CREATE TABLE origin (
  -- What is known of an origin's robots.txt.
  origin TEXT PRIMARY KEY,       -- 'https://example.org'
  host INTEGER NOT NULL,
  state TEXT NOT NULL,           -- unknown, rules, allow-all, unreachable
  robots_txt TEXT NOT NULL,      -- the body, as sent
  failures INTEGER NOT NULL,
  fetched_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL    -- when it is asked for again
) STRICT;
CREATE INDEX origin_host ON origin(host);

CREATE TABLE queue (
  -- URLs waiting to be fetched, those being fetched too; a row goes when its outcome is stored.
  host INTEGER NOT NULL,
  seq INTEGER NOT NULL,          -- order of discovery, unique over all hosts
  url TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  attempts INTEGER NOT NULL,     -- fetches that failed so far
  crashes INTEGER NOT NULL,      -- workers that died of it
  redirects INTEGER NOT NULL,
  not_before_ms INTEGER NOT NULL,  -- earliest time of a retry
  found_on INTEGER NOT NULL,     -- fingerprint of the page that linked here; 0: a start URL
  body TEXT NOT NULL,            -- of a POST; '': GET
  endpoint INTEGER NOT NULL,     -- origins since a rule or locator left the scope; 0: within it
  sitemap INTEGER NOT NULL,      -- 1: a sitemap, 0: a page
  PRIMARY KEY (host, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
  -- URLs found in this pass: those queued, fetched or filtered. See storage/seen_store.h.
  bucket INTEGER PRIMARY KEY,    -- the first meta.seen_bits bits of a fingerprint
  entries BLOB NOT NULL          -- sorted; 9 bytes each: fingerprint, little-endian, and 0 when it
                                 -- was accepted, else one more than the number of the reason
) STRICT;

CREATE TABLE seen_log (
  -- The newest of them, one row per commit.
  id INTEGER PRIMARY KEY,
  entries BLOB NOT NULL          -- as in `seen`, unsorted
) STRICT;

CREATE TABLE meta (
  -- The one job this database belongs to.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  job TEXT,                      -- NULL until the first run
  pass INTEGER NOT NULL,         -- id of the run that began the present pass
  next_seq INTEGER NOT NULL,     -- for new rows of `queue`
  partial INTEGER NOT NULL,      -- 1: the present pass revisits only what its budget allows
  seen_bits INTEGER NOT NULL,    -- there are 2^seen_bits buckets in `seen`
  seen_stored INTEGER NOT NULL,  -- entries in them
  boot_id TEXT NOT NULL,         -- of the machine's start in which the last run began
  clock_offset_ms INTEGER NOT NULL  -- wall time less the time since then
) STRICT;

CREATE VIEW place_by_city AS
  -- How many places of each category a city has, and how many of them say how to reach them.
  SELECT addr_country, addr_city, category, count(*) AS places, count(phone) AS with_phone,
         count(website) AS with_website, count(opening_hours) AS with_hours
  FROM place WHERE gone_since IS NULL GROUP BY addr_country, addr_city, category;

CREATE VIEW place_incomplete AS
  -- Places without telephone number, opening hours, position or address; `missing` names them.
  SELECT id, name, category, addr_city, website, source_url,
         substr(iif(phone IS NULL, ', phone', '') || iif(opening_hours IS NULL, ', opening_hours', '')
             || iif(lat IS NULL, ', position', '')
             || iif(addr_street IS NULL AND addr_full IS NULL, ', address', ''), 3) AS missing
  FROM place
  WHERE gone_since IS NULL AND (phone IS NULL OR opening_hours IS NULL OR lat IS NULL
                                OR (addr_street IS NULL AND addr_full IS NULL));

CREATE VIEW place_change AS
  -- What became of places, run by run: change is new, gone, back or changed.
  SELECT h.run, h.at, p.id AS place_id, p.name, p.category, p.addr_city,
         CASE WHEN h.field = 'first_seen' THEN 'new'
              WHEN h.field <> 'gone_since' THEN 'changed'
              WHEN h.new_value IS NULL THEN 'back' ELSE 'gone' END AS change,
         iif(h.field IN ('first_seen', 'gone_since'), NULL, h.field) AS field,
         h.old_value, h.new_value
  FROM place_history AS h JOIN place AS p ON p.id = h.place_id;

CREATE VIEW last_change AS
  -- place_change of the runs of the last pass that came to its end.
  SELECT c.* FROM place_change AS c,
                  (SELECT pass, id FROM run WHERE pass_end IS NOT NULL ORDER BY id DESC LIMIT 1) AS r
  WHERE c.run BETWEEN r.pass AND r.id;

CREATE VIEW place_statement AS
  -- Which page says what of a place; those that rank first are what `place` has.
  SELECT o.place_id, f.key AS field, f.value, o.url, o.format, o.path, o.rank, o.licence,
         o.first_seen, o.last_seen, o.missing_since, o.id AS observation_id, o.page AS page_id
  FROM observation AS o, json_each(o.fields) AS f;

CREATE VIEW page_host AS
  -- The host of every page.
  SELECT id AS page_id, url, status, http_status, error, bytes, fetched_at,
         iif(authority LIKE '[%', substr(authority, 1, instr(authority, ']')),
             substr(authority, 1, instr(authority || ':', ':') - 1)) AS host
  FROM (SELECT id, url, status, http_status, error, bytes, fetched_at,
               substr(rest, 1, instr(rest || '/', '/') - 1) AS authority
        FROM (SELECT *, substr(url, instr(url, '://') + 3) AS rest FROM page));

CREATE VIEW host_yield AS
  -- What the pages of each host gave.
  SELECT h.host, count(*) AS pages, sum(h.status = 'ok') AS pages_ok,
         sum(h.error IS NOT NULL OR h.http_status >= 400) AS pages_failed,
         sum(coalesce(o.observations, 0)) AS observations,
         sum(coalesce(o.observations, 0) > 0) AS pages_with_places, sum(h.bytes) AS bytes
  FROM page_host AS h
  LEFT JOIN (SELECT page, count(*) AS observations FROM observation GROUP BY page) AS o
    ON o.page = h.page_id
  GROUP BY h.host;

CREATE VIEW host_error AS
  -- Why pages of each host could not be had, with one of them.
  SELECT host, coalesce(error, 'http ' || http_status) AS error, http_status, count(*) AS pages,
         max(fetched_at) AS last_at, min(url) AS example
  FROM page_host WHERE error IS NOT NULL OR http_status >= 400
  GROUP BY host, coalesce(error, 'http ' || http_status), http_status;

INSERT INTO meta VALUES (1, NULL, 0, 1, 0, 0, 0, '', 0);
