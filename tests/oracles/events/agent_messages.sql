-- Public messages of human agents.
SELECT case_id, at, actor_id AS agent, team, queue
FROM step
WHERE kind = 'message' AND visibility = 'public' AND author = 'agent'
