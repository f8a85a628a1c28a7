-- Assignment events that name an agent, offers aside.
SELECT case_id, at, assignee AS agent, team, queue
FROM assignment
WHERE names_agent = 1 AND is_offer = 0
