-- Creation to each resolution that stands, without the stretches from an earlier resolution to its reopening.
SELECT case_id, at, value, agent, team, queue
FROM (
  SELECT r.case_id, r.at, r.credited AS agent, r.team, r.queue, r.at - r.created_at - coalesce((
    SELECT sum(o.at - CASE WHEN e.at < e.created_at THEN e.created_at ELSE e.at END)
    FROM resolution e JOIN reopening o ON o.case_id = e.case_id AND o.n = e.n_reopened
    WHERE e.case_id = r.case_id AND e.n < r.n AND o.at > o.created_at), 0) AS value
  FROM resolution r
  WHERE r.n_reopened IS NULL
) r
WHERE value >= 0
