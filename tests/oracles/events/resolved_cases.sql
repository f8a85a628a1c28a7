-- Moves from a working into a terminal status with no reopening after them.
SELECT case_id, at, credited AS agent, team, queue
FROM resolution
WHERE n_reopened IS NULL
