"""How often a run is measured: decided before its first step by what it trains, never by the clock.

Where a recurrent encoder makes the passes dear, evaluation and probe share theirs at the same steps, and gradients and
c* take turns.
"""

from dataclasses import dataclass

from nnlab.scenario.model import Mlp, TwoTower

PROBES_PER_RUN = 60
LONGEST_PROBE_INTERVAL = 125
"""Steps: about sixty readings in a short run, and never further apart than this (FAILURE_MODES §1: probes one in fifty
steps or so cost a few per cent; here one in 125 costs 8 % with its evaluation, tests/bench/probe_cost.py)."""
EVALUATIONS_PER_RUN = 100
TOWER_SHARE = 0.4
"""Two towers that read bags of words are probed and evaluated this much as often as an MLP."""
NOISE_EVERY = 2
"""Probes to one reading of the gradient noise, which is smoothed over ten readings anyway."""
FISHER_EVERY = 4
"""Probes to one reading of the Fisher information, which takes one gradient for each row."""
STABLE_EVERY, STABLE_EVERY_LONG = 6, 32
"""Probes to one estimate of the largest stable learning rate, in a short run and in one whose probes are furthest
apart: ten passes forward and back, some ten steps of an MLP (tests/bench/probe_cost.py). Recurrent towers have none:
theirs would cost more than all their other readings."""
DEAR_INTERVAL = 80
"""Steps between two probes of recurrent towers, each with an evaluation that shares its pass: together some 1.6 steps
(tests/bench/probe_cost.py), so 2 %."""
DEAR_LEAST, DEAR_MOST = 25, 40
"""Probes in a run of recurrent towers: shorter runs have shorter intervals, and cost more; longer ones longer."""
DEAR_TURN = 4
"""Probes of recurrent towers to one reading of the gradients and one of c*, which cost about a step each."""
DIAGNOSES_PER_RUN = 200


@dataclass(frozen=True, slots=True)
class Cadence:
    """Steps between two readings, and between two looks of the diagnosis.

    All of a probe that needs only a forward pass is read every `probe_every` steps. Gradients (`gradient_every`), their
    noise (`noise_every`) and c* (`line_every`) are read at every probe or at every second, fourth or eighth.
    """

    probe_every: int
    eval_every: int
    gradient_every: int
    line_every: int
    noise_every: int
    diagnose_every: int
    stable_every: int = 0
    """Steps between two estimates of the largest stable learning rate; 0 is never."""

    def gradient_due(self, step: int) -> bool:
        """Whether the probe at `step` reads gradients; one between the regular ones reads everything."""
        return step % self.gradient_every == 0 or step % self.probe_every > 0

    def noise_due(self, step: int) -> bool:
        """Whether the probe at `step` reads the gradient noise."""
        return self.gradient_due(step) and step % self.noise_every < self.probe_every

    @property
    def fisher_every(self) -> int:
        """Steps between two readings of the Fisher information."""
        return FISHER_EVERY * self.probe_every

    def fisher_due(self, step: int) -> bool:
        """Whether the probe at `step` reads the Fisher information."""
        return step // self.probe_every % FISHER_EVERY == 0

    def stable_due(self, step: int) -> bool:
        """Whether the probe at `step` estimates the largest stable learning rate."""
        return self.stable_every > 0 and (step % self.stable_every == 0 or step % self.probe_every > 0)

    def line_due(self, step: int) -> bool:
        """Whether c* of the step after the probe at `step` is searched: half-way between gradients, if those rest."""
        return step % self.line_every == self.line_every // 2 // self.probe_every * self.probe_every


def cadence(model: Mlp | TwoTower, planned_steps: int, eval_every: int | None) -> Cadence:
    """The cadence of a run; `eval_every` is the scenario's own wish."""
    diagnose = max(1, planned_steps // DIAGNOSES_PER_RUN)
    if is_dear(model):
        probe = max(1, min(max(DEAR_INTERVAL, planned_steps // DEAR_MOST), planned_steps // DEAR_LEAST))
        turn = DEAR_TURN * probe
        return Cadence(probe, eval_every or probe, turn, turn, 2 * turn, diagnose)
    share = TOWER_SHARE if isinstance(model, TwoTower) else 1.0
    probe = max(1, min(LONGEST_PROBE_INTERVAL, int(planned_steps / (PROBES_PER_RUN * share))))
    usual = max(1, int(planned_steps / (EVALUATIONS_PER_RUN * share)))
    stable = probe * (STABLE_EVERY if probe < LONGEST_PROBE_INTERVAL else STABLE_EVERY_LONG)
    return Cadence(probe, eval_every or usual, probe, probe, NOISE_EVERY * probe, diagnose, stable)


def is_dear(model: Mlp | TwoTower) -> bool:
    """Whether forward passes read word by word: then their number is what a reading costs."""
    return isinstance(model, TwoTower) and model.encoder != "bag"
