-- Run start to reply of every answered customer run, at the reply (SEMANTICS 7, 7.1); credited to the replier, and to team and queue then.
-- Columns: case_id, at, value, business, agent, team, queue
SELECT r.case_id, r.replied_at AS at, r.calendar_ms AS value, r.business_ms AS business, r.agent, r.team, r.queue
FROM response_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.replied_at IS NOT NULL AND r.calendar_ms IS NOT NULL
