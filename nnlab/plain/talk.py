"""A run told line by line, and steered by lines that are typed: the lab without a screen."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TextIO

from nnlab.diagnosis.finding import Finding
from nnlab.errors import UserError
from nnlab.plain.companion import Companion
from nnlab.plain.orders import HELP, Order, knob_value, parse, takes, waits
from nnlab.plain.teller import AT_REST, Teller, doable, finding_lines, numbers, trouble
from nnlab.scenario.steering import Setting
from nnlab.trials.cure import changes
from nnlab.ui import format as write
from nnlab.ui.answers import Answer
from nnlab.ui.session import Session
from nnlab.wire import commands

DONE, ENGINE_FAILED, INTERRUPTED = 0, 3, 130
"""Exit statuses."""

TOLD = ("help", "knobs", "status", "why")
"""Commands that are answered with words."""

WAIT = 0.05
"""Seconds that one waits for a typed line before one looks at the run again."""

Begin = Callable[[Mapping[str, Setting]], Session]
"""Starts the run with some of its keys changed. Raises UserError."""


def converse(begin: Begin, typed: TextIO, say: Callable[[str], None], companion: Companion | None = None) -> int:
    """Tell a run until it is left, or until it rests where nobody types any more; the exit status. Raises UserError.

    What comes from a file or a pipe is done line after line: each waits until the one before has been answered.
    """
    talk = Talk(begin, say, companion, in_turn=not typed.isatty())
    try:
        return talk.run(_lines(typed))
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        talk.close()


class Talk:
    """The run that is told, and what was typed to it."""

    def __init__(
        self, begin: Begin, say: Callable[[str], None], companion: Companion | None = None, *, in_turn: bool = False
    ) -> None:
        self._begin, self._say, self._in_turn = begin, say, in_turn
        self._companion = companion
        self._known = {**HELP, **companion.adds} if companion is not None else HELP
        for name in companion.takes_away if companion is not None else ():
            del self._known[name]
        self._session = begin({})
        self._teller = Teller()
        self._answered: Callable[[], bool] = lambda: True
        """Whether the last order has been carried out or refused."""
        self._refused: Answer | None = None
        self._settings: dict[str, Setting] = {}
        self._early: deque[str] = deque()
        """What was typed before the run began."""

    def close(self) -> None:
        """End the run, and say where its file is."""
        session = self._session
        session.stop()
        session.close()
        if session.guest and session.alive:
            self._say("the engine goes on without you; nnlab stop ends it")
        elif session.info is not None and session.info.run_file and not session.recorded:
            self._say(f"the run is kept in {session.info.run_file}")

    def run(self, lines: "queue.Queue[str | None]") -> int:
        """Tell and obey; None among the lines says that nobody types any more."""
        heard = True
        while True:
            self.tell()
            if self._session.failure is not None:
                self._say(trouble(self._session.failure))
                return ENGINE_FAILED
            ready = self._session.history is not None and (self._answered() or not self._in_turn)
            rests = self._session.state in AT_REST and self._session.caught_up  # a recording's pauses are over at once
            if not heard and ready and not self._early and rests:
                return DONE
            line = self._early.popleft() if self._early and ready else _next(lines)
            if line is None:
                heard = False
            elif not ready and (waits(line, self._known) or self._in_turn):
                self._early.append(line)
            elif not self.obey(line):
                return DONE

    def tell(self) -> None:
        """Say what is new."""
        session = self._session
        session.advance(WAIT)
        if session.history is not None:
            for line in self._teller.look(session.history, session.diagnosis, session.state, session.reason):
                self._say(line)
        for line in self._companion.tell(session) if self._companion is not None else ():
            self._say(line)
        last = session.answers.refusals[-1] if session.answers.refusals else None
        if last is not None and last is not self._refused:
            self._say(f"refused: {last.knob}: {last.refusal}")
        self._refused = last

    def obey(self, line: str) -> bool:
        """Do what was typed; False when that was to leave."""
        try:
            order = parse(line, self._known)
            if order is not None and order.name == "quit":
                return False
            if order is not None:
                self._do(order)
                if self._companion is not None:
                    self._companion.heard(order)
                self._answered = self._answer_to(order)
        except UserError as error:
            self._say(f"error: {error}")
        return True

    def _do(self, order: Order) -> None:
        session = self._session
        if self._companion is not None and order.name in self._companion.adds:
            for told in self._companion.do(order, session, self._begin_again):
                self._say(told)
            return
        self._must_be_possible(order.name)
        match order.name:
            case "pause" | "go":
                session.toggle()
            case "step":
                session.run(order.number)
            case "set":
                session.turn(*knob_value(session.info.knobs if session.info else (), *order.words))
            case "apply":
                self._apply(order.number)
            case "undo" | "rewind":
                session.travel(commands.Undo() if order.name == "undo" else commands.Rewind(order.number))
            case "restart":
                session.restart()
            case "pace":
                session.set_pace(float(order.number))
            case _:
                for told in self._told(order.name):
                    self._say(told)

    def _must_be_possible(self, name: str) -> None:
        """Raises UserError where the run as it stands cannot do it."""
        session = self._session
        if name in TOLD:
            return
        if session.recorded and name in ("set", "apply", "restart", "undo"):
            raise UserError(f"this is a recording, which {name} cannot change")
        if not session.alive:
            raise UserError(f"the run has {session.state}: {name} cannot be done any more")
        if (name == "pause") == (session.state in AT_REST) and name in ("pause", "go"):
            raise UserError(f"the run is {session.state} already")

    def _answer_to(self, order: Order) -> Callable[[], bool]:
        """Tells whether an order has been carried out or refused."""
        session, known = self._session, _answers(self._session)
        begin = session.state, session.step
        match order.name:
            case "pause":
                return lambda: session.state in AT_REST
            case "go":
                return lambda: (session.state, session.step) != begin
            case "step":
                return lambda: session.step > begin[1] and session.state in AT_REST
            case "set" | "apply" | "undo" | "rewind" | "restart":
                return lambda: known != _answers(session)
            case _:
                return lambda: True

    def _told(self, name: str) -> Iterable[str]:
        if name == "help":
            return (f"{command} {follows}".rstrip() + f": {does}" for command, (follows, does) in self._known.items())
        if name == "knobs":
            return self._knobs()
        return self._why() if name == "why" else self._status()

    def _status(self) -> Iterator[str]:
        session = self._session
        planned = session.info.planned_steps if session.info else 0
        yield f"{session.state} at step {write.count(session.step)} of {write.count(planned)}"
        if session.history is not None:
            yield numbers(session.history)
        yield f"verdict: {session.diagnosis.verdict.replace('-', ' ') if session.diagnosis else 'none yet'}"

    def _knobs(self) -> Iterator[str]:
        session = self._session
        for spec in session.info.knobs if session.info else ():
            value = session.history.knob(spec.id) if session.history else None
            hidden = spec.id in session.veiled
            held = "hidden until you turn it" if hidden else write.knob(spec.value if value is None else value)
            yield f"{spec.id} = {held}; takes {takes(spec)}. {spec.help}".rstrip()

    def _why(self) -> Iterator[str]:
        finding, diagnosis = self._headline(), self._session.diagnosis
        if finding is None or diagnosis is None:
            yield "nothing is wrong so far"
            return
        yield from finding_lines(finding, finding.detected_step)
        for item in finding.evidence:
            yield f"  evidence: {item.series}{f', {item.layer}' if item.layer else ''}: {item.text}"

    def _headline(self) -> Finding | None:
        return self._session.diagnosis.headline if self._session.diagnosis else None

    def _apply(self, number: int) -> None:
        finding = self._headline()
        remedies = doable(finding) if finding is not None else ()
        if not 1 <= number <= len(remedies):
            has = f"there are {len(remedies)}" if remedies else "there are none"
            raise UserError(f"there is no remedy {number}: {has}; why lists them")
        turns, settings = changes(remedies[number - 1])
        if settings:
            self._begin_again({**settings, **turns})
        for knob, value in turns.items() if not settings else ():
            self._session.turn(knob, value, source="remedy")

    def _begin_again(self, settings: Mapping[str, Setting]) -> None:
        """A new engine, with what earlier remedies set too; the old run stays if that cannot be."""
        wanted = {**self._settings, **settings}
        session = self._begin(wanted)
        self.close()
        self._session, self._settings, self._refused = session, wanted, None


def _answers(session: Session) -> tuple[object, ...]:
    """What changes with every answer of the engine to an order."""
    serials = tuple(answer.serial for answer in session.answers.of_knobs.values())
    return serials, len(session.answers.refusals), len(session.journeys.arrivals), id(session.history)


def _lines(typed: TextIO) -> "queue.Queue[str | None]":
    """Lines as they are typed, read by a thread of their own; None at the end."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in typed:
            lines.put(line.strip())
        lines.put(None)

    threading.Thread(target=read, name="typed", daemon=True).start()
    return lines


def _next(lines: "queue.Queue[str | None]") -> str | None:
    """The next line; "" where none was typed yet."""
    try:
        return lines.get(timeout=WAIT)
    except queue.Empty:
        return ""
