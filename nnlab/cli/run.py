"""`nnlab run`: train a scenario without a screen and report."""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from nnlab.cli.headless import Outcome
    from nnlab.cli.progress import Progress
    from nnlab.client.feed import Feed
    from nnlab.diagnosis.finding import Diagnosis
    from nnlab.scenario.load import Loaded
    from nnlab.trials.twin import Start

DEVICES = ("auto", "cpu", "cuda", "mps")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "run",
        help="train a scenario without a screen and report",
        description="Train a scenario without a screen: progress on standard error, a report on standard output.",
    )
    parser.add_argument("scenario", metavar="SCENARIO", help="a bundled scenario's name or a path")
    parser.add_argument("--steps", type=_count, metavar="N", help="train N steps instead of the scenario's")
    parser.add_argument("--seed", type=_seed, metavar="S", help="seed instead of the scenario's")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where to train (default: auto)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override a key or a knob")
    parser.add_argument("--at", action="append", default=[], metavar="STEP:KNOB=VALUE", help="turn a knob at a step")
    parser.add_argument("--until", metavar="FINDING|healthy", help="stop as soon as this stands")
    parser.add_argument("--auto-cure", action="store_true", help="try the remedies of what is wrong, adopt what helps")
    parser.add_argument("--tries", type=_few, metavar="N", help="with --auto-cure: remedies tried at once (default: 3)")
    parser.add_argument("--seeds", type=_few, metavar="K", help="with --auto-cure: orders of batches for each (1)")
    parser.add_argument("--twin", action="store_true", help="tell what each turn caused, against an untouched control")
    recording = parser.add_mutually_exclusive_group()
    recording.add_argument("--record", metavar="FILE", help="run file (default: a new one in the runs folder)")
    recording.add_argument("--no-record", action="store_true", help="write no run file")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    parser.add_argument("--plain", action="store_true", help="progress in plain lines, with every finding as it comes")
    parser.add_argument("--fail-on", metavar="MODE[,MODE]", help='exit 1 if one of these stands at the end; or "any"')
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run it; the exit status. Raises UserError."""
    from nnlab.cli.modes import known_modes, until
    from nnlab.client.launch import Aside
    from nnlab.client.live import LiveFeed
    from nnlab.trials.twin import control

    _consistent(args)
    accept = until(args.until) if args.until else None
    failing = known_modes(args.fail_on) if args.fail_on else ()
    loaded = _loaded(args)
    record = _record(args, loaded)

    def start(scenario: "Loaded" = loaded, file: str = record) -> LiveFeed:
        return LiveFeed.start(
            scenario,
            seed=scenario.scenario.seed,
            device=args.device,
            record=file,
            paused=accept is not None or args.auto_cure,
            aside=Aside(nice=0) if args.auto_cure else None,
            name="nnlab run",
        )

    if args.auto_cure:
        return _cured(args, loaded, record, start, failing)
    twin = control(loaded, loaded.scenario.seed, args.device) if args.twin else None
    return watch(start, accept, failing, args.json, twin, plain=args.plain)


def _cured(
    args: argparse.Namespace, loaded: "Loaded", record: str, start: "Callable[[Loaded, str], Feed]",
    failing: tuple[str, ...],
) -> int:  # fmt: skip
    """The same under care; a run that begins again has a run file of its own."""
    from pathlib import Path

    from nnlab.cli.auto_cure import AutoCure
    from nnlab.cli.trials_report import record as as_record
    from nnlab.cli.trials_report import text
    from nnlab.runs.folder import unused
    from nnlab.trials.prove import TRIES

    def begin(scenario: "Loaded") -> "Feed":
        return start(scenario, str(unused(Path(record))) if record else "")

    care = AutoCure(loaded, begin, tries=args.tries or TRIES, seeds=args.seeds or 1)
    return performed(
        care.run,
        failing,
        args.json,
        more_json=lambda: {"trials": [as_record(one) for one in care.rounds]},
        more_text=lambda: text(care.rounds),
        plain=args.plain,
    )


def watch(
    start: "Callable[[], Feed]", accept: "Callable[[Diagnosis], bool] | None", failing: tuple[str, ...], as_json: bool,
    twin: "Start | None" = None, *, plain: bool = False,
) -> int:  # fmt: skip
    """Start a run, watch it to its end and report; the exit status. Raises UserError.

    `twin` starts an untouched control at each knob turn, and the report says what the turn caused.
    """
    from nnlab.cli import effects_report
    from nnlab.cli.headless import Watch
    from nnlab.trials.twins import Twins

    twins = Twins()

    def train(progress: "Progress", interrupted: "Callable[[], bool]") -> "Outcome":
        nonlocal twins
        feed = start()
        twins = Twins(twin, feed.send, wanted=twin is not None, patient=True)
        try:
            return Watch(feed, accept, interrupted, progress, twins=twins).run()
        finally:
            progress.close()
            twins.close()
            feed.close()

    if twin is None:
        return performed(train, failing, as_json, plain=plain)
    return performed(
        train,
        failing,
        as_json,
        more_json=lambda: {"effects": [effects_report.record(one) for one in twins.effects]},
        more_text=lambda: effects_report.text(twins.effects, twins.trouble),
        plain=plain,
    )


def performed(
    train: "Callable[[Progress, Callable[[], bool]], Outcome]",
    failing: tuple[str, ...],
    as_json: bool,
    more_json: "Callable[[], dict[str, Any]]" = dict,
    more_text: "Callable[[], str]" = str,
    *,
    plain: bool = False,
) -> int:
    """Train as told and report, with what more there is to say; the exit status. Raises UserError."""
    import json
    import sys

    from nnlab.cli import report, report_text
    from nnlab.cli.headless import EngineError
    from nnlab.cli.interrupt import Interrupt
    from nnlab.cli.progress import PlainProgress, Progress
    from nnlab.trials.engine import TrialError

    progress = PlainProgress() if plain else Progress()
    with Interrupt() as interrupt:
        try:
            outcome = train(progress, interrupt.asked)
        except (EngineError, TrialError) as error:
            progress.close()
            print(error, file=sys.stderr)
            return ENGINE_FAILED
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            progress.close()
    if as_json:
        print(json.dumps(report.build(outcome) | more_json(), allow_nan=False))
    else:
        print(report_text.render(outcome) + more_text(), end="")
    return _status(outcome, failing)


def _status(outcome: "Outcome", failing: tuple[str, ...]) -> int:
    if outcome.stopped == "interrupted":
        return INTERRUPTED
    standing = outcome.diagnosis.standing if outcome.diagnosis else ()
    hit = any(item.mode in failing or ("any" in failing and item.problem) for item in standing)
    return CHECK_FAILED if hit else DONE


def _loaded(args: argparse.Namespace) -> "Loaded":
    """The scenario with every override in it, so that the run file's TOML is what was run."""
    from dataclasses import replace

    from nnlab.scenario.catalog import find
    from nnlab.scenario.dump import dump
    from nnlab.scenario.load import load

    loaded = load(find(args.scenario), args.set, args.at)
    scenario = loaded.scenario
    if args.steps is not None:
        train = scenario.train.model_copy(update={"steps": args.steps, "epochs": None})
        scenario = scenario.model_copy(update={"train": train})
    if args.seed is not None:
        scenario = scenario.model_copy(update={"seed": args.seed})
    return loaded if scenario is loaded.scenario else replace(loaded, scenario=scenario, text=dump(scenario))


