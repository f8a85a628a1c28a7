"""The same rows for DuckDB and PostgreSQL: read from the gateway's SQLite file, put into the shape that suits each best."""

import csv
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent / "sql"


def text(name):
    """A statement of the folder."""
    return (HERE / name).read_text(encoding="utf-8")


def export(database_file, folder):
    """Writes flat rows, agents and teams as CSV; gives their paths by table."""
    source = sqlite3.connect(database_file)
    source.execute("PRAGMA cache_size = -400000")
    source.execute(text("clock.sql"))
    source.execute("CREATE INDEX temp.clock_case ON clock (case_id, metric)")
    selects = {"flat": text("flat.sql")}
    for noun in ("agent", "team"):
        selects[noun] = f"SELECT id, name FROM {noun} WHERE workspace = 'bench'"
    paths = {}
    for table, select in selects.items():
        paths[table] = Path(folder) / f"{table}.csv"
        with open(paths[table], "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(source.execute(select))
    source.close()
    return paths


def fill_duckdb(connection, paths):
    """A native table in order of creation."""
    connection.execute(text("table.sql"))
    for noun in ("agent", "team"):
        connection.execute(f"CREATE TABLE {noun} (id TEXT, name TEXT)")
    for table, path in paths.items():
        connection.execute(f"COPY {table} FROM '{path}' (HEADER false, NULLSTR '')")


def fill_postgres(connection, paths):
    """An indexed, analysed table, with statistics and visibility as a settled database has them."""
    connection.execute("DROP SCHEMA IF EXISTS flat_rows CASCADE")
    connection.execute("CREATE SCHEMA flat_rows")
    connection.execute("SET search_path = flat_rows, public")
    connection.execute(text("table.sql"))
    for noun in ("agent", "team"):
        connection.execute(f"CREATE TABLE {noun} (id TEXT PRIMARY KEY, name TEXT)")
    for table, path in paths.items():
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy, open(path, "rb") as file:
            while piece := file.read(1 << 20):
                copy.write(piece)
    connection.execute("CREATE INDEX ON flat (created_at)")
    connection.execute("CREATE INDEX ON flat (resolved_at)")
    connection.execute("ALTER TABLE flat SET (parallel_workers = 2)")
    connection.execute("VACUUM ANALYZE flat")
    connection.execute("ANALYZE agent")
