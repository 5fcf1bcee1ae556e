"""Does the first remedy cure? Every sick bundled scenario is trained until its finding is the headline; the first
remedy that can be applied is applied, a turn at that step, a restart from the beginning; and the verdict at the end of
the budget is looked at. `python tests/bench/remedy_cures.py [--seeds N] [--jobs N] [SCENARIO...]`"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from nnlab.cli.headless import train
from nnlab.cli.table import columns
from nnlab.diagnosis.finding import HEALTHY
from nnlab.errors import UserError
from nnlab.scenario.catalog import entries, find
from nnlab.scenario.dump import dump
from nnlab.scenario.load import Loaded, load
from nnlab.trials.cure import first_remedy, treated

NAME = "remedy cures"


@dataclass(frozen=True, slots=True)
class Trial:
    """One sick run and what became of it under the first remedy."""

    scenario: str
    seed: int
    finding: str
    step: int
    remedy: str
    verdict: str

    @property
    def cured(self) -> bool:
        """Whether the treated run ended healthy."""
        return self.verdict in HEALTHY


def trial(loaded: Loaded) -> Trial:
    """Make the run sick, treat it, and see."""
    wanted = loaded.scenario.expect.finding
    sick = train(loaded, lambda diagnosis: diagnosis.verdict == wanted, name=NAME)
    seed, found = loaded.scenario.seed, sick.diagnosis
    step = sick.headlined.get(wanted or "", -1)
    if step < 0 or found is None or found.headline is None:
        return Trial(loaded.name, seed, f"no {wanted}", step, "", sick.verdict)
    remedy = first_remedy(found.headline)
    if remedy is None:
        return Trial(loaded.name, seed, found.verdict, step, "(advice only)", "")
    try:
        cure, _ = treated(loaded, remedy, step)
        verdict = train(cure, name=NAME).verdict
    except UserError as error:
        verdict = str(error).splitlines()[0]
    return Trial(loaded.name, seed, found.verdict, step, remedy.text, verdict)


def sick_scenarios(names: list[str]) -> list[Loaded]:
    """The named scenarios, or all bundled ones that expect a finding."""
    paths = [find(name) for name in names] or [entry.path for entry in entries() if entry.source == "bundled"]
    return [item for item in map(load, paths) if item.scenario.expect.finding not in (None, *HEALTHY)]


def seeded(loaded: Loaded, more: int) -> Loaded:
    """The scenario with a seed so many further on."""
    scenario = loaded.scenario.model_copy(update={"seed": loaded.scenario.seed + more})
    return replace(loaded, scenario=scenario, text=dump(scenario))


def main() -> None:
    """Print a row for each trial and the share that was cured."""
    parser = argparse.ArgumentParser(description="Does the first remedy of each sick scenario cure it?")
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    started = time.perf_counter()
    cases = [seeded(item, more) for item in sick_scenarios(args.scenarios) for more in range(args.seeds)]
    with ThreadPoolExecutor(args.jobs) as pool:
        trials = list(pool.map(trial, cases))
    rows = [
        (t.scenario, str(t.seed), t.finding, str(t.step), t.remedy, t.verdict, "cured" if t.cured else "NOT CURED")
        for t in trials
    ]
    print(columns(("scenario", "seed", "finding", "at", "first remedy", "then", ""), rows))
    cured = sum(t.cured for t in trials)
    print(f"{cured} of {len(trials)} cured ({cured / len(trials):.0%}), {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
