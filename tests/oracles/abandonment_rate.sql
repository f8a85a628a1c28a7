-- Closures, at the close; a hit is of an abandoned case (SEMANTICS 7.1, 8.1); credited to assignee, team and queue then.
-- Columns: case_id, at, hit, agent, team, queue
SELECT r.case_id, r.closed_at AS at, CASE WHEN r.is_abandoned THEN 1 ELSE 0 END AS hit, r.assignee AS agent, r.team, r.queue
FROM closure_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active'
