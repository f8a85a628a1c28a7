-- Clocks in calendar mode with how they stand. Judged is one more than counted when counting had stopped before the completion. An open
-- reply clock of a terminal case is left out unless its goal was reached before.
SELECT k.case_id, b.created_at AS at, k.metric, k.policy, 'calendar' AS mode,
  CASE WHEN k.end_n IS NOT NULL AND k.metric <> 'resolution' THEN e.actor_id ELSE e.assignee END AS agent, e.team, e.queue,
  CASE WHEN k.end_n IS NULL THEN CASE WHEN is_reached THEN 'breached' ELSE 'active' END
    WHEN k.judged <= k.goal THEN 'fulfilled' ELSE 'completedAfterBreach' END AS state,
  CASE WHEN k.end_n IS NOT NULL THEN k.counted END AS value,
  CASE WHEN k.end_n IS NOT NULL THEN k.judged END AS judged
FROM (
  SELECT c.*, coalesce(n.counted, 0) AS counted,
    coalesce(n.counted, 0) + CASE WHEN n.counted_until < c.ends_at THEN 1 ELSE 0 END AS judged,
    -- Running until now it is past due when more than the goal is counted; stopped before, when all of it is.
    coalesce(n.counted > c.goal OR n.counted = c.goal AND n.counted_until < :now, n.counted > c.goal, 1 = 0) AS is_reached
  FROM clock c
  LEFT JOIN counted n ON n.clock_no = c.clock_no
  WHERE c.mode = 'calendar'
) k
JOIN begun b ON b.case_id = k.case_id
JOIN step e ON e.case_id = k.case_id AND e.n = k.judge_n
WHERE k.end_n IS NOT NULL OR k.metric = 'resolution' OR e.is_terminal = 0 OR is_reached
