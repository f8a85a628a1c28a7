-- First customer message, else creation, to first reply.
SELECT f.case_id, f.created_at AS at, f.at - f.begun AS value, f.actor_id AS agent, f.team, f.queue
FROM (
  SELECT r.*, coalesce((SELECT min(m.at) FROM talk m WHERE m.case_id = r.case_id AND m.turn = 0 AND m.customer_says = 1), r.created_at) AS begun
  FROM first_reply r
) f
WHERE f.at >= f.begun
