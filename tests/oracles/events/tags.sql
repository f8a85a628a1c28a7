-- The tags of a case after all its events.
SELECT t.case_id, t.tag
FROM (
  SELECT c.id AS case_id, g.id AS tag, CASE WHEN c.tags LIKE '%"' || g.id || '"%' THEN 1 ELSE 0 END AS is_given,
    (SELECT v.field FROM event_in_order v WHERE v.case_id = c.id AND v.kind = 'change' AND v.field IN ('tag_added', 'tag_removed')
      AND v.value = g.id ORDER BY v.n DESC LIMIT 1) AS last_change
  FROM support_case c
  JOIN latest l ON l.case_id = c.id
  JOIN tag g ON g.workspace = c.workspace
  WHERE c.workspace = :workspace
) t
WHERE coalesce(t.last_change, CASE WHEN t.is_given = 1 THEN 'tag_added' END) = 'tag_added'
