"""`nnlab separate`: several knobs were turned at once; which of them did it?"""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nnlab.trials.separate import Effect, Separated


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "separate",
        help="of several knobs turned at once, what each did by itself",
        description="Take a run in which several knobs were turned within one window back to before the first of them, "
        "and train it on with each change alone, with all of them and with none.",
    )
    parser.add_argument("run_file", metavar="FILE|SCENARIO", help="a run file, or a scenario to be trained first")
    parser.add_argument("--seeds", type=_few, default=1, metavar="K", help="orders of batches for each change (1)")
    parser.add_argument("--json", action="store_true", help="the table as one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Separate them; the exit status. Raises UserError."""
    import json
    import sys
    import tempfile
    from dataclasses import asdict
    from pathlib import Path

    from nnlab.cli.headless import EngineError
    from nnlab.cli.interrupt import Interrupt
    from nnlab.cli.progress import Progress
    from nnlab.cli.report import plain
    from nnlab.trials.engine import CalledOffError, TrialError
    from nnlab.trials.forks import Watching
    from nnlab.trials.separate import confounded, separate

    progress = Progress()
    with Interrupt() as interrupt, tempfile.TemporaryDirectory(prefix="nnlab-") as private:
        folder = Path(private)
        try:
            file = _run_file(args.run_file, folder, progress, interrupt.asked)
            turns = confounded(file)
            found = separate(
                file,
                turns,
                folder,
                args.seeds,
                Watching(interrupt.asked, lambda done, of: progress.say(f"{done} of {of} forks done")),
            )
        except (EngineError, TrialError) as error:
            print(error, file=sys.stderr)
            return ENGINE_FAILED
        except (KeyboardInterrupt, CalledOffError):
            return INTERRUPTED
        finally:
            progress.close()
    print(
        json.dumps(plain(asdict(found) | {"headline": found.headline}), allow_nan=False) if args.json else _text(found)
    )
    return DONE


def _run_file(
    target: str, folder: "Path", progress: "Callable[..., None]", interrupted: "Callable[[], bool]"
) -> "Path":
    """The run file that is named, or that of the scenario that is, trained until its changes are confounded."""
    from pathlib import Path

    from nnlab.cli.headless import Watch
    from nnlab.client.live import LiveFeed
    from nnlab.runs.folder import SUFFIX
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load
    from nnlab.trials.separate import MODE

    if target.endswith(SUFFIX):
        return Path(target).expanduser()
    loaded, file = load(find(target)), folder / f"run{SUFFIX}"
    feed = LiveFeed.start(
        loaded, seed=loaded.scenario.seed, device="cpu", record=str(file), paused=True, name="nnlab separate"
    )
    try:
        Watch(feed, lambda look: any(item.mode == MODE for item in look.standing), interrupted, progress).run()
    finally:
        feed.close()
    return file


def _text(found: "Separated") -> str:
    from nnlab.cli.report_text import short
    from nnlab.cli.table import columns

    def row(name: str, one: "Effect") -> tuple[str, str, str, str]:
        better = sum(effect < 0 for effect in one.effects)
        return name, f"{one.effect:+.4g}", f"{better} of {len(one.effects)}", one.verdict

    rows = [row(f"{one.knob} {one.old} → {one.new}", one) for one in found.changes]
    if found.together is not None:
        rows.append(row("all together", found.together))
    rows.append(("none of them", "", "", found.untouched))
    head = ("change", f"effect on {found.measure}", "seeds lowered", "ends")
    told = f"Changes at step {found.step}, each alone for {found.horizon} steps; untouched {found.measure} "
    return f"{found.headline}\n\n{told}{short(found.value)}\n{columns(head, rows)}"


def _few(text: str) -> int:
    """A number of orders."""
    if not text.isdecimal() or not 1 <= int(text) <= 20:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 20, got {text}")
    return int(text)
