-- For a case that is only looked into: its addresses with the labels of this run.
CREATE OR REPLACE TEMP TABLE ips AS
SELECT i.* REPLACE (g.label AS known_good)
FROM ips AS i
LEFT JOIN good_labels AS g ON g.address = i.address;
