-- Creation to the last closure, of cases that are closed.
SELECT l.case_id, l.created_at AS at, c.at - l.created_at AS value, l.assignee AS agent, l.team, l.queue
FROM latest l
JOIN closure c ON c.case_id = l.case_id AND c.n = (SELECT max(x.n) FROM closure x WHERE x.case_id = l.case_id)
WHERE l.category = 'closed' AND c.at >= l.created_at
