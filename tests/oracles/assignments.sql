-- Assignments that name an agent, offers aside (SEMANTICS 7.1, 8.1); credited to agent, team and queue after them.
-- Columns: case_id, at, agent, team, queue
SELECT r.case_id, r.assigned_at AS at, r.agent, r.team, r.queue
FROM assignment_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.names_agent
