-- The known-good file as tables of this run: its entries, in order, and what each asks.
CREATE OR REPLACE TEMP TABLE good_entries (
  entry INTEGER,
  label VARCHAR,
  reason VARCHAR,
  valid_from TIMESTAMP,
  valid_until TIMESTAMP,
  kinds VARCHAR[]
);

CREATE OR REPLACE TEMP TABLE good_conditions (
  entry INTEGER,
  kind VARCHAR,
  value VARCHAR,
  pattern VARCHAR,
  first UHUGEINT,
  last UHUGEINT
);

-- The addresses of the case as numbers on one line: IPv4 where IPv6 has it (RFC 4291 section 2.5.5.2, ::ffff:0:0/96).
CREATE OR REPLACE TEMP TABLE address_numbers (
  address VARCHAR,
  number UHUGEINT
);

-- Which conditions each address meets; an address is looked at once, however many events it has.
CREATE OR REPLACE TEMP VIEW good_addresses AS
SELECT a.address, c.entry, c.kind
FROM address_numbers AS a
JOIN good_conditions AS c ON a.number BETWEEN c.first AND c.last
UNION
SELECT i.address, c.entry, c.kind
FROM ips AS i
JOIN good_conditions AS c ON c.value = CAST(i.asn AS VARCHAR)
WHERE c.kind = 'networks'
UNION
SELECT i.address, c.entry, c.kind
FROM ips AS i
JOIN good_conditions AS c ON c.value = i.country
WHERE c.kind = 'countries';

-- Labels of addresses known by where they are alone, at the time of all their events; of several entries the first counts.
CREATE OR REPLACE TEMP VIEW good_labels AS
SELECT m.address, arg_min(g.label, g.entry) AS label
FROM (SELECT address, entry, count(*) AS met FROM good_addresses GROUP BY address, entry) AS m
JOIN good_entries AS g ON g.entry = m.entry AND len(g.kinds) = m.met
JOIN (
  SELECT source_ip_address AS address, min(event_time) AS first_seen, max(event_time) AS last_seen
  FROM events
  GROUP BY source_ip_address
) AS u ON u.address = m.address
WHERE (g.valid_from IS NULL OR u.first_seen >= g.valid_from) AND (g.valid_until IS NULL OR u.last_seen < g.valid_until)
GROUP BY m.address;
