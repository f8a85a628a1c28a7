-- Cases; a hit was under a policy at its creation or after an event.
SELECT l.case_id, l.created_at AS at, l.assignee AS agent, l.team, l.queue,
  CASE WHEN EXISTS (SELECT 1 FROM ruled r WHERE r.case_id = l.case_id AND r.policy IS NOT NULL) THEN 1 ELSE 0 END AS hit
FROM latest l
