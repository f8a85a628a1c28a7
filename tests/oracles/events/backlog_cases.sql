-- Stretches between events in which the case is not terminal, from creation on.
SELECT case_id, starts AS at, until, category AS status, assignee AS agent, team, queue
FROM (
  SELECT s.*, CASE WHEN s.at < s.created_at THEN s.created_at ELSE s.at END AS starts,
    lead(s.at) OVER (PARTITION BY s.case_id ORDER BY s.n) AS until
  FROM step s
) s
WHERE category NOT IN ('resolved', 'closed') AND (until IS NULL OR until > starts)
