-- Assignments that take the case from an agent, team or queue.
SELECT case_id, at, assignee AS agent, team, queue
FROM assignment
WHERE takes_away = 1 AND is_offer = 0
