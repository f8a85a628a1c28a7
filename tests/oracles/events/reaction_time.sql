-- First reply minus when the assignee then became it.
SELECT l.case_id, l.created_at AS at, f.at - f.served_since AS value, l.assignee AS agent, l.team, l.queue
FROM latest l
JOIN first_reply f ON f.case_id = l.case_id
WHERE f.at >= f.served_since
