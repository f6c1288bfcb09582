-- What the events that findings name say, read once for all of them.
CREATE OR REPLACE TEMP TABLE found_ids AS SELECT DISTINCT event_id FROM temp.found_acts;

-- Nearly all of them lie in the scope; only what does not (consequences) is looked up among all events.
CREATE OR REPLACE TEMP TABLE found_events AS
SELECT event_id, event_time, outcome, file_id, record_index, credential
FROM scope_events
WHERE event_id IN (SELECT event_id FROM temp.found_ids);

DELETE FROM temp.found_ids WHERE event_id IN (SELECT event_id FROM temp.found_events);

INSERT INTO temp.found_events
SELECT event_id, event_time, outcome, file_id, record_index, NULL
FROM events
WHERE event_id IN (SELECT event_id FROM temp.found_ids);

DROP TABLE temp.found_ids;
