-- What addresses were described with; of what comes along with the program, its licence and whom to thank.
SELECT d.kind, d.name, d.built, d.sha256, c.licence, c.attribution
FROM address_data AS d
LEFT JOIN catalog_address_data AS c ON d.sha256 IS NULL AND c.kind = d.kind
ORDER BY list_position(['places', 'networks', 'aws_ranges', 'tor_exits'], d.kind);
