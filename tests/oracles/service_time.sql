-- When the assignee at the last close became it to that close, of cases that are closed, at the creation of the case (SEMANTICS 7, 7.1,
-- 8.1); credited to the agent served by, team and queue now.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.service_ms AS value, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.service_ms IS NOT NULL
