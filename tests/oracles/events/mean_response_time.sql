-- Mean over the answered runs of a case of the first customer message to the reply, to the millisecond.
SELECT l.case_id, l.created_at AS at, (2 * CAST(sum(x.value) AS bigint) + count(*)) / (2 * count(*)) AS value, l.assignee AS agent,
  l.team, l.queue
FROM latest l
JOIN (
  SELECT r.case_id, r.n, r.at - min(m.at) AS value
  FROM talk r
  JOIN talk m ON m.case_id = r.case_id AND m.turn = r.turn AND m.customer_says = 1
  WHERE r.replies = 1
  GROUP BY r.case_id, r.n, r.at
) x ON x.case_id = l.case_id
GROUP BY l.case_id, l.created_at, l.assignee, l.team, l.queue
