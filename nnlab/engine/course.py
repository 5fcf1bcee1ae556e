"""What the data do by themselves at known steps: phases begin, a drift sets in, a generation ends."""

from typing import TYPE_CHECKING, Any

from nnlab.data.source import FixedSource, Source
from nnlab.engine.batches import FixedBatches
from nnlab.engine.build import Plan
from nnlab.engine.change import drift_begins, move_on
from nnlab.engine.generations import GenerationBatches
from nnlab.engine.streams import StreamBatches

if TYPE_CHECKING:
    from nnlab.engine.run import Run


class Course:
    """The phases of the data and where the batches stand in them."""

    def __init__(self, plan: Plan) -> None:
        """Before the first phase."""
        self._first = plan.source
        self._phases = {phase.step: phase for phase in plan.phases}
        self._training = plan.training
        self._batches: Any = plan.training.task.batches
        self.phase = -1
        """Step at which the phase in force began; -1 before the first."""

    @property
    def source(self) -> Source:
        """The source of the examples in the phase in force."""
        return self._phases[self.phase].source if self.phase >= 0 else self._first

    def enter(self, step: int) -> None:
        """Train on the data of the phase that begins at this step."""
        self.phase = step
        move_on(self._training, self.source)

    def place(self, phase: int) -> None:
        """The phase that began at this step is in force (-1: none), and the batches know which came before it."""
        self.phase = phase
        if isinstance(self._batches, FixedBatches):
            earlier = (one.source for step, one in sorted(self._phases.items()) if step < phase)
            before = (self._first, *earlier) if phase >= 0 else ()
            self._batches.past = tuple(source for source in before if isinstance(source, FixedSource))

    def meet(self, run: "Run") -> None:
        """Do and tell what happens at the step of the run."""
        phase = self._phases.get(run.step)
        if phase is not None:
            run.time.keep("before")
            self.enter(run.step)
            run.mark("phase", phase.text)
            for knob, value in phase.knobs.items():
                run.turn(knob, value, "script", 0)
        if isinstance(self._batches, StreamBatches) and self._batches.sets_in(run.step):
            run.mark("drift", "the stream's distribution changes here")
            drift_begins(self._training)
        elif isinstance(self._batches, GenerationBatches) and self._batches.ends_at(run.step):
            run.mark("generation", f"generation {self._batches.generation + 1} is sampled")
