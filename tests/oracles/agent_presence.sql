-- Stretches of presence of human agents (SEMANTICS 7.1); `at` inclusive, `until` exclusive or null while it lasts.
-- Columns: at, until, status, agent
SELECT p.agent, p.from_at AS at, p.until_at AS until, p.status
FROM presence_record p
JOIN agent a ON a.workspace = p.workspace AND a.id = p.agent
WHERE p.workspace = :workspace AND a.kind = 'human'
