-- How many events of each credential in scope came from an address that its principal used before the window.
SELECT credential, count(*) AS events
FROM known_events
GROUP BY credential
ORDER BY credential;
