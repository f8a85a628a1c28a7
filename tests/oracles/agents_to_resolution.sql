-- Distinct agents who replied or were assignee up to each resolution that stands, at the resolution (SEMANTICS 3.3, 7.1, 8.1); credited
-- as resolved cases.
-- Columns: case_id, at, value, agent, team, queue
SELECT r.case_id, r.resolved_at AS at, r.agents AS value, r.agent, r.team, r.queue
FROM resolution_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.is_standing
