"""`nnlab export`: a run file as a table that other programs read."""

import argparse
import contextlib
import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.runs.reader import RunFile

FORMATS = ("csv", "jsonl")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "export",
        help="a run file as CSV or JSON lines",
        description="Every recorded point of a run, a row for each step with a cell or field for each series.",
    )
    parser.add_argument("file", metavar="FILE", help="run file")
    parser.add_argument("--to", choices=FORMATS, required=True, help="csv: empty cells where nothing was measured")
    parser.add_argument("--out", metavar="FILE", help="where it goes (standard output)")


def run(args: argparse.Namespace) -> int:
    from nnlab.runs.reader import RunFile

    write = _csv if args.to == "csv" else _jsonl
    with RunFile(Path(args.file).expanduser()) as run_file, _target(args.out) as out:
        write(run_file, out)
    return 0


@contextlib.contextmanager
def _target(path: str | None) -> Iterator[TextIO]:
    """Standard output, or a new file; what exists is not overwritten."""
    if path is None:
        yield sys.stdout
        return
    try:
        with Path(path).expanduser().open("x", encoding="utf-8", newline="") as file:
            yield file
    except FileExistsError:
        raise UserError(f"{path} exists already; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from None


def _rows(run_file: "RunFile") -> Iterator[tuple[int, dict[str, float]]]:
    """Each step at which anything was measured, with what was."""
    rows: dict[int, dict[str, float]] = {}
    for name in run_file.names():
        steps, values = run_file.series(name)
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            rows.setdefault(step, {})[name] = value
    yield from sorted(rows.items())


def _csv(run_file: "RunFile", out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    names = run_file.names()
    writer.writerow(("step", *names))
    for step, cells in _rows(run_file):
        writer.writerow((step, *(cells.get(name, "") for name in names)))


def _jsonl(run_file: "RunFile", out: TextIO) -> None:
    for step, cells in _rows(run_file):
        fields = {name: value if math.isfinite(value) else _word(value) for name, value in cells.items()}
        out.write(json.dumps({"step": step, **fields}, allow_nan=False) + "\n")


def _word(value: float) -> str:
    """JSON has no numbers for these; the words are those of `nnlab run --json`."""
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
