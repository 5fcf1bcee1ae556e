"""`nnlab export`: a run file as a table that other programs read, or as a program."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.runs.reader import RunFile

FORMATS = ("csv", "jsonl", "toml", "pytorch")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "export",
        help="a run file as a table, as a scenario, or as a PyTorch script",
        description="Every recorded point of a run, a row for each step with a cell or field for each series; or what "
        "was done in it, as a scenario with a script, or as a PyTorch script that needs no nnlab.",
    )
    parser.add_argument("file", metavar="FILE", help="run file")
    parser.add_argument("--to", choices=FORMATS, required=True, help="csv: empty cells where nothing was measured")
    parser.add_argument("--out", metavar="FILE", help="where it goes (standard output)")


def run(args: argparse.Namespace) -> int:
    """Write it; the exit status. Raises UserError."""
    from nnlab.runs.reader import RunFile

    out = Path(args.out).expanduser() if args.out else None
    with RunFile(Path(args.file).expanduser()) as run_file:
        if args.to == "pytorch":
            _pytorch(run_file, out)
        elif args.to == "toml":
            from nnlab.programs.steered import steered
            from nnlab.programs.to_toml import to_toml

            _write(out, to_toml(steered(run_file)))
        else:
            from nnlab.runs.tables import csv_text, json_lines

            _write(out, (csv_text if args.to == "csv" else json_lines)(run_file))
    return 0


def _pytorch(run_file: "RunFile", out: Path | None) -> None:
    """The script, and its arrays in a file beside it where it needs some."""
    import numpy as np

    from nnlab.programs.pytorch.write import to_pytorch
    from nnlab.programs.steered import steered

    arrays_file = out.with_suffix(".npz") if out else Path("arrays.npz")
    script = to_pytorch(steered(run_file), arrays_file.name)
    if script.arrays and out is None:
        raise UserError("this script needs arrays in a file beside it: say with --out where it goes")
    if script.arrays:
        _free(arrays_file)
    _write(out, script.text)
    if script.arrays:
        np.savez_compressed(arrays_file, **script.arrays)  # type: ignore[arg-type]  # numpy's own stub


def _write(out: Path | None, text: str) -> None:
    """To standard output, or to a new file; what exists is not overwritten."""
    if out is None:
        print(text, end="")
        return
    _free(out)
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"cannot write {out}: {error.strerror or error}") from None


def _free(path: Path) -> None:
    if path.exists():
        raise UserError(f"{path} exists already; choose another name")
