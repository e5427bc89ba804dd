-- Views for the questions that people ask first.
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
