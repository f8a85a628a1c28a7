-- Creation to each resolution that stands, terminal time between taken out, at the resolution (SEMANTICS 7, 7.1); credited as resolved
-- cases.
-- Columns: case_id, at, value, business, agent, team, queue
SELECT r.case_id, r.resolved_at AS at, r.calendar_ms AS value, r.business_ms AS business, r.agent, r.team, r.queue
FROM resolution_record r
JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id
WHERE r.workspace = :workspace AND c.state = 'active' AND r.is_standing AND r.calendar_ms IS NOT NULL
