-- What the event oracles read: every active case of the workspace replayed from `support_case` and `event` by the words of SEMANTICS 8,
-- 8.1 and INGEST. `step` has a row for the creation (n = 0) and for each event in order (at, seq, id), with the case after it (assignee,
-- team, queue, category ...) and before it (was_...). Then what several oracles need: `latest`, `talk`, `first_reply`, `resolution`,
-- `reopening`, `closure`, `assignment`.
CREATE TEMPORARY TABLE event_in_order AS
SELECT e.*, c.created_at,
  row_number() OVER (PARTITION BY e.case_id ORDER BY e.at, e.seq NULLS FIRST, e.id :binary) AS n,
  -- An agent listed as a bot is one whatever the event says; who is not named is the system.
  CASE WHEN e.actor_kind IS NULL THEN 'system' WHEN e.actor_kind = 'agent' AND a.kind = 'bot' THEN 'bot'
    ELSE e.actor_kind END AS author
FROM event e
JOIN support_case c ON c.workspace = e.workspace AND c.id = e.case_id AND c.state = 'active'
LEFT JOIN agent a ON a.workspace = e.workspace AND a.id = e.actor_id
WHERE e.workspace = :workspace;
CREATE INDEX event_in_order_case ON event_in_order (case_id, n);

CREATE TEMPORARY TABLE placed AS
-- What each event sets: an offer nothing, an absent field nothing, null takes away.
WITH told AS (
  SELECT c.id AS case_id, 0 AS n, c.created_at, c.created_at AS at, 'created' AS kind, CAST(NULL AS text) AS author,
    CAST(NULL AS text) AS actor_id, CAST(NULL AS text) AS assignment_kind, CAST(NULL AS text) AS visibility, CAST(NULL AS integer) AS says_opening,
    0 AS names_agent, 0 AS names_something,
    1 AS sets_agent, c.assignee AS to_agent, 1 AS sets_team, c.team AS to_team, 1 AS sets_queue, c.queue AS to_queue,
    1 AS sets_requester, c.requester AS to_requester, 1 AS sets_status, 'new' AS to_status
  FROM support_case c
  WHERE c.workspace = :workspace AND c.state = 'active'
  UNION ALL
  SELECT e.case_id, e.n, e.created_at, e.at, e.kind, e.author, e.actor_id, e.assignment_kind, e.visibility,
    CASE WHEN e.is_opening IS NULL THEN NULL WHEN e.is_opening THEN 1 ELSE 0 END,
    CASE WHEN e.kind = 'assignment' AND e.agent IS NOT NULL THEN 1 ELSE 0 END,
    CASE WHEN e.kind = 'assignment' AND coalesce(e.agent, e.team, e.queue) IS NOT NULL THEN 1 ELSE 0 END,
    CASE WHEN moves AND (e.named & 1) <> 0 THEN 1 ELSE 0 END,
    CASE WHEN moves AND (e.named & 1) <> 0 THEN e.agent END,
    CASE WHEN moves AND (e.named & 2) <> 0 OR changes_team THEN 1 ELSE 0 END,
    CASE WHEN moves AND (e.named & 2) <> 0 THEN e.team WHEN changes_team THEN e.value END,
    CASE WHEN moves AND (e.named & 4) <> 0 THEN 1 ELSE 0 END,
    CASE WHEN moves AND (e.named & 4) <> 0 THEN e.queue END,
    CASE WHEN e.kind = 'change' AND e.field = 'requester' THEN 1 ELSE 0 END,
    CASE WHEN e.kind = 'change' AND e.field = 'requester' THEN e.value END,
    CASE WHEN e.kind = 'status_change' THEN 1 ELSE 0 END,
    CASE WHEN e.kind = 'status_change' THEN e.status END
  FROM (
    SELECT o.*, o.kind = 'assignment' AND o.assignment_kind <> 'offer' AS moves, o.kind = 'change' AND o.field = 'team' AS changes_team
    FROM event_in_order o
  ) e
),
-- Numbers the settings of each field, so that rows with one number hold what the first of them set.
numbered AS (
  SELECT t.*, sum(sets_agent) OVER up_to AS agent_no, sum(sets_team) OVER up_to AS team_no, sum(sets_queue) OVER up_to AS queue_no,
    sum(sets_requester) OVER up_to AS requester_no, sum(sets_status) OVER up_to AS status_no
  FROM told t
  WINDOW up_to AS (PARTITION BY case_id ORDER BY n)
),
held AS (
  SELECT t.*, max(to_agent) OVER (PARTITION BY case_id, agent_no) AS assignee, max(to_team) OVER (PARTITION BY case_id, team_no) AS team,
    max(to_queue) OVER (PARTITION BY case_id, queue_no) AS queue, max(to_requester) OVER (PARTITION BY case_id, requester_no) AS requester,
    max(to_status) OVER (PARTITION BY case_id, status_no) AS status_id
  FROM numbered t
),
compared AS (
  SELECT h.*, lag(assignee) OVER up_to AS was_assignee, lag(team) OVER up_to AS was_team, lag(queue) OVER up_to AS was_queue,
    lag(requester) OVER up_to AS was_requester,
    CASE WHEN n = 0 OR status_id <> lag(status_id) OVER up_to THEN 1 ELSE 0 END AS enters_status,
    CASE WHEN n = 0 OR assignee IS DISTINCT FROM lag(assignee) OVER up_to THEN 1 ELSE 0 END AS takes
  FROM held h
  WINDOW up_to AS (PARTITION BY case_id ORDER BY n)
),
-- A status has the category of its version in force when the case entered it.
entered AS (
  SELECT e.*, sum(enters_status) OVER up_to AS entry_no, sum(takes) OVER up_to AS take_no,
    CASE WHEN enters_status = 1 THEN coalesce(
      (SELECT s.category FROM status s WHERE s.workspace = :workspace AND s.id = e.status_id AND s.from_at <= e.at ORDER BY s.from_at DESC LIMIT 1),
      CASE WHEN e.status_id IN ('new', 'open', 'pending', 'on_hold', 'resolved', 'closed') THEN e.status_id ELSE 'open' END) END AS to_category
  FROM compared e
  WINDOW up_to AS (PARTITION BY case_id ORDER BY n)
)
SELECT e.*, max(to_category) OVER (PARTITION BY case_id, entry_no) AS category,
  CASE WHEN assignee IS NOT NULL THEN max(CASE WHEN takes = 1 THEN at END) OVER (PARTITION BY case_id, take_no) END AS served_since,
  CASE WHEN kind = 'message' AND visibility = 'public' AND author = 'customer' THEN 1 ELSE 0 END AS customer_says,
  CASE WHEN kind = 'message' AND visibility = 'public' AND (author = 'agent' OR author = 'bot' AND bots_reply) THEN 1 ELSE 0 END AS staff_says
