-- A page of 50 cases with agent, team, figures and clocks, by one statement over the gateway's own tables.
SELECT c.number, c.subject, c.status, h.label, a.name, t.name, c.reaction_ms, c.reopen_count, c.resolution_at,
       (SELECT json_agg(json_build_object('metric', s.metric, 'goal', s.goal_ms, 'due', s.due_at, 'counted', s.counted_calendar_ms)
                        ORDER BY s.metric, s.ordinal)
        FROM sla_clock_record s WHERE s.workspace = c.workspace AND s.case_id = c.case_id AND NOT s.is_left_out)
FROM case_record c
LEFT JOIN agent a ON a.workspace = c.workspace AND a.id = c.assignee
LEFT JOIN team t ON t.workspace = c.workspace AND t.id = c.team
LEFT JOIN channel h ON h.workspace = c.workspace AND h.id = c.channel
WHERE c.workspace = 'bench' AND c.state = 'active' AND c.created_at >= {from} AND c.created_at < {until}
ORDER BY c.created_at, c.number LIMIT 50