def _record(args: argparse.Namespace, loaded: "Loaded") -> str:
    """Absolute path of the run file; empty for none. Raises UserError if a named one exists."""
    from pathlib import Path

    from nnlab.errors import UserError
    from nnlab.runs.folder import new_file

    if args.no_record:
        return ""
    if not args.record:
        return str(new_file(loaded.name, loaded.scenario.seed))
    path = Path(args.record).expanduser().absolute()
    if path.exists():
        raise UserError(f"{args.record} exists already; a run file is never overwritten: choose another name")
    return str(path)


def _count(text: str) -> int:
    """A number of steps."""
    if not text.isdecimal() or not 1 <= int(text) <= 100_000_000:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 100000000, got {text}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {2**63 - 1}, got {text}")
    return int(text)


def _few(text: str) -> int:
    """A number of things that are done side by side."""
    if not text.isdecimal() or not 1 <= int(text) <= 20:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 20, got {text}")
    return int(text)


def _consistent(args: argparse.Namespace) -> None:
    """Raises UserError where options exclude each other."""
    from nnlab.errors import UserError

    if args.auto_cure and args.until:
        raise UserError("--until stops at a finding, --auto-cure treats it: give one of them")
    if args.auto_cure and args.twin:
        raise UserError("--auto-cure proves its turns against a control of its own: leave --twin out")
    if not args.auto_cure and (args.tries or args.seeds):
        raise UserError("--tries and --seeds say how --auto-cure tries remedies: give --auto-cure too")
