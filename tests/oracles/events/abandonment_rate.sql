-- Closures; a hit is of an abandoned case.
SELECT case_id, at, is_abandoned AS hit, assignee AS agent, team, queue
FROM closure
