-- The time that tells what was normal, where everything is in scope.
INSERT INTO learned_span
VALUES (coalesce($from::TIMESTAMP, TIMESTAMP '-infinity'), coalesce($to::TIMESTAMP, TIMESTAMP 'infinity'));
