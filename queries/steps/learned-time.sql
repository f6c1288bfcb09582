-- All time, where what is learned from was copied.
SET VARIABLE learned_from = coalesce((SELECT learned_from FROM learned_span), TIMESTAMP '-infinity');
SET VARIABLE learned_to = coalesce((SELECT learned_to FROM learned_span), TIMESTAMP 'infinity');
