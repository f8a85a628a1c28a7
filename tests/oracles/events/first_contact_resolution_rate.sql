-- Resolutions that stand; a hit has one reply at most and no reopening before it.
SELECT r.case_id, r.at, r.credited AS agent, r.team, r.queue,
  CASE WHEN (SELECT count(*) FROM step m WHERE m.case_id = r.case_id AND m.n <= r.n AND m.replies = 1) <= 1
    AND NOT EXISTS (SELECT 1 FROM reopening o WHERE o.case_id = r.case_id) THEN 1 ELSE 0 END AS hit
FROM resolution r
WHERE r.n_reopened IS NULL
