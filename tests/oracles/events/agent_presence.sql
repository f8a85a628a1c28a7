-- From one presence line of a human agent to the next.
SELECT p.agent, p.at, lead(p.at) OVER (PARTITION BY p.agent ORDER BY p.at) AS until, p.status
FROM presence p
JOIN agent a ON a.workspace = p.workspace AND a.id = p.agent
WHERE p.workspace = :workspace AND a.kind = 'human'
