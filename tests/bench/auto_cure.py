"""Does `nnlab run --auto-cure` cure? Every bundled scenario whose finding has remedies that can be applied is trained
under care, or with `--published` the detector bench's sick published cases; the verdict at the end is looked at.

    python tests/bench/auto_cure.py [--published] [--only TEXT] [--jobs N] [SCENARIO...]
"""

import argparse
import io
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from detector import datasets
from detector.published import PUBLISHED

from nnlab.cli.auto_cure import AutoCure
from nnlab.cli.progress import Progress
from nnlab.cli.table import columns
from nnlab.client.live import LiveFeed
from nnlab.diagnosis.finding import HEALTHY
from nnlab.errors import UserError
from nnlab.scenario.catalog import entries, find
from nnlab.scenario.load import Loaded, load, load_text

NOTHING_TO_LEARN = frozenset({"own-random-labels", "so-45337371-random-xy"})
"""Published cases whose targets are noise: no remedy of the run can cure them."""


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario under care: the findings met with what was adopted against each, and how it ended."""

    scenario: str
    met: str
    verdict: str
    seconds: float

    @property
    def cured(self) -> bool:
        """Whether it ended healthy."""
        return self.verdict in HEALTHY


def care(loaded: Loaded, tries: int) -> Result:
    """Train one under care."""
    started = time.perf_counter()

    def start(scenario: Loaded) -> LiveFeed:
        return LiveFeed.start(scenario, seed=scenario.scenario.seed, device="cpu", paused=True, name="auto cure")

    cure = AutoCure(loaded, start, tries=tries)
    try:
        verdict = cure.run(Progress(io.StringIO())).verdict
    except UserError as error:
        verdict = str(error).splitlines()[0]
    met = "; ".join(
        f"{one.proved.finding.mode} at {one.proved.step}: "
        + (f"{one.adopted.remedy.text} ({one.adopted.proof})" if one.adopted else "nothing helped")
        for one in cure.rounds
    )
    result = Result(loaded.name, met, verdict, time.perf_counter() - started)
    print(f"{result.scenario}: {result.verdict} after {result.seconds:.0f} s; {result.met}", flush=True)
    return result


def sick_scenarios(names: list[str], only: str) -> list[Loaded]:
    """The named scenarios, or all bundled ones that expect a finding; those with the least to train first."""
    paths = [find(name) for name in names] or [entry.path for entry in entries() if entry.source == "bundled"]
    sick = [item for item in map(load, paths) if item.scenario.expect.finding not in (None, *HEALTHY)]
    chosen = [item for item in sick if only in item.name]
    return sorted(chosen, key=lambda item: (item.scenario.family == "towers", item.scenario.train.steps or 0))


def published(folder: Path, only: str) -> list[Loaded]:
    """The sick published cases that can be cured; their data are written to `folder`."""
    datasets.write(folder)
    sick = [case for case in PUBLISHED if not case.healthy and case.name not in NOTHING_TO_LEARN and only in case.name]
    return [load_text(case.toml, name=case.name, base_dir=folder) for case in sick]


def main() -> None:
    """Print a row for each scenario and the share that was cured."""
    parser = argparse.ArgumentParser(description="Does nnlab run --auto-cure cure the sick scenarios?")
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--only", default="", help="only scenarios whose name has this in it")
    parser.add_argument("--published", action="store_true", help="the sick published cases of the detector bench")
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    os.environ["NNLAB_REMEDIES"] = "off"  # the doctor's own order, whatever this user's runs have proved
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nnlab-bench-") as folder, ThreadPoolExecutor(args.jobs) as pool:
        chosen = published(Path(folder), args.only) if args.published else sick_scenarios(args.scenarios, args.only)
        results = list(pool.map(lambda item: care(item, args.tries), chosen))
    rows = [(one.scenario, one.verdict, "cured" if one.cured else "NOT CURED", one.met) for one in results]
    print(columns(("scenario", "ends", "", "met and adopted"), rows))
    cured = sum(one.cured for one in results)
    print(f"{cured} of {len(results)} cured ({cured / len(results):.0%}), {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
