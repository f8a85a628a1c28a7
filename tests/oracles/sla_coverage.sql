-- Cases, at their creation; a hit ever had an SLA policy (SEMANTICS 7.1); credited to assignee, team and queue now.
-- Columns: case_id, at, hit, agent, team, queue
SELECT c.case_id, c.created_at AS at, CASE WHEN EXISTS (SELECT 1 FROM case_policy p WHERE p.workspace = c.workspace AND p.case_id = c.case_id)
    THEN 1 ELSE 0 END AS hit, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active'
