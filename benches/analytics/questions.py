"""The questions: each in GraphQL, and in the SQL of DuckDB and of PostgreSQL, with what makes their answers alike."""

import json
from pathlib import Path

NOW_MS = 1_767_571_200_000  # gateway.NOW
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
# Summer time in Copenhagen in 2025, in milliseconds.
SUMMER_FROM, SUMMER_UNTIL = 1_743_296_400_000, 1_761_440_400_000
LOCAL = f"(created_at + CASE WHEN created_at >= {SUMMER_FROM} AND created_at < {SUMMER_UNTIL} THEN 7200000 ELSE 3600000 END)"
DAY = {"duckdb": f"({LOCAL} // {DAY_MS})", "postgres": f"({LOCAL} / {DAY_MS})"}
STATES = "fulfilled breached completedAfterBreach active"
CLOCKS = ("firstReply", "nextReply", "resolution")
HERE = Path(__file__).parent
HEAD = "query($from: DateTime!, $until: DateTime!)"
INTERVAL = "period: {interval: {from: $from, until: $until}}"


def sql(name, dialect, begin, end, **more):
    """The text of a statement, with the period in it: a plan for these very values."""
    text = (HERE / "sql" / f"{name}.{dialect}.sql").read_text(encoding="utf-8")
    values = {"from": begin, "until": end, "now": NOW_MS, "day": DAY.get(dialect, ""), **more}
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def seconds(ms):
    """Milliseconds as seconds, to the microsecond."""
    return None if ms is None else round(float(ms) / 1000, 6)


def rounded(value):
    """Seconds to the microsecond."""
    return None if value is None else round(value, 6)


class Overview:
    """All outcomes of all clocks, nine percentiles."""

    name = "overview"
    graphql = f"""{HEAD} {{ slaAnalytics({INTERVAL}) {{ totalCases
        compliance {{ {" ".join(f"{c} {{ {STATES} }}" for c in CLOCKS)} }}
        percentiles {{ {" ".join(f"{c} {{ p50 p90 p95 }}" for c in CLOCKS)} }} }} }}"""

    @staticmethod
    def ours(data):
        """As plain values, in the order of the SQL."""
        found = data["slaAnalytics"]
        values = [int(found["totalCases"])]
        for clock in CLOCKS:
            values += [int(found["compliance"][clock][state]) for state in STATES.split()]
            values += [rounded(found["percentiles"][clock][p]) for p in ("p50", "p90", "p95")]
        return values

    @staticmethod
    def theirs(rows):
        """The same."""
        values = []
        for value in rows[0]:
            many = isinstance(value, (list, tuple)) or value is None
            values += [seconds(ms) for ms in (value or [None] * 3)] if many else [int(value)]
        return values


class Daily:
    """Cases by local day, with mean and median first response."""

    name = "daily"
    graphql = f"""{HEAD} {{ metrics({INTERVAL}, timezone: "Europe/Copenhagen") {{
        createdCases {{ series(grain: DAY) {{ from metric {{ count }} }} }}
        firstResponseTime {{ series(grain: DAY) {{ metric {{ average median }} }} }} }} }}"""

    @staticmethod
    def ours(data):
        """Days that have cases."""
        counts = data["metrics"]["createdCases"]["series"]
        lengths = data["metrics"]["firstResponseTime"]["series"]
        pairs = zip((point["metric"] for point in counts), (point["metric"] for point in lengths))
        found = [[int(c["count"]), rounded(l["average"]), rounded(l["median"])] for c, l in pairs]
        return [point for point in found if point[0] > 0]

    @staticmethod
    def theirs(rows):
        """The same."""
        return [[int(row[1]), seconds(row[2]), seconds(row[3])] for row in rows]


class Top:
    """The ten agents with most resolutions, with names and first responses."""

    name = "top"
    graphql = f"""{HEAD} {{ table({INTERVAL}, dimensions: [AGENT], limit: 10, orderBy: {{column: "cases", direction: DESC}},
        metrics: [{{metric: RESOLVED_CASES, as: "cases"}}, {{metric: FIRST_RESPONSE_TIME, as: "mean"}},
                  {{metric: FIRST_RESPONSE_TIME, aggregation: P90, as: "p90"}}]) {{ rows }} }}"""

    @staticmethod
    def ours(data):
        """Without the ids."""
        return [[row[1], int(row[2]), rounded(row[3]), rounded(row[4])] for row in data["table"]["rows"]]

    @staticmethod
    def theirs(rows):
        """The same."""
        return [[row[0], int(row[1]), seconds(row[2]), seconds(row[3])] for row in rows]


class Page:
    """Fifty cases with whose they are, their figures and clocks."""

    name = "page"
    graphql = f"""{HEAD} {{ cases({INTERVAL}, first: 50, orderBy: {{field: CREATED_AT, direction: ASC}}) {{ edges {{ node {{
        number subject status channel {{ label }} assignee {{ name }} team {{ name }}
        metrics {{ reactionSeconds reopenCount resolutionAt }}
        slaClocks {{ metric state goalSeconds dueAt elapsedSeconds }} }} }} }} }}"""

    @staticmethod
    def ours(data):
        """Without the states, which the statement leaves to its reader."""
        def plain(case):
            metrics, name = case["metrics"], lambda noun: (case[noun] or {}).get("name")
            clocks = sorted((clock["metric"].lower(), clock["goalSeconds"]) for clock in case["slaClocks"])
            return [int(case["number"]), case["subject"], case["status"].lower(), case["channel"]["label"], name("assignee"),
                    name("team"), rounded(metrics["reactionSeconds"]), metrics["reopenCount"], clocks]
        return [plain(edge["node"]) for edge in data["cases"]["edges"]]

    @staticmethod
    def theirs(rows):
        """The same."""
        def plain(row):
            clocks = row[9] if isinstance(row[9], list) else json.loads(row[9] or "[]")
            clocks = sorted((clock["metric"], clock["goal"] / 1000) for clock in clocks)
            return [row[0], row[1], row[2], row[3], row[4], row[5], seconds(row[6]), row[7], clocks]
        return [plain(row) for row in rows]
