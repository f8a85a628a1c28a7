-- One row a case with its three clocks, in order of creation: the shape that suits DuckDB and PostgreSQL best. Read from the gateway's SQLite file.
-- States: 0 completed in time, 1 completed late, 2 open. Lengths and instants are milliseconds.
SELECT c.created_at, c.status, c.channel, c.team, c.assignee, c.first_responder, c.first_response_calendar_ms AS first_response,
       c.reaction_ms AS reaction, c.handle_ms AS handle,
       r.resolved_at, r.agent AS resolver, r.calendar_ms AS resolution, r.replies, g.rated_at, g.score,
       f.state AS first_state, f.due_at AS first_due, f.counted AS first_counted,
       n.state AS next_state, n.due_at AS next_due, n.counted AS next_counted,
       s.state AS resolution_state, s.due_at AS resolution_due, s.counted AS resolution_counted
FROM case_record c
LEFT JOIN resolution_record r ON r.workspace = c.workspace AND r.case_id = c.case_id AND r.is_standing
LEFT JOIN rating_record g ON g.workspace = c.workspace AND g.case_id = c.case_id
LEFT JOIN clock f ON f.case_id = c.case_id AND f.metric = 'first_reply'
LEFT JOIN clock n ON n.case_id = c.case_id AND n.metric = 'next_reply'
LEFT JOIN clock s ON s.case_id = c.case_id AND s.metric = 'resolution'
WHERE c.workspace = 'bench' AND c.state = 'active'
ORDER BY c.created_at
