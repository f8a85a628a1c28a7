-- Creation to first reply of cases that have one, at their creation (SEMANTICS 7, 7.1); credited to the first replier, and to team and
-- queue then.
-- Columns: case_id, at, value, business, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.first_response_calendar_ms AS value, c.first_response_business_ms AS business, c.first_responder AS agent,
  c.first_response_team AS team, c.first_response_queue AS queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.first_response_calendar_ms IS NOT NULL
