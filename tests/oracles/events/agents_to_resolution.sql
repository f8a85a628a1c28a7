-- Distinct agents who replied or were assignee up to each resolution that stands; bots only when they reply.
SELECT r.case_id, r.at, r.credited AS agent, r.team, r.queue, (
    SELECT count(DISTINCT w.who)
    FROM (
      SELECT case_id, n, actor_id AS who FROM step WHERE replies = 1
      UNION ALL
      SELECT s.case_id, s.n, s.assignee FROM step s
      LEFT JOIN agent a ON a.workspace = :workspace AND a.id = s.assignee
      WHERE coalesce(a.kind, 'human') <> 'bot' OR NOT (SELECT ignore_bot_messages FROM workspace WHERE id = :workspace)
    ) w
    WHERE w.case_id = r.case_id AND w.n <= r.n
  ) AS value
FROM resolution r
WHERE r.n_reopened IS NULL
