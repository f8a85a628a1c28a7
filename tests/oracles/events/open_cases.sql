-- Cases whose last status is new or open.
SELECT l.case_id, l.assignee AS agent, l.team, l.queue
FROM latest l
WHERE l.category IN ('new', 'open')
