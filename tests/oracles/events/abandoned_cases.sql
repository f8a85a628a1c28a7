-- Closures of abandoned cases.
SELECT case_id, at, assignee AS agent, team, queue
FROM closure
WHERE is_abandoned = 1
