-- Human agents whose presence now is not offline (SEMANTICS 7.1, 8.1).
-- Columns: agent
SELECT p.agent
FROM presence_record p
JOIN agent a ON a.workspace = p.workspace AND a.id = p.agent
WHERE p.workspace = :workspace AND a.kind = 'human' AND p.until_at IS NULL AND p.status <> 'offline'
