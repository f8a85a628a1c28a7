-- Ratings with a score; whom the line does not name is the case's after all events up to the offer, else up to the rating.
SELECT r.case_id, r.at,
  CASE WHEN (r.named & 1) <> 0 THEN r.agent ELSE s.assignee END AS agent,
  CASE WHEN (r.named & 2) <> 0 THEN r.team ELSE s.team END AS team,
  CASE WHEN (r.named & 4) <> 0 THEN r.queue ELSE s.queue END AS queue
FROM event_in_order r
JOIN step s ON s.case_id = r.case_id AND s.n = (
  SELECT coalesce(max(b.n), 0) FROM step b WHERE b.case_id = r.case_id AND b.n > 0 AND b.at <= coalesce(r.offered_at, r.at))
WHERE r.kind = 'rating' AND r.score IS NOT NULL
