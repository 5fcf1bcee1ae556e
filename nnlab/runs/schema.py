"""The run file: one SQLite database per run, readable with any SQLite client while the run goes on.

`meta(key, value)`                  what is known of the run, one row per field of `RunInfo` (tables of values as JSON)
`scalars(step, series, value)`      every recorded point; NaN is NULL, ±inf is REAL infinity
`events(seq, step, kind, body)`     what happened, in order of `seq`; `body` is JSON (see `nnlab.runs.journal`)
`snapshots(step, branch, body)`     full states of the training

`scalars` is a view: the points lie in `points`, which stores a small integer for the series and is clustered by series
and step, so that a point takes about 15 bytes and one curve is read without touching the others. The first measurement
of a series at a step counts; a second one is ignored.
"""

import sqlite3

APPLICATION_ID = 0x6E6E4C62
"""The bytes "nnLb" in SQLite's header, by which `file` and nnlab know a run file."""

FORMAT = 1
"""Version of these tables, kept in `user_version`; a reader refuses newer ones."""

TABLES = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE points (series INTEGER NOT NULL, step INTEGER NOT NULL, value REAL, PRIMARY KEY (series, step))
    WITHOUT ROWID;
CREATE VIEW scalars AS
    SELECT points.step AS step, series.name AS series, points.value AS value
    FROM points JOIN series ON series.id = points.series;
CREATE TABLE events (seq INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE snapshots (step INTEGER NOT NULL, branch INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (branch, step));
COMMIT;
"""


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """An integer of the database header."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
