-- Resolutions that stand, at the resolution; a hit took one reply at most and no reopening (SEMANTICS 3.3, 7.1); credited as resolved cases.
-- Columns: case_id, at, hit, agent, team, queue
SELECT r.case_id, r.resolved_at AS at, CASE WHEN r.replies <= 1 AND c.reopen_count = 0 THEN 1 ELSE 0 END AS hit, r.agent, r.team, r.queue
FROM resolution_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.is_standing
