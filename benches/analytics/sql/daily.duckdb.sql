-- Cases of each local day with mean and median first response. {day}: the number of the local day, by the zone's offsets of the year.
SELECT {day} AS day, count(*), avg(first_response), quantile_cont(first_response, 0.5)
FROM flat WHERE created_at >= {from} AND created_at < {until}
GROUP BY day ORDER BY day
