-- Sum of a case's gaps from the last agent reply of a turn to the next requester reply, at its creation (SEMANTICS 3.3, 7.1, 8.1);
-- credited to assignee, team and queue now.
-- Columns: case_id, at, value, business, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.agent_wait_calendar_ms AS value, c.agent_wait_business_ms AS business, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.agent_wait_calendar_ms IS NOT NULL
