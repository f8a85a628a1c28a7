-- The ten agents with most resolutions in a period, by name, with mean and 90th percentile of their first responses to cases created in it.
WITH resolved AS (
  SELECT resolver AS agent, count(*) AS cases FROM flat WHERE resolved_at >= {from} AND resolved_at < {until} GROUP BY resolver
), responded AS (
  SELECT first_responder AS agent, avg(first_response)::float8 AS mean, percentile_cont(0.9) WITHIN GROUP (ORDER BY first_response) AS p90
  FROM flat WHERE created_at >= {from} AND created_at < {until} GROUP BY first_responder
)
SELECT name, cases, mean, p90 FROM resolved JOIN agent ON agent.id = resolved.agent LEFT JOIN responded USING (agent)
ORDER BY cases DESC, name LIMIT 10
