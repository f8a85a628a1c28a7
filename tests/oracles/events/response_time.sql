-- First customer message of a turn to the reply that ends it.
SELECT r.case_id, r.at, r.at - min(m.at) AS value, r.actor_id AS agent, r.team, r.queue
FROM talk r
JOIN talk m ON m.case_id = r.case_id AND m.turn = r.turn AND m.customer_says = 1
WHERE r.replies = 1
GROUP BY r.case_id, r.n, r.at, r.actor_id, r.team, r.queue
