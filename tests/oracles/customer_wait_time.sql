-- Sum of a case's gaps from requester reply to agent reply, at its creation (SEMANTICS 3.3, 7.1, 8.1); credited to assignee, team and
-- queue now.
-- Columns: case_id, at, value, business, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.customer_wait_calendar_ms AS value, c.customer_wait_business_ms AS business, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.customer_wait_calendar_ms IS NOT NULL
