"""`nnlab report`: one file that tells a recorded run, with its plots."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {"md": (".md", ".markdown"), "html": (".html", ".htm")}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "report",
        help="one file that tells a recorded run: plots, findings, journal, settings",
        description="Write a recorded run down as one Markdown or HTML file: its story, plots, findings with their "
        "evidence, what was done and tried, branches, settings, and how to do it again. It needs no other file.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file, or the name of a run in the runs folder")
    parser.add_argument("--to", choices=tuple(FORMS), help="the form (by the name of --out, else md)")
    parser.add_argument("--out", metavar="FILE", help="where it goes, a new file (standard output)")


def run(args: argparse.Namespace) -> int:
    """Write it; the exit status. Raises UserError."""
    from nnlab.runs.folder import run_file

    files = import_module("nnlab.ui.report.files")
    out = Path(args.out).expanduser() if args.out else None
    if out is not None and out.exists():
        raise UserError(f"{out} exists already; choose another name")
    text = files.text(str(run_file(args.file)), args.to or _form(out, tuple(FORMS)))
    if out is None:
        print(text, end="")
    else:
        files.write_new(out, text)
    return 0


def _form(out: Path | None, forms: "Sequence[str]") -> str:
    """The form that the name of the file asks for. Raises UserError where it is none of them."""
    if out is None:
        return forms[0]
    for form in forms:
        if out.suffix.lower() in FORMS[form]:
            return form
    raise UserError(f"--out {out}: its name says no form; end it in .md or .html, or give --to md or --to html")
