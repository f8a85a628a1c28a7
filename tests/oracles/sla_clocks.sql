-- SLA clocks at the creation of their case, with how they stand (SEMANTICS 4, 7.3, 8, 8.1): `value` is what a completed one counted in its
-- own mode, `judged` what it is judged by; with their own policy; credited to replier or assignee at completion, the assignee now while
-- open, and to team and queue likewise. Open reply clocks of terminal cases are left out unless their goal was reached before.
-- Columns: case_id, at, metric, mode, state, value, judged, policy, agent, team, queue
SELECT r.case_id, c.created_at AS at, r.metric, r.clock AS mode, r.policy, r.agent, r.team, r.queue,
  CASE WHEN r.completed_at IS NOT NULL AND r.judged <= r.goal_ms THEN 'fulfilled'
    WHEN r.completed_at IS NOT NULL THEN 'completedAfterBreach'
    WHEN r.due_at < :now THEN 'breached'
    ELSE 'active' END AS state,
  CASE WHEN r.completed_at IS NOT NULL THEN CASE WHEN r.clock = 'business' THEN r.counted_business_ms ELSE r.counted_calendar_ms END END AS value,
  CASE WHEN r.completed_at IS NOT NULL THEN r.judged END AS judged
FROM (
  SELECT k.*, CASE WHEN k.clock = 'business' THEN k.judged_business_ms ELSE k.judged_calendar_ms END AS judged
  FROM sla_clock_record k
) r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND NOT r.is_left_out