FROM entered e
CROSS JOIN (SELECT NOT ignore_bot_messages AS bots_reply FROM workspace WHERE id = :workspace) rules;
CREATE INDEX placed_case ON placed (case_id, n);

-- The message marked as opening; when none is, the first public customer message, if no reply comes before it.
CREATE TEMPORARY TABLE opening AS
SELECT case_id, coalesce(min(CASE WHEN says_opening = 1 THEN n END),
  CASE WHEN coalesce(min(CASE WHEN staff_says = 1 THEN n END), 1000000000) > min(CASE WHEN customer_says = 1 THEN n END)
    AND min(CASE WHEN customer_says = 1 AND says_opening = 0 THEN n END) IS DISTINCT FROM min(CASE WHEN customer_says = 1 THEN n END)
    THEN min(CASE WHEN customer_says = 1 THEN n END) END) AS opening_n
FROM placed
GROUP BY case_id;
CREATE INDEX opening_case ON opening (case_id);

CREATE TEMPORARY TABLE step AS
SELECT p.*, lag(p.category) OVER up_to AS was_category,
  CASE WHEN p.category IN ('resolved', 'closed') THEN 1 ELSE 0 END AS is_terminal,
  CASE WHEN lag(p.category) OVER up_to IN ('resolved', 'closed') THEN 1 ELSE 0 END AS was_terminal,
  CASE WHEN p.n = o.opening_n THEN 1 ELSE 0 END AS opens,
  CASE WHEN p.staff_says = 1 AND p.n IS DISTINCT FROM o.opening_n THEN 1 ELSE 0 END AS replies,
  -- A customer whom the source does not name is the requester.
  CASE WHEN p.customer_says = 1 AND p.n IS DISTINCT FROM o.opening_n AND (p.actor_id IS NULL OR p.actor_id = p.was_requester)
    THEN 1 ELSE 0 END AS requester_replies
