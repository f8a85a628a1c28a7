-- First requester reply of a turn to the reply that ends it, the first turn aside, in sum.
SELECT l.case_id, l.created_at AS at, w.value, l.assignee AS agent, l.team, l.queue
FROM latest l
JOIN (
  SELECT case_id, sum(value) AS value
  FROM (
    SELECT r.case_id, r.at - min(m.at) AS value
    FROM talk r
    JOIN talk m ON m.case_id = r.case_id AND m.turn = r.turn AND m.requester_replies = 1
    WHERE r.replies = 1 AND r.turn > 0
    GROUP BY r.case_id, r.n, r.at
  ) gap
  GROUP BY case_id
) w ON w.case_id = l.case_id
