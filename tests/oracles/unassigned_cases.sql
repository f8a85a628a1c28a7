-- Cases that are not terminal and have no assignee now (SEMANTICS 7.1).
-- Columns: case_id, agent, team, queue
SELECT c.case_id, c.assignee AS agent, c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.status NOT IN ('resolved', 'closed') AND c.assignee IS NULL
