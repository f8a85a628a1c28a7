-- Cases that are new or open now (SEMANTICS 7.1); credited to assignee, team and queue now.
-- Columns: case_id, agent, team, queue
SELECT c.case_id, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.status IN ('new', 'open')
