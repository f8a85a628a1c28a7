-- Cases of each local day with mean and median first response. {day}: the number of the local day, by the zone's offsets of the year.
SELECT {day} AS day, count(*), avg(first_response)::float8, percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response)
FROM flat WHERE created_at >= {from} AND created_at < {until}
GROUP BY day ORDER BY day
