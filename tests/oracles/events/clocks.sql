-- What the SLA oracles over the event tables read, after `timeline.sql`: policies and clocks by the words of SEMANTICS 8 and 8.1, without
-- business time. `ruled` has a row for each row of `step` with priority and policy after it; `clock` one for each clock in calendar mode.
-- `:targets` lists the targets of every version of a policy (workspace, id, from_at, metric, priority, goal_ms, clock).
CREATE TEMPORARY TABLE chosen AS
-- The first enabled policy by position and id, in the version in force at the creation, whose conditions all hold of the case line.
WITH possible AS (
  SELECT c.id AS case_id, p.id AS policy, p.from_at, row_number() OVER (PARTITION BY c.id ORDER BY p.position, p.id :binary) AS place
  FROM support_case c
  JOIN sla_policy p ON p.workspace = c.workspace
  WHERE c.workspace = :workspace AND p.is_enabled
    AND p.from_at = (SELECT max(v.from_at) FROM sla_policy v WHERE v.workspace = p.workspace AND v.id = p.id AND v.from_at <= c.created_at)
    AND (p.conditions LIKE '%"channel":[]%' OR p.conditions LIKE '%"channel":[%"' || c.channel || '"%],"team":%')
    AND (p.conditions LIKE '%"team":[]%' OR p.conditions LIKE '%"team":[%"' || c.team || '"%],"queue":%')
    AND (p.conditions LIKE '%"queue":[]%' OR p.conditions LIKE '%"queue":[%"' || c.queue || '"%],"priority":%')
    AND (p.conditions LIKE '%"priority":[]%' OR p.conditions LIKE '%"priority":[%"' || c.priority || '"%],"tag":%')
    AND (p.conditions LIKE '%"tag":[]%' OR EXISTS (
      SELECT 1 FROM tag t WHERE t.workspace = c.workspace AND c.tags LIKE '%"' || t.id || '"%'
        AND p.conditions LIKE '%"tag":[%"' || t.id || '"%],"case_type":%'))
    AND (p.conditions LIKE '%"case_type":[]%' OR p.conditions LIKE '%"case_type":[%"' || c.case_type || '"%]}')
)
SELECT case_id, policy, from_at FROM possible WHERE place = 1;
CREATE INDEX chosen_case ON chosen (case_id);

CREATE TEMPORARY TABLE ruled AS
-- An sla event names the version in force at the creation, else at the event; an unknown policy is none.
WITH said AS (
  SELECT s.case_id, s.n, s.at, s.created_at, s.kind, s.status_id, s.category, s.enters_status,
    CASE WHEN s.n = 0 OR s.kind = 'sla' THEN 1 ELSE 0 END AS sets_policy,
    CASE WHEN s.n = 0 THEN h.policy WHEN s.kind = 'sla' THEN e.policy END AS to_policy,
    CASE WHEN s.n = 0 THEN h.from_at WHEN s.kind = 'sla' THEN coalesce(
      (SELECT max(v.from_at) FROM sla_policy v WHERE v.workspace = :workspace AND v.id = e.policy AND v.from_at <= s.created_at),
      (SELECT max(v.from_at) FROM sla_policy v WHERE v.workspace = :workspace AND v.id = e.policy AND v.from_at <= s.at)) END AS to_from,
    CASE WHEN s.n = 0 OR e.kind = 'change' AND e.field = 'priority' THEN 1 ELSE 0 END AS sets_priority,
    CASE WHEN s.n = 0 THEN c.priority WHEN e.kind = 'change' AND e.field = 'priority' THEN e.value END AS to_priority,
    -- Whether the resolution clock runs in the status, by its version in force when the case entered it.
    CASE WHEN s.enters_status = 1 THEN coalesce(
      (SELECT CASE WHEN v.sla_active IS NULL THEN NULL WHEN v.sla_active THEN 1 ELSE 0 END FROM status v
        WHERE v.workspace = :workspace AND v.id = s.status_id AND v.from_at <= s.at ORDER BY v.from_at DESC LIMIT 1),
      CASE WHEN s.category IN ('pending', 'on_hold') THEN 0 ELSE 1 END) END AS to_active
  FROM step s
  JOIN support_case c ON c.workspace = :workspace AND c.id = s.case_id
  LEFT JOIN chosen h ON h.case_id = s.case_id
  LEFT JOIN event_in_order e ON e.case_id = s.case_id AND e.n = s.n
),
numbered AS (
  SELECT s.*, sum(sets_policy) OVER up_to AS policy_no, sum(sets_priority) OVER up_to AS priority_no, sum(enters_status) OVER up_to AS entry_no
  FROM said s
  WINDOW up_to AS (PARTITION BY case_id ORDER BY n)
)
SELECT case_id, n, at, category, lead(at) OVER (PARTITION BY case_id ORDER BY n) AS until,
  max(CASE WHEN to_from IS NOT NULL THEN to_policy END) OVER (PARTITION BY case_id, policy_no) AS policy,
  max(to_from) OVER (PARTITION BY case_id, policy_no) AS policy_from,
  max(to_priority) OVER (PARTITION BY case_id, priority_no) AS priority,
  max(to_active) OVER (PARTITION BY case_id, entry_no) AS is_active
