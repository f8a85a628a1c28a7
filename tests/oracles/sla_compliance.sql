-- SLA clocks that are decided, at the creation of their case; a hit was completed in time (SEMANTICS 4, 8, 8.1); with their own policy;
-- credited to replier or assignee at completion, the assignee now while open, and to team and queue likewise.
-- Columns: case_id, at, hit, policy, agent, team, queue
SELECT r.case_id, c.created_at AS at, r.policy, r.agent, r.team, r.queue,
  CASE WHEN r.completed_at IS NULL THEN 0
    WHEN r.clock = 'calendar' AND coalesce(r.judged_calendar_ms, 0) <= r.goal_ms THEN 1
    WHEN r.clock = 'business' AND coalesce(r.judged_business_ms, 0) <= r.goal_ms THEN 1
    ELSE 0 END AS hit
FROM sla_clock_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND (r.completed_at IS NOT NULL OR r.due_at < :now) AND NOT r.is_left_out
