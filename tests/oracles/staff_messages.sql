-- Public messages of agents and bots in each case, at its creation (SEMANTICS 1.3, 8.1); credited to assignee, team and queue now.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.public_agent_messages + c.public_bot_messages AS value, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active'
