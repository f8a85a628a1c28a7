-- The tags of cases, now.
-- Columns: case_id, tag
SELECT t.case_id, t.tag
FROM case_tag t
JOIN case_record c ON c.workspace = t.workspace AND c.case_id = t.case_id
WHERE t.workspace = :workspace AND c.state = 'active'
