-- The clocks of the gateway's SQLite file, as `flat.sql` wants them.
CREATE TEMP TABLE clock AS
SELECT case_id, metric, due_at,
       CASE WHEN completed_at IS NULL THEN 2 WHEN judged_calendar_ms <= goal_ms THEN 0 ELSE 1 END AS state,
       CASE WHEN completed_at IS NOT NULL THEN counted_calendar_ms END AS counted
FROM sla_clock_record
WHERE workspace = 'bench' AND NOT is_left_out
