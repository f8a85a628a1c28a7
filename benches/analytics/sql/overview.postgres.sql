-- The SLA overview of a period: how many cases, how their clocks stand, nine percentiles of what completed ones counted.
SELECT count(*),
       count(*) FILTER (WHERE first_state = 0), count(*) FILTER (WHERE first_state = 2 AND first_due < {now}), count(*) FILTER (WHERE first_state = 1),
       count(*) FILTER (WHERE first_state = 2 AND (first_due IS NULL OR first_due >= {now})),
       percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY first_counted),
       count(*) FILTER (WHERE next_state = 0), count(*) FILTER (WHERE next_state = 2 AND next_due < {now}), count(*) FILTER (WHERE next_state = 1),
       count(*) FILTER (WHERE next_state = 2 AND (next_due IS NULL OR next_due >= {now})),
       percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY next_counted),
       count(*) FILTER (WHERE resolution_state = 0), count(*) FILTER (WHERE resolution_state = 2 AND resolution_due < {now}), count(*) FILTER (WHERE resolution_state = 1),
       count(*) FILTER (WHERE resolution_state = 2 AND (resolution_due IS NULL OR resolution_due >= {now})),
       percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY resolution_counted)
FROM flat WHERE created_at >= {from} AND created_at < {until}
