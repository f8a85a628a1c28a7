-- Human agents whose last presence line says anything but offline.
SELECT p.agent
FROM presence p
JOIN agent a ON a.workspace = p.workspace AND a.id = p.agent
WHERE p.workspace = :workspace AND a.kind = 'human' AND p.status <> 'offline'
  AND p.at = (SELECT max(l.at) FROM presence l WHERE l.workspace = p.workspace AND l.agent = p.agent)
