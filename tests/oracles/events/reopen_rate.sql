-- Cases with a resolution; a hit has a reopening.
SELECT l.case_id, l.created_at AS at, CASE WHEN EXISTS (SELECT 1 FROM reopening r WHERE r.case_id = l.case_id) THEN 1 ELSE 0 END AS hit, l.assignee AS agent, l.team, l.queue
FROM latest l
WHERE EXISTS (SELECT 1 FROM resolution r WHERE r.case_id = l.case_id)
