-- Cases, at their creation; a hit is resolved or closed now (SEMANTICS 7.1); credited to assignee, team and queue now.
-- Columns: case_id, at, hit, agent, team, queue
SELECT c.case_id, c.created_at AS at, CASE WHEN c.status IN ('resolved', 'closed') THEN 1 ELSE 0 END AS hit, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active'
