"""A dashboard: twenty fields with the period before, three series and two lists of ten, in one GraphQL document; and its tiles one by
one, in GraphQL and in DuckDB's SQL."""

from questions import DAY, HEAD, INTERVAL, seconds

CREATED = "created_at >= {from} AND created_at < {until}"
RESOLVED = "resolved_at >= {from} AND resolved_at < {until}"
RATED = "rated_at >= {from} AND rated_at < {until}"
OPEN = "status IN ('new', 'open')"
NOT_DONE = "status NOT IN ('resolved', 'closed')"
COMPLIANCE = """SELECT 100.0 * sum(kept) / sum(decided) FROM (SELECT
    (CASE WHEN first_state = 0 THEN 1 ELSE 0 END + CASE WHEN next_state = 0 THEN 1 ELSE 0 END + CASE WHEN resolution_state = 0 THEN 1 ELSE 0 END) AS kept,
    (CASE WHEN first_state < 2 OR first_due < {now} THEN 1 ELSE 0 END + CASE WHEN next_state < 2 OR next_due < {now} THEN 1 ELSE 0 END
     + CASE WHEN resolution_state < 2 OR resolution_due < {now} THEN 1 ELSE 0 END) AS decided
    FROM flat WHERE """ + CREATED + ")"

LENGTH = "average median p90: percentile(p: 90)"


def of(column, where, functions=("avg", 0.5, 0.9)):
    """A statement about the lengths of a column."""
    parts = [f"avg({column})" if f == "avg" else f"quantile_cont({column}, {f})" for f in functions]
    return f"SELECT {', '.join(parts)} FROM flat WHERE {where}"


def count(where):
    """A statement that counts."""
    return f"SELECT count(*) FROM flat WHERE {where}"


def share(hits, where):
    """A statement about a share."""
    return f"SELECT 100.0 * count(*) FILTER (WHERE {hits}) / count(*) FROM flat WHERE {where}"


# Field, selection, what of it is compared, DuckDB's statement, and whether the values are milliseconds there.
FIELDS = [
    ("createdCases", "count", ["count"], count(CREATED), False),
    ("resolvedCases", "count", ["count"], count(RESOLVED), False),
    ("ratings", "count", ["count"], count(RATED), False),
    ("openCases", "count", ["count"], count(OPEN), False),
    ("unassignedCases", "count", ["count"], count(NOT_DONE + " AND assignee IS NULL"), False),
    ("firstResponseTime", LENGTH, ["average", "median", "p90"], of("first_response", CREATED), True),
    ("resolutionTime", LENGTH, ["average", "median", "p90"], of("resolution", RESOLVED), True),
    ("handleTime", LENGTH, ["average", "median", "p90"], of("handle", CREATED), True),
    ("reactionTime", LENGTH, ["average", "median", "p90"], of("reaction", CREATED), True),
    ("repliesToResolution", "average", ["average"], of("replies", RESOLVED, ("avg",)), False),
    ("csat", "percentage", ["percentage"], share("score >= 4", RATED), False),
    ("ratingScore", "average", ["average"], of("score", RATED, ("avg",)), False),
    ("resolutionRate", "percentage", ["percentage"], share("NOT " + "(" + NOT_DONE + ")", CREATED), False),
    ("slaCompliance", "percentage", ["percentage"], COMPLIANCE, False),
    ("slaCoverage", "percentage", ["percentage"], share("first_state IS NOT NULL", CREATED), False),
]
# Those with the period before.
WITH_PREVIOUS = {"createdCases", "resolvedCases", "firstResponseTime", "resolutionTime", "csat"}
SERIES = [
    ("created", "createdCases", "count", f"SELECT {DAY['duckdb']} AS day, count(*) FROM flat WHERE {CREATED} GROUP BY day ORDER BY day", False),
    ("resolved", "resolvedCases", "count",
     f"SELECT {DAY['duckdb'].replace('created_at', 'resolved_at')} AS day, count(*) FROM flat WHERE {RESOLVED} GROUP BY day ORDER BY day", False),
    ("responses", "firstResponseTime", "median",
     f"SELECT {DAY['duckdb']} AS day, quantile_cont(first_response, 0.5) FROM flat WHERE {CREATED} GROUP BY day ORDER BY day", True),
]
TOPS = [
    ("agents", "resolvedCases", "AGENT", f"""SELECT name, n FROM (SELECT resolver, count(*) AS n FROM flat WHERE {RESOLVED} GROUP BY resolver)
        JOIN agent ON agent.id = resolver ORDER BY n DESC, name LIMIT 10"""),
    ("teams", "createdCases", "TEAM", f"""SELECT name, n FROM (SELECT team, count(*) AS n FROM flat WHERE {CREATED} GROUP BY team)
        JOIN team ON team.id = team ORDER BY n DESC, name LIMIT 10"""),
]


def statement(text, begin, end, now):
    """DuckDB's statement about a period."""
    return text.replace("{from}", str(begin)).replace("{until}", str(end)).replace("{now}", str(now))


class Tile:
    """One tile: its field, how its answer is read, and DuckDB's statements."""

    def __init__(self, alias, field, ours, statements, theirs):
        self.alias, self.field, self.ours, self.statements, self.theirs = alias, field, ours, statements, theirs
        self.graphql = document([self])


def document(tiles):
    """The document of some tiles."""
    fields = "\n".join(f"{tile.alias}: {tile.field}" for tile in tiles)
    return f'{HEAD} {{ metrics({INTERVAL}, timezone: "Europe/Copenhagen") {{ {fields} }} }}'


def number(value):
    """A number as it is compared; counts are texts."""
    return None if value is None else round(float(value), 6)


def figure(name, selection, parts, text, is_ms):
    """A tile of a figure, perhaps with that of the period before."""
    has_previous = name in WITH_PREVIOUS
    field = f"{name} {{ {selection} {f'previous {{ {selection} }}' if has_previous else ''} }}"

    def ours(found):
        of_one = [number(found[part]) for part in parts]
        return of_one + ([number(found["previous"][part]) for part in parts] if has_previous else [])

    def theirs(answers):
        plain = seconds if is_ms else number
        return [plain(value) for rows in answers for value in rows[0]]

    def statements(begin, end, now):
        spans = [(begin, end)] + ([(2 * begin - end, begin)] if has_previous else [])
        return [statement(text, *span, now) for span in spans]
    return Tile(name, field, ours, statements, theirs)


def series(alias, name, part, text, is_ms):
    """A tile of a daily series."""
    def ours(found):
        values = [number(point["metric"][part]) for point in found["series"]]
        return [value for value in values if value]

    def theirs(answers):
        return [(seconds if is_ms else number)(row[1]) for row in answers[0]]
    field = f"{name} {{ series(grain: DAY) {{ label metric {{ {part} }} }} }}"
    return Tile(alias, field, ours, lambda *of_period: [statement(text, *of_period)], theirs)


def top(alias, name, dimension, text):
    """A tile of the ten largest groups."""
    def ours(found):
        return [[group["key"]["label"], number(group["metric"]["count"])] for group in found["by"]]

    def theirs(answers):
        return [[row[0], number(row[1])] for row in answers[0]]
    field = f"{name} {{ by(dimension: {dimension}, first: 10) {{ key {{ label }} metric {{ count }} }} }}"
    return Tile(alias, field, ours, lambda *of_period: [statement(text, *of_period)], theirs)


TILES = [figure(*of_figure) for of_figure in FIELDS] + [series(*of_one) for of_one in SERIES] + [top(*of_one) for of_one in TOPS]

