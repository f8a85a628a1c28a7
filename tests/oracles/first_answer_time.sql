-- First customer message to first reply, from creation when no customer wrote before it, at the creation of the case (SEMANTICS 7, 8.1);
-- credited to the first replier, and to team and queue then.
-- Columns: case_id, at, value, agent, team, queue
SELECT c.case_id, c.created_at AS at, c.first_response_from_customer_message_ms AS value, c.first_responder AS agent,
  c.first_response_team AS team, c.first_response_queue AS queue
FROM case_record c
WHERE c.workspace = :workspace AND c.state = 'active' AND c.first_response_from_customer_message_ms IS NOT NULL
