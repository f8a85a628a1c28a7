-- Public messages of human agents (SEMANTICS 7.1); credited to the author, and to team and queue then.
-- Columns: case_id, at, agent, team, queue
SELECT r.case_id, r.at, r.agent, r.team, r.queue
FROM message_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.author_kind = 'agent' AND r.visibility = 'public'
