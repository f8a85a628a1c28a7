-- The latest move from a terminal into a working status.
SELECT l.case_id, max(r.at) AS at, l.assignee AS agent, l.team, l.queue
FROM latest l
JOIN reopening r ON r.case_id = l.case_id
GROUP BY l.case_id, l.assignee, l.team, l.queue
