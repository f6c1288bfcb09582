-- What rules found, portion by portion: which act of which finding names which event.
INSERT INTO temp.found_acts
SELECT f.finding, f.act, unnest(f.event_ids)
FROM (SELECT unnest(from_json($findings::JSON, '[{"finding": "INTEGER", "act": "INTEGER", "event_ids": ["VARCHAR"]}]'), recursive := false) AS f);
