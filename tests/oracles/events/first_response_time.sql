-- Creation to first reply.
SELECT case_id, created_at AS at, at - created_at AS value, actor_id AS agent, team, queue
FROM first_reply
WHERE at >= created_at
