-- Public messages of agents and bots, of each case.
SELECT l.case_id, l.created_at AS at, (SELECT count(*) FROM step m WHERE m.case_id = l.case_id AND m.kind = 'message'
    AND m.visibility = 'public' AND m.author IN ('agent', 'bot')) AS value, l.assignee AS agent, l.team, l.queue
FROM latest l
