-- What a case is after all its events: the attributes that rows are filtered and grouped by (SEMANTICS 8.1). A case always has a channel.
SELECT c.id AS case_id, c.created_at, l.category AS status, coalesce(c.initial_channel, c.channel) AS initial_channel,
  c.direction AS initial_direction, c.contact_point,
  CASE WHEN c.channel_n = 0 THEN c.channel ELSE (SELECT v.value FROM event_in_order v WHERE v.case_id = c.id AND v.n = c.channel_n) END AS channel,
  CASE WHEN c.priority_n = 0 THEN c.priority ELSE (SELECT v.value FROM event_in_order v WHERE v.case_id = c.id AND v.n = c.priority_n) END AS priority,
  CASE WHEN c.case_type_n = 0 THEN c.case_type ELSE (SELECT v.value FROM event_in_order v WHERE v.case_id = c.id AND v.n = c.case_type_n) END AS case_type,
  CASE WHEN c.requester_n = 0 THEN c.requester ELSE (SELECT v.value FROM event_in_order v WHERE v.case_id = c.id AND v.n = c.requester_n) END AS requester
FROM (
  SELECT s.*,
    coalesce((SELECT max(v.n) FROM event_in_order v WHERE v.case_id = s.id AND v.kind = 'change' AND v.field = 'channel' AND v.value IS NOT NULL), 0) AS channel_n,
    coalesce((SELECT max(v.n) FROM event_in_order v WHERE v.case_id = s.id AND v.kind = 'change' AND v.field = 'priority'), 0) AS priority_n,
    coalesce((SELECT max(v.n) FROM event_in_order v WHERE v.case_id = s.id AND v.kind = 'change' AND v.field = 'case_type'), 0) AS case_type_n,
    coalesce((SELECT max(v.n) FROM event_in_order v WHERE v.case_id = s.id AND v.kind = 'change' AND v.field = 'requester'), 0) AS requester_n
  FROM support_case s
  WHERE s.workspace = :workspace
) c
JOIN latest l ON l.case_id = c.id
