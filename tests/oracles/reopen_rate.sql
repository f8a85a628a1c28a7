-- Cases ever resolved, at their creation; a hit was reopened (SEMANTICS 7.1); credited to assignee, team and queue now.
-- Columns: case_id, at, hit, agent, team, queue
SELECT c.case_id, c.created_at AS at, CASE WHEN c.reopen_count > 0 THEN 1 ELSE 0 END AS hit, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND EXISTS (SELECT 1 FROM resolution_record r WHERE r.workspace = c.workspace AND r.case_id = c.case_id)
