-- The credentials that a principal used, by whatever it is called: ARN, name or id of a user, a role, a session or the root of an account.
-- What AWS services signed for it is left out: that follows from the rest.
SELECT credential
FROM signed_events
WHERE $principal IN (
    identity_arn,
    session_issuer_arn,
    principal_id,
    split_part(principal_id, ':', 1),
    split_part(principal_id, ':', 2),
    user_name,
    session_issuer_user_name,
    CASE identity_type WHEN 'Root' THEN account_id END,
    CASE identity_type WHEN 'Root' THEN 'root' END)
GROUP BY credential
HAVING credential IS NOT NULL AND NOT bool_and(invoked_by IS NOT NULL)
ORDER BY min(event_time), credential;
