-- What the events that findings name say, read once for all of them: one row an act and event.
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

CREATE OR REPLACE TEMP TABLE found AS
SELECT a.finding, a.act, e.*
FROM temp.found_acts AS a
JOIN temp.found_events AS e ON e.event_id = a.event_id;

DROP TABLE temp.found_ids;
DROP TABLE temp.found_acts;
DROP TABLE temp.found_events;
