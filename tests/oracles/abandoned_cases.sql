-- Closures of abandoned cases, at the close (SEMANTICS 7.1, 8.1); credited to assignee, team and queue then.
-- Columns: case_id, at, agent, team, queue
SELECT r.case_id, r.closed_at AS at, r.assignee AS agent, r.team, r.queue
FROM closure_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.is_abandoned
