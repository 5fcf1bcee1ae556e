"""The run file: one SQLite database per run, readable with any SQLite client while the run goes on.

`meta(key, value)`                        what is known of the run, one row per field of `RunInfo` (tables of values as
                                          JSON), and `branch`, the current one
`scalars(step, series, value)`            every recorded point of the current branch's line; NaN is NULL, ±inf is REAL
                                          infinity
`events(seq, step, kind, body, branch)`   what happened, in order of `seq`; `body` is JSON (see `nnlab.runs.journal`)
`branches(id, parent, step, name)`        the lines of the run (see `nnlab.wire.values.Branch`); the first has id 0
`snapshots(step, branch, body, kind)`     full states of the training (see `nnlab.runs.body`); `kind` says why it was
                                          taken: start, steady, before (a change), request
`points(series, branch, step, value)`     every recorded point of every branch, by number of the series in
                                          `series(id, name)`
`lines(branch, source, stop)`             whose points make up the line of each branch: those before `stop`, of sampled
                                          series also those at it

`scalars` is a view: the points lie in `points`, which stores a small integer for the series and is clustered by series
and step, so that a point takes about 15 bytes and one curve is read without touching the others. The first measurement
of a series at a step counts; a second one is ignored.

Format 1, written before there were branches, is read as a run with one branch.
"""

import sqlite3

from nnlab.wire.values import PER_STEP

APPLICATION_ID = 0x6E6E4C62
"""The bytes "nnLb" in SQLite's header, by which `file` and nnlab know a run file."""

FORMAT = 2
"""Version of these tables, kept in `user_version`; a reader refuses newer ones."""

ENDLESS = 2**62
"""Where a branch's own points end."""

TABLES = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE points (series INTEGER NOT NULL, branch INTEGER NOT NULL, step INTEGER NOT NULL, value REAL,
    PRIMARY KEY (series, branch, step)) WITHOUT ROWID;
CREATE TABLE branches (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, step INTEGER NOT NULL, name TEXT NOT NULL);
INSERT INTO branches VALUES (0, -1, 0, '');
INSERT INTO meta VALUES ('branch', '0');
CREATE VIEW lines AS
    WITH RECURSIVE above (branch, source, stop) AS (
        SELECT id, id, {ENDLESS} FROM branches
        UNION ALL
        SELECT above.branch, branches.parent, branches.step FROM above JOIN branches ON branches.id = above.source
        WHERE branches.parent >= 0)
    SELECT * FROM above;
CREATE VIEW scalars AS
    SELECT points.step AS step, series.name AS series, points.value AS value
    FROM lines JOIN points ON points.branch = lines.source JOIN series ON series.id = points.series
    WHERE lines.branch = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'branch')
        AND (points.step < lines.stop OR points.step = lines.stop AND series.name NOT IN {PER_STEP});
CREATE TABLE events (seq INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    branch INTEGER NOT NULL DEFAULT 0);
CREATE TABLE snapshots (step INTEGER NOT NULL, branch INTEGER NOT NULL, body BLOB NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (branch, step));
COMMIT;
"""


V1 = """
CREATE TEMP VIEW points AS SELECT series, 0 AS branch, step, value FROM main.points;
CREATE TEMP VIEW events AS SELECT seq, step, kind, body, 0 AS branch FROM main.events;
CREATE TEMP VIEW snapshots AS SELECT step, branch, body, 'steady' AS kind FROM main.snapshots;
CREATE TEMP VIEW branches AS SELECT 0 AS id, -1 AS parent, 0 AS step, '' AS name;
"""
"""What makes a file of format 1 look like one of today's to the connection that runs it."""


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """An integer of the database header."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
