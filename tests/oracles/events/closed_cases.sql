-- Moves into closed from another category.
SELECT case_id, at, credited AS agent, team, queue
FROM closure
