-- From when to when the lanes run: the scope's events, and as much again of the time before the window.
SELECT
  (SELECT min(first_seen) FROM use_cells) AS first_seen,
  (SELECT max(last_seen) FROM use_cells) AS last_seen,
  (SELECT min(event_time) FROM baseline_events WHERE source_kind IN ('public', 'private') AND event_time < $from::TIMESTAMP) AS before_from;
