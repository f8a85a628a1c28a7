-- Cases without an assignee whose last status is not terminal.
SELECT l.case_id, l.assignee AS agent, l.team, l.queue
FROM latest l
WHERE l.is_terminal = 0 AND l.assignee IS NULL
