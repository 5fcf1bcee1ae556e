"""`nnlab doctor`: what works on this machine, and what to do about the rest."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from nnlab import __version__
from nnlab.glyph_choice import choice
from nnlab.resources import bundled, runs_folder, runtime_folder, user_folder

OLDEST_PYTHON = (3, 11)
SMALLEST_TERMINAL = (80, 24)
TORCH_SECONDS = 120
"""Longest wait for torch's import; on a cold disk it can take most of a minute."""

LIBRARIES = ("textual", "numpy", "tomli", "tomli_w", "plotext", "pydantic")

_ASK_TORCH = """
import json, torch
mps = getattr(torch.backends, "mps", None)
print(json.dumps({
    "version": torch.__version__,
    "threads": torch.get_num_threads(),
    "cuda": [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())],
    "mps": bool(mps and mps.is_available()),
}))
"""

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at. `advice` says what to do where it is not ok."""

    state: State
    what: str
    found: str
    advice: str = ""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser(
        "doctor",
        help="what works on this machine",
        description="Look at Python, torch, devices, terminal and folders. Exit status 1 if anything essential fails.",
    )


def run(_: argparse.Namespace) -> int:
    failed = False
    for line in _lines():
        print(f"{line.state:<5} {line.what:<17} {line.found}", flush=True)
        if line.advice:
            print(f"{'':<23} → {line.advice}", flush=True)
        failed |= line.state == "fail"
    return 1 if failed else 0


def _lines() -> Iterator[Line]:
    yield Line("ok", "nnlab", __version__)
    yield _python()
    yield Line("ok", "platform", f"{platform.system()} {platform.release()} {platform.machine()}")
    yield _libraries()
    yield from _torch()
    yield _browser()
    yield from _terminal()
    yield from _folders()


def _python() -> Line:
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Line("ok", "python", found)
    return Line("fail", "python", found, f"nnlab needs Python {'.'.join(map(str, OLDEST_PYTHON))} or later")


def _libraries() -> Line:
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        return Line("fail", "libraries", f"missing: {', '.join(missing)}", "install nnlab again with pip")
    return Line("ok", "libraries", ", ".join(LIBRARIES))


def _browser() -> Line:
    """What only `nnlab serve` needs."""
    if find_spec("textual_serve") is None:
        return Line("ok", "browser", "no textual-serve; only nnlab serve needs it: pip install 'nnlab[web]'")
    return Line("ok", "browser", "textual-serve: nnlab serve shows the lab in a browser")


def _torch() -> Iterator[Line]:
    """torch is asked in a process of its own: importing it takes seconds, and a broken one can crash."""
    install = 'install it: pip install "torch>=2.4,<2.14" (https://pytorch.org for other builds)'
    if find_spec("torch") is None:
        yield Line("fail", "torch", "not installed; scenarios can be read but not run", install)
        return
    try:
        asked = subprocess.run(
            [sys.executable, "-c", _ASK_TORCH], capture_output=True, text=True, timeout=TORCH_SECONDS, check=True
        )
        answer = json.loads(asked.stdout.splitlines()[-1])
    except subprocess.CalledProcessError as error:
        reason = (str(error.stderr).strip() or f"ended with status {error.returncode}").splitlines()[-1]
        yield Line("fail", "torch", f"does not start: {reason}", install)
        return
    except (subprocess.TimeoutExpired, OSError, ValueError, IndexError) as error:
        yield Line("fail", "torch", f"does not answer: {error}", install)
        return
    yield Line("ok", "torch", str(answer["version"]))
    yield from _devices(answer)


def _devices(answer: dict[str, Any]) -> Iterator[Line]:
    cores = os.cpu_count() or 1
    advice = "the lab and the engine share one core; it works, but slower" if cores == 1 else ""
    yield Line("ok" if cores > 1 else "warn", "cpu", f"{cores} cores, torch uses {answer['threads']} threads", advice)
    yield Line("ok", "cuda", ", ".join(answer["cuda"]) or "none (not needed)")
    yield Line("ok", "mps", "available" if answer["mps"] else "none (not needed)")


def _terminal() -> Iterator[Line]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        found = "standard input or output is not a terminal"
        yield Line("warn", "terminal", found, "nnlab run needs none; the lab does")
    columns, rows = shutil.get_terminal_size()
    fits = columns >= SMALLEST_TERMINAL[0] and rows >= SMALLEST_TERMINAL[1]
    least = "×".join(map(str, SMALLEST_TERMINAL))
    yield Line("ok" if fits else "warn", "size", f"{columns}×{rows}", "" if fits else f"make it {least} or larger")
    yield _colours(os.environ.get("TERM", ""), os.environ.get("COLORTERM", ""))
    encoding = (sys.stdout.encoding or "ascii").lower()
    if choice(encoding=encoding) == "ascii":
        advice = "set a UTF-8 locale, such as LC_ALL=C.UTF-8, or say --glyphs braille where the font has it"
        yield Line("warn", "characters", f"ASCII only, for this TERM and locale ({encoding})", advice)
    else:
        yield Line("ok", "characters", f"{encoding}: braille ⣿ and blocks █ (if these show, plots will)")


def _colours(term: str, colorterm: str) -> Line:
    found = f"TERM={term or '(unset)'} COLORTERM={colorterm or '(unset)'}"
    if os.environ.get("NO_COLOR"):
        return Line("ok", "colours", f"greys, as NO_COLOR is set; {found}")
    if term in {"", "dumb"}:
        return Line("warn", "colours", f"none: {found}", "use a terminal that sets TERM, such as xterm-256color")
    if colorterm in {"truecolor", "24bit"}:
        return Line("ok", "colours", f"16 million; {found}")
    if "256color" in term:
        return Line("ok", "colours", f"256; {found}")
    return Line("warn", "colours", f"16; {found}", "set COLORTERM=truecolor if your terminal can show more")


def _folders() -> Iterator[Line]:
    scenarios = bundled("scenarios")
    count = len(list(scenarios.rglob("*.toml")))
    if count:
        yield Line("ok", "bundled scenarios", f"{count} in {scenarios}")
    else:
        yield Line("fail", "bundled scenarios", f"none in {scenarios}", "install nnlab again with pip")
    yield _folder("runs", runs_folder(), "fail", "set NNLAB_RUNS to a folder that you can write to")
    yield _folder("sockets", runtime_folder(), "fail", "set XDG_RUNTIME_DIR to a folder of your own")
    yield _folder("own scenarios", user_folder("scenarios"), "warn", "set XDG_CONFIG_HOME to a folder of your own")


def _folder(what: str, folder: Path, otherwise: State, advice: str) -> Line:
    """Whether files can be written there; a folder that is not there yet must be one that can be made."""
    nearest = next((parent for parent in (folder, *folder.parents) if parent.exists()), Path("/"))
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Line("ok", what, f"{folder}{'' if nearest == folder else ' (made when needed)'}")
    return Line(otherwise, what, f"{folder} cannot be written to", advice)
