-- What cases are filtered and grouped by, now (SEMANTICS 7.1, 8.1); agent, team and queue are those that a row is credited to.
-- Columns: case_id, created_at, status, channel, initial_channel, initial_direction, contact_point, priority, case_type, requester
SELECT c.case_id, c.created_at, c.status, c.channel, c.initial_channel, c.direction AS initial_direction, c.contact_point, c.priority,
  c.case_type, c.requester, c.policy AS sla_policy
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active'
