-- Cases; a hit has a terminal status after all events.
SELECT l.case_id, l.created_at AS at, l.is_terminal AS hit, l.assignee AS agent, l.team, l.queue
FROM latest l
