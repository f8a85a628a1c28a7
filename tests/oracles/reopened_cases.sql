-- Cases that were reopened, at the latest reopening (SEMANTICS 7.1); credited to assignee, team and queue now.
-- Columns: case_id, at, agent, team, queue
SELECT c.case_id, c.last_reopened_at AS at, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.last_reopened_at IS NOT NULL
