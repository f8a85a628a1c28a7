-- Replies up to each resolution that stands, by event order.
SELECT r.case_id, r.at, r.credited AS agent, r.team, r.queue,
  (SELECT count(*) FROM step m WHERE m.case_id = r.case_id AND m.n <= r.n AND m.replies = 1) AS value
FROM resolution r
WHERE r.n_reopened IS NULL
