-- Mean over a case's answered customer runs of run start to reply, to the millisecond, at its creation (SEMANTICS 1.3, 7); credited to
-- assignee, team and queue now.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, (2 * c.response_sum_ms + c.response_count) / (2 * c.response_count) AS value, c.assignee AS agent,
  c.team, c.queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.response_count > 0
