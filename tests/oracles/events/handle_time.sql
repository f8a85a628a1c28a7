-- Creation to the resolution that stands.
SELECT l.case_id, l.created_at AS at, r.at - r.created_at AS value, l.assignee AS agent, l.team, l.queue
FROM latest l
JOIN resolution r ON r.case_id = l.case_id AND r.n_reopened IS NULL
WHERE r.at >= r.created_at
