-- Messages but those of the system.
SELECT case_id, at, CASE WHEN author IN ('agent', 'bot') THEN actor_id ELSE assignee END AS agent, team, queue
FROM step
WHERE kind = 'message' AND author <> 'system'
