-- Assignments after which a previous agent, team or queue is no longer the case's, none included (SEMANTICS 7.1, 8.1); credited to
-- agent, team and queue after them.
-- Columns: case_id, at, agent, team, queue
SELECT r.case_id, r.assigned_at AS at, r.agent, r.team, r.queue
FROM assignment_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND coalesce(r.kind, 'change') <> 'offer'
  AND (r.previous_agent <> coalesce(r.agent, '') OR r.previous_team <> coalesce(r.team, '') OR r.previous_queue <> coalesce(r.queue, ''))
