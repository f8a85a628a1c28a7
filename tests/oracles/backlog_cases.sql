-- Stretches in which a case was not terminal (SEMANTICS 7.1, 8.1); `at` inclusive, `until` exclusive or null while it lasts; with the status
-- in it; credited to assignee, team and queue in it.
-- Columns: case_id, at, until, status, agent, team, queue
SELECT r.case_id, r.from_at AS at, r.until_at AS until, r.status, r.agent, r.team, r.queue
FROM status_spell_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.status NOT IN ('resolved', 'closed')