FROM numbered;
CREATE INDEX ruled_case ON ruled (case_id, n);

-- Who opened the case, and when a customer first wrote.
CREATE TEMPORARY TABLE begun AS
SELECT c.id AS case_id, c.created_at,
  CASE WHEN coalesce((SELECT s.author FROM step s WHERE s.case_id = c.id AND s.opens = 1), c.creator_kind) IN ('agent', 'bot')
    THEN 1 ELSE 0 END AS by_agent,
  (SELECT min(s.n) FROM step s WHERE s.case_id = c.id AND s.customer_says = 1) AS customer_n
FROM support_case c
WHERE c.workspace = :workspace AND c.state = 'active';
CREATE INDEX begun_case ON begun (case_id);

CREATE TEMPORARY TABLE span AS
-- Start and completing event of every clock that there would be under a policy with all targets.
WITH first_one AS (
  SELECT b.case_id, CASE WHEN b.by_agent = 1 THEN (SELECT s.at FROM step s WHERE s.case_id = b.case_id AND s.n = b.customer_n)
      ELSE b.created_at END AS starts_at,
    (SELECT min(r.n) FROM step r WHERE r.case_id = b.case_id AND r.replies = 1 AND (b.by_agent = 0 OR r.n > b.customer_n)) AS end_n
  FROM begun b
)
SELECT case_id, 'first_reply' AS metric, starts_at, end_n FROM first_one WHERE starts_at IS NOT NULL
UNION ALL
SELECT m.case_id, 'next_reply', min(m.at), (SELECT r.n FROM talk r WHERE r.case_id = m.case_id AND r.turn = m.turn AND r.replies = 1)
FROM talk m
JOIN first_one f ON f.case_id = m.case_id AND m.n > f.end_n
WHERE m.customer_says = 1
GROUP BY m.case_id, m.turn
UNION ALL
SELECT l.case_id, 'resolution', l.created_at, (SELECT max(r.n) FROM resolution r WHERE r.case_id = l.case_id AND r.n_reopened IS NULL)
FROM latest l;
CREATE INDEX span_case ON span (case_id);

CREATE TEMPORARY TABLE clock AS
-- Judged by policy and priority after the event that completes it, else by those now; the target of the priority before the one of none.
WITH judged AS (
  SELECT s.*, row_number() OVER (ORDER BY s.case_id, s.metric, s.starts_at) AS clock_no, e.at AS ends_at,
    coalesce(s.end_n, l.n) AS judge_n
  FROM span s
  JOIN latest l ON l.case_id = s.case_id
  LEFT JOIN step e ON e.case_id = s.case_id AND e.n = s.end_n
  WHERE e.at IS NULL OR e.at >= s.starts_at
)
SELECT j.*, r.policy,
  (SELECT t.goal_ms FROM (:targets) t WHERE t.workspace = :workspace AND t.id = r.policy AND t.from_at = r.policy_from AND t.metric = j.metric
    AND (t.priority = r.priority OR t.priority IS NULL) ORDER BY CASE WHEN t.priority IS NULL THEN 1 ELSE 0 END LIMIT 1) AS goal,
  (SELECT t.clock FROM (:targets) t WHERE t.workspace = :workspace AND t.id = r.policy AND t.from_at = r.policy_from AND t.metric = j.metric
    AND (t.priority = r.priority OR t.priority IS NULL) ORDER BY CASE WHEN t.priority IS NULL THEN 1 ELSE 0 END LIMIT 1) AS mode
FROM judged j
JOIN ruled r ON r.case_id = j.case_id AND r.n = j.judge_n;
CREATE INDEX clock_case ON clock (case_id);

-- What each counts: not while the case is terminal, the resolution clock not while its status is not SLA-active either.
CREATE TEMPORARY TABLE counted AS
SELECT k.clock_no, sum(p.ends - p.starts) AS counted, max(p.ends) AS counted_until
FROM clock k
JOIN (
  SELECT c.clock_no, CASE WHEN r.at < c.starts_at OR r.n = 0 THEN c.starts_at ELSE r.at END AS starts,
    CASE WHEN r.until IS NULL OR r.until > coalesce(c.ends_at, :now) THEN coalesce(c.ends_at, :now) ELSE r.until END AS ends
  FROM clock c
  JOIN ruled r ON r.case_id = c.case_id AND r.n < coalesce(c.end_n, 1000000000)
  WHERE r.category NOT IN ('resolved', 'closed') AND (c.metric <> 'resolution' OR r.is_active = 1)
) p ON p.clock_no = k.clock_no
WHERE p.ends > p.starts
GROUP BY k.clock_no;
CREATE INDEX counted_clock ON counted (clock_no);
