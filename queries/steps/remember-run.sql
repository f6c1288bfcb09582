-- What this run was asked, so that its report can be made again.
INSERT INTO runs
SELECT
  coalesce(max(run_id), 0) + 1,
  $command::VARCHAR,
  $seeds::VARCHAR[],
  $from::TIMESTAMP,
  $to::TIMESTAMP,
  $as_of::TIMESTAMP,
  $arguments::VARCHAR[]
FROM runs;
