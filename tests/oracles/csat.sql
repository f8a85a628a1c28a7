-- Ratings with a score, when given; a hit is a 4 or 5 (SEMANTICS 7, 7.1); credited as rated.
-- Columns: case_id, at, hit, agent, team, queue
SELECT r.case_id, r.rated_at AS at, CASE WHEN r.score >= 4 THEN 1 ELSE 0 END AS hit, r.agent, r.team, r.queue
FROM rating_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active'
