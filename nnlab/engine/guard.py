"""What the engine does by itself when training goes wrong: it pauses, stops, or goes back and tries at a lower rate."""

import math
from typing import TYPE_CHECKING

from nnlab.scenario.training import Guard

if TYPE_CHECKING:
    from nnlab.engine.run import Run

MARGIN = 10
"""Steps before the trouble in which no snapshot is good: what overflows has been growing for a while."""


class Watchman:
    """Looks at loss and gradient norm after each step."""

    def __init__(self, guard: Guard) -> None:
        """Nothing has gone wrong yet."""
        self._guard = guard
        self.awake = guard.on_nonfinite != "continue" or guard.grad_norm_ceiling is not None
        """Whether there is anything to look for."""
        self._rewinds = 0
        self._target = -1

    def look(self, run: "Run") -> None:
        """Act on the step in which a limit was passed."""
        guard = self._guard
        loss, norm = run.training.ring.latest()
        if guard.on_nonfinite != "continue" and not (math.isfinite(loss) and math.isfinite(norm)):
            self._act(run, guard.on_nonfinite, f"loss {loss:g}, gradient norm {norm:g}: not finite")
        elif guard.grad_norm_ceiling is not None and norm > guard.grad_norm_ceiling:
            reason = f"gradient norm {norm:.4g} is over the ceiling {guard.grad_norm_ceiling:g}"
            self._act(run, guard.on_ceiling, reason)

    def _act(self, run: "Run", action: str, reason: str) -> None:
        target = self._safe_step(run) if action == "rewind" else None
        if action == "rewind" and target is not None and self._rewinds < self._guard.max_rewinds:
            self._rewind(run, target, reason)
            return
        if action == "rewind":
            action, reason = "pause", f"{reason}, after {self._rewinds} rewinds"
        run.mark("guard", f"{action}: {reason}")
        if action == "stop":
            run.finish(reason)
        else:
            run.pause(reason)

    def _rewind(self, run: "Run", target: int, reason: str) -> None:
        """Back to the last good snapshot, with a part of the rate at which the trouble came."""
        self._rewinds, self._target = self._rewinds + 1, target
        old = float(run.knobs["lr"])
        new = float(f"{old * self._guard.lr_factor:.12g}")
        count = f"{self._rewinds} of at most {self._guard.max_rewinds}"
        run.mark("guard", f"rewind to step {target}: {reason}; lr {old:g} → {new:g} ({count})")
        run.time.rewind(target)
        run.turn("lr", new, "guard", 0)

    def _safe_step(self, run: "Run") -> int | None:
        """Of the last good snapshot; trouble that comes back soon after a rewind needs one from before that one."""
        margin = max(MARGIN, run.time.every)
        soon = self._target >= 0 and run.step - self._target <= 2 * margin
        found = run.time.good(self._target if soon else run.step - MARGIN)
        return run.time.good(1) if found is None else found
