-- Creation to the last closure of cases that are closed, at their creation (SEMANTICS 1.3, 8.1); credited to assignee, team and queue now.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.chat_duration_ms AS value, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.chat_duration_ms IS NOT NULL
