-- Cases by their lines; assignee, team and queue after all events.
SELECT l.case_id, l.created_at AS at, l.assignee AS agent, l.team, l.queue
FROM latest l
