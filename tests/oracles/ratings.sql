-- Ratings with a score, when given (SEMANTICS 7.1); credited as rated.
-- Columns: case_id, at, agent, team, queue
SELECT r.case_id, r.rated_at AS at, r.agent, r.team, r.queue
FROM rating_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active'
