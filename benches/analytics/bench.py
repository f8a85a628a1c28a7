"""Measures the gateway's analytics against DuckDB and PostgreSQL on the same rows; see README.md. Run by `scripts/bench analytics`."""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psycopg

import flat
import generate
from dashboard import TILES, document
from gateway import Gateway, import_lines
from load import shares_of_plain_handler
from questions import DAY_MS, NOW_MS, Daily, Overview, Page, Top, sql
from report import Report

MINUTE_MS = 60_000
TURNS = 3
YEAR, MONTH = 365 * DAY_MS, 30 * DAY_MS
NOVEMBER = generate.YEAR_FROM + 304 * DAY_MS


class Bench:
    """One size of data, everybody who answers about it, and what is measured."""

    def __init__(self, arguments, cases, folder):
        self.arguments, self.cases, self.folder = arguments, cases, Path(folder)
        self.report = Report(cases)
        self.step = 0

    def prepare(self):
        """Writes, imports and exports the rows; starts everybody."""
        arguments, folder = self.arguments, self.folder
        self.sqlite_file = folder / "ours.db"
        self.sqlite_url = f"sqlite://{self.sqlite_file}"
        lines = self.imported_lines()
        self.gateway = self.start_drawing()
        paths = flat.export(self.sqlite_file, folder)
        self.duckdb = duckdb.connect()
        flat.fill_duckdb(self.duckdb, paths)
        self.postgres = psycopg.connect(arguments.postgres, autocommit=True)
        flat.fill_postgres(self.postgres, paths)
        if self.cases == arguments.cases[-1]:
            few = lines if self.cases <= arguments.page_cases else [lines[0]]
            took = import_lines(arguments.binary, arguments.postgres, few, folder)
            self.postgres.execute("VACUUM ANALYZE")
            self.page_cases = self.postgres.execute("SELECT count(*) FROM public.case_record").fetchone()[0]
            self.report.note(f"import of {self.page_cases} cases into PostgreSQL: {took:.0f} s")

    def imported_lines(self):
        """The files of lines, once they are in SQLite; they are there already in a folder that was kept."""
        done = self.folder / "imported.json"
        if done.exists():
            return json.loads(done.read_text())
        for begun in self.folder.glob("ours.db*"):
            begun.unlink()
        lines = [str(path) for path in generate.write(self.cases, self.folder)]
        took = import_lines(self.arguments.binary, self.sqlite_url, lines, self.folder)
        self.report.note(f"import into SQLite: {took:.0f} s, file of {self.sqlite_file.stat().st_size / 1e9:.2f} GB")
        done.write_text(json.dumps(lines))
        return lines

    def start_drawing(self):
        """Starts the gateway, which draws the picture unless the folder was kept, and waits until its file is written."""
        gateway = Gateway(self.arguments.binary, self.sqlite_url, self.folder)
        self.report.note(f"first start: {gateway.started:.1f} s; {gateway.said('drew the picture')[-70:]}")
        while not list(self.folder.glob("*.picture")):
            time.sleep(0.1)
        return gateway

    def period(self, length, begin=generate.YEAR_FROM):
        """A period that was not asked about before: each is a minute later."""
        self.step += 1
        return begin + self.step * MINUTE_MS, begin + self.step * MINUTE_MS + length

    def ask(self, question, begin, end, gateway=None):
        """What the gateway answers, and in how many seconds."""
        return (gateway or self.gateway).ask(question.graphql, variables(begin, end))

    def in_duckdb(self, statement):
        """Likewise DuckDB."""
        begun = time.perf_counter()
        rows = self.duckdb.execute(statement).fetchall()
        return time.perf_counter() - begun, rows

    def in_postgres(self, statement, connection=None):
        """Likewise PostgreSQL."""
        begun = time.perf_counter()
        rows = (connection or self.postgres).execute(statement).fetchall()
        return time.perf_counter() - begun, rows

    def periods(self, length, begin):
        """One to get warm, and those of one turn."""
        return [self.period(length, begin) for _ in range(1 + -(-self.arguments.rounds // TURNS))]

    def compare(self, question, length, begin=generate.YEAR_FROM):
        """Medians of ours, DuckDB and PostgreSQL, once all have given the same answers. Each answers several periods in a row, so that it
        is measured warm and not by what the others left in the processor's caches; then it is the next one's turn, and all have several."""
        ask = [lambda *period: self.ask(question, *period),
               lambda *period: self.in_duckdb(sql(question.name, "duckdb", *period)),
               lambda *period: self.in_postgres(sql(question.name, "postgres", *period))]
        times = [[], [], []]
        for _ in range(TURNS):
            periods = self.periods(length, begin)
            found = [[of_one(*period) for period in periods] for of_one in ask]
            for place in range(len(periods)):
                ours, *theirs = (of_one[place][1] for of_one in found)
                same(question.name, question.ours(ours), *(question.theirs(rows) for rows in theirs))
            for of_one, answered in zip(times, found):
                of_one += [seconds for seconds, _ in answered[1:]]
        return [statistics.median(of_one) for of_one in times]

    def overview(self):
        """The year, the month, and the year again."""
        ours, ducks, elephants = self.compare(Overview, YEAR)
        self.report.ratios("SLA overview of a year", ours, (ducks, 2, 5, "DuckDB"), (elephants, 10, 25, "PostgreSQL"))
        month = self.compare(Overview, MONTH, NOVEMBER)
        self.report.ratios("the same for one month", month[0], (month[1], 2, 5, "DuckDB"), (month[2], 5, 12, "PostgreSQL"))
        period = self.period(YEAR)
        again = statistics.median([self.ask(Overview, *period)[0] for _ in range(3 * self.arguments.rounds)][1:])
        self.report.ratios("the year's overview asked again", again, (elephants, 50, 300, "PostgreSQL"))

    def others(self):
        """Daily series and the top ten."""
        daily = self.compare(Daily, YEAR)
        self.report.ratios("daily series of a year, Copenhagen", daily[0], (daily[1], 3, 10, "DuckDB"), (daily[2], None, None, "PostgreSQL"))
        top = self.compare(Top, MONTH, NOVEMBER)
        self.report.ratios("top 10 agents of a month", top[0], (top[1], 1, 2, "DuckDB"), (top[2], None, None, "PostgreSQL"))

    def dashboard(self):
        """Twenty tiles in one document against its dearest tile, and against DuckDB's tiles one after another. The document and its tiles take
        turns, so that what else the machine does falls on both, and neither is measured by what DuckDB left in the processor's caches."""
        whole, ducks, tiles = [], [], {tile.alias: [] for tile in TILES}
        for _ in range(TURNS):
            periods = self.periods(MONTH, NOVEMBER)
            ours = []
            for place, period in enumerate(periods):
                ours.append(self.gateway.ask(document(TILES), variables(*period)))
                alone = [(tile.alias, self.ask(tile, *self.period(MONTH, NOVEMBER))[0]) for tile in TILES]
                for alias, seconds in alone if place > 0 else []:
                    tiles[alias].append(seconds)
            theirs = [{tile.alias: [self.in_duckdb(text) for text in tile.statements(*period, NOW_MS)] for tile in TILES} for period in periods]
            for (_, data), found in zip(ours, theirs):
                for tile in TILES:
                    same(tile.alias, tile.ours(data["metrics"][tile.alias]), tile.theirs([rows for _, rows in found[tile.alias]]))
            whole += [seconds for seconds, _ in ours[1:]]
            ducks += [sum(seconds for answered in found.values() for seconds, _ in answered) for found in theirs[1:]]
        dearest = max(statistics.median(of_one) for of_one in tiles.values())
        whole = statistics.median(whole)
        self.report.at_most("dashboard of 20 fields, in its dearest tile", whole, whole / dearest, 2.5, 1.5, f"{1e3 * dearest:.1f} ms")
        self.report.ratios("dashboard of 20 fields", whole, (statistics.median(ducks), 3, 8, "DuckDB"))

    def page(self):
        """A page of cases from the gateway on PostgreSQL, against one statement."""
        folder = self.folder / "beside"
        folder.mkdir(exist_ok=True)
        beside = Gateway(self.arguments.binary, self.arguments.postgres, folder)
        reading = psycopg.connect(self.arguments.postgres, autocommit=True)
        ours, theirs = [], []
        span = max(DAY_MS, YEAR // self.page_cases * 60)
        for turn in range(3 * self.arguments.rounds):
            period = self.period(span)
            seconds, data = self.ask(Page, *period, gateway=beside)
            other, rows = self.in_postgres(sql("page", "postgres", *period), reading)
            same("page", Page.ours(data), Page.theirs(rows))
            if turn > 0:
                ours.append(seconds)
                theirs.append(other)
        beside.stop()
        reading.close()
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        self.report.at_most(f"page of 50 of {self.page_cases} cases on PostgreSQL, in one statement", ours, ours / theirs, 6, 3, f"{1e3 * theirs:.2f} ms")

    def change(self):
        """One event sent until the first answer that has it."""
        query = '{ metrics(period: {interval: {from: "2025-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z"}}) { messages { count } } }'
        count = lambda data: int(data["metrics"]["messages"]["count"])
        before, times = count(self.gateway.ask(query)[1]), []
        for turn in range(self.arguments.rounds):
            line = {"type": "message", "case": f"c{turn * (self.cases // 100)}", "id": f"late-{before}", "at": "2026-01-04T00:00:00Z",
                    "author": {"kind": "customer", "id": "cu1"}}
            begun = time.perf_counter()
            status, answer = self.gateway.send("POST", "/ingest", json.dumps(line), "application/x-ndjson")
            after = count(self.gateway.ask(query)[1])
            times.append(time.perf_counter() - begun)
            if status != 200 or after != before + 1:
                raise SystemExit(f"a change was not visible: {status} {answer[:300]} {before} {after}")
            before = after
        self.report.within("one case changed, until it is in an answer", statistics.median(times), 0.050, 0.010)

    def start(self):
        """The start from the file of the picture, and memory held then."""
        self.gateway.stop()
        again = Gateway(self.arguments.binary, self.sqlite_url, self.folder)
        self.ask(Overview, *self.period(YEAR), gateway=again)
        loaded = again.resident_bytes()
        again.stop()
        empty_folder = self.folder / "empty"
        empty_folder.mkdir(exist_ok=True)
        empty = Gateway(self.arguments.binary, f"sqlite://{empty_folder}/empty.db", empty_folder)
        held = (loaded - empty.resident_bytes()) / self.cases
        empty.stop()
        self.report.within("start with a picture, until ready", again.started, 3, 1)
        self.report.bytes("resident memory of the picture a case", held, 1_600, 800)

    def run(self):
        """Everything."""
        self.prepare()
        self.overview()
        self.others()
        self.dashboard()
        self.change()
        if self.cases == self.arguments.cases[-1]:
            self.page()
            self.report.shares(*shares_of_plain_handler(self.gateway, self.arguments.plain))
        self.start()
        self.duckdb.close()
        self.postgres.close()
        self.report.show()


def variables(begin, end):
    """Those of a document."""
    return {"from": generate.instant(begin), "until": generate.instant(end)}


def same(name, *answers):
    """Ends everything when answers differ."""
    for other in answers[1:]:
        if answers[0] != other:
            places = [(a, b) for a, b in zip(answers[0], other) if a != b][:5]
            raise SystemExit(f"{name}: answers differ in {places or [len(answers[0]), len(other)]}")


def main():
    """Reads the command line; a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the gateway's program")
    parser.add_argument("--plain", help="the program that serves a plain handler; without it that row is left out")
    parser.add_argument("--postgres", required=True, help="a database that may be filled")
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000_000], help="sizes, in rising order")
    parser.add_argument("--page-cases", type=int, default=1_000_000, help="most cases imported into PostgreSQL as a whole; of more, an eighth")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--keep", help="folder to work in, kept afterwards and used again")
    arguments = parser.parse_args()
    for cases in arguments.cases:
        folder = f"{arguments.keep}/{cases}" if arguments.keep else tempfile.mkdtemp(prefix="deskgraph-bench-")
        Path(folder).mkdir(parents=True, exist_ok=True)
        try:
            Bench(arguments, cases, folder).run()
        finally:
            if not arguments.keep:
                shutil.rmtree(folder)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
