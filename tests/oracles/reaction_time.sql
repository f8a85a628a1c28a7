-- First reply minus when the agent who was assignee then became it, at the creation of the case (SEMANTICS 7, 7.1, 8.1); credited to the
-- agent served by, team and queue now.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.reaction_ms AS value, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.reaction_ms IS NOT NULL