FROM placed p
JOIN opening o ON o.case_id = p.case_id
WINDOW up_to AS (PARTITION BY p.case_id ORDER BY p.n);
CREATE INDEX step_case ON step (case_id, n);

-- The case after all its events.
CREATE TEMPORARY TABLE latest AS
SELECT s.*
FROM step s
JOIN (SELECT case_id, max(n) AS n FROM step GROUP BY case_id) l ON l.case_id = s.case_id AND l.n = s.n;
CREATE INDEX latest_case ON latest (case_id);

-- Messages that make runs and replies; `turn` counts the replies before each.
CREATE TEMPORARY TABLE talk AS
SELECT s.*, coalesce(sum(replies) OVER (PARTITION BY case_id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS turn
FROM step s
WHERE replies = 1 OR customer_says = 1;
CREATE INDEX talk_case ON talk (case_id, turn);

CREATE TEMPORARY TABLE first_reply AS
SELECT * FROM talk WHERE replies = 1 AND turn = 0;
CREATE INDEX first_reply_case ON first_reply (case_id);

-- From a working status into a terminal one; `n_reopened` is the reopening after it.
CREATE TEMPORARY TABLE resolution AS
SELECT s.*, CASE WHEN author = 'agent' AND actor_id IS NOT NULL THEN actor_id ELSE assignee END AS credited,
  (SELECT min(r.n) FROM step r WHERE r.case_id = s.case_id AND r.n > s.n AND r.was_terminal = 1 AND r.is_terminal = 0) AS n_reopened
FROM step s
WHERE n > 0 AND was_terminal = 0 AND is_terminal = 1;
CREATE INDEX resolution_case ON resolution (case_id);

CREATE TEMPORARY TABLE reopening AS
SELECT * FROM step WHERE n > 0 AND was_terminal = 1 AND is_terminal = 0;
CREATE INDEX reopening_case ON reopening (case_id);

-- From another category into closed. Abandoned: an agent closed it, staff had the last public word, and the customer was silent for the
-- workspace's timeout since the first such word after the customer's last.
CREATE TEMPORARY TABLE closing AS
SELECT s.*, CASE WHEN author = 'agent' AND actor_id IS NOT NULL THEN actor_id ELSE assignee END AS credited,
  (SELECT max(m.n) FROM step m WHERE m.case_id = s.case_id AND m.n < s.n AND m.kind = 'message' AND m.visibility = 'public'
    AND m.author <> 'system') AS n_last_word,
  coalesce((SELECT max(m.n) FROM step m WHERE m.case_id = s.case_id AND m.n < s.n AND m.customer_says = 1), 0) AS n_last_customer
FROM step s
WHERE n > 0 AND category = 'closed' AND was_category <> 'closed';
CREATE INDEX closing_case ON closing (case_id);

CREATE TEMPORARY TABLE closure AS
SELECT c.*, CASE WHEN c.author = 'agent'
    AND EXISTS (SELECT 1 FROM step m WHERE m.case_id = c.case_id AND m.n = c.n_last_word AND m.staff_says = 1)
    AND c.at - (SELECT min(m.at) FROM step m WHERE m.case_id = c.case_id AND m.staff_says = 1 AND m.n > c.n_last_customer AND m.n < c.n)
      >= (SELECT abandon_after_ms FROM workspace WHERE id = :workspace)
  THEN 1 ELSE 0 END AS is_abandoned
FROM closing c;
CREATE INDEX closure_case ON closure (case_id);

-- An assignment event that names an agent, team or queue, or a change of team.
CREATE TEMPORARY TABLE assignment AS
SELECT s.*, CASE WHEN kind = 'assignment' AND assignment_kind = 'offer' THEN 1 ELSE 0 END AS is_offer,
  CASE WHEN was_assignee IS NOT NULL AND assignee IS DISTINCT FROM was_assignee OR was_team IS NOT NULL AND team IS DISTINCT FROM was_team
    OR was_queue IS NOT NULL AND queue IS DISTINCT FROM was_queue THEN 1 ELSE 0 END AS takes_away
FROM step s
WHERE n > 0 AND (names_something = 1 OR team IS DISTINCT FROM was_team);
CREATE INDEX assignment_case ON assignment (case_id);
