-- The flat table.
CREATE TABLE flat (
  created_at BIGINT, status TEXT, channel TEXT, team TEXT, assignee TEXT, first_responder TEXT, first_response BIGINT, reaction BIGINT,
  handle BIGINT, resolved_at BIGINT, resolver TEXT, resolution BIGINT, replies INTEGER, rated_at BIGINT, score INTEGER,
  first_state SMALLINT, first_due BIGINT, first_counted BIGINT, next_state SMALLINT, next_due BIGINT, next_counted BIGINT,
  resolution_state SMALLINT, resolution_due BIGINT, resolution_counted BIGINT
)
