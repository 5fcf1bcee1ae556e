"""What can be typed while a run is told in plain lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnlab.errors import UserError
from nnlab.scenario.keys import nearest
from nnlab.wire.values import KnobSpec, KnobValue

HELP = {
    "pause": ("", "stop between two steps"),
    "go": ("", "go on, past the planned steps too"),
    "step": ("[N]", "train one step, or N, then pause"),
    "set": ("KNOB VALUE", "turn a knob"),
    "knobs": ("", "every knob with what it holds and what it takes"),
    "status": ("", "where the run stands"),
    "why": ("", "the finding in full, with its evidence and remedies"),
    "apply": ("N", "carry out the remedy of this number"),
    "undo": ("", "take the last knob turn back"),
    "rewind": ("STEP", "go back to a step"),
    "restart": ("", "begin again from step 0"),
    "pace": ("N", "train at most N steps a second, 0 for full speed"),
    "help": ("", "these commands"),
    "quit": ("", "leave; the run file is kept"),
}
"""Command → what follows it, and what it does."""

SHORT = {
    **{"?": "help", "resume": "go", "continue": "go", "exit": "quit", "q": "quit", "run": "step", "goto": "rewind"},
    **{"a": "name", "h": "hint", "c": "change", "x": "why", "i": "story"},
}
"""Other words for them, and keys that the texts of lessons and mysteries name."""


WORDS: dict[str, dict[str, bool]] = {
    "switch": {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False},
    "action": {"do": True, "on": True, "true": True, "yes": True},
}
"""What switches and actions take, by the knob's scale."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command and the words that followed it: as many as it needs, numbers where it needs numbers."""

    name: str
    words: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The whole number that followed; 1 where it was left out."""
        return int(self.words[0]) if self.words else 1


def parse(line: str, known: Mapping[str, tuple[str, str]] = HELP) -> Order | None:
    """The command on a line, of those that are known; None on an empty one. Raises UserError, with what is allowed."""
    first, *words = line.replace("=", " ").split() or [""]
    if not first:
        return None
    name = SHORT.get(first.lower(), first.lower())
    name = name if name in known else first.lower()
    if name not in known:
        guess = nearest(name, known)
        hint = f"did you mean {guess}?" if guess else "help lists the commands"
        raise UserError(f'there is no command "{first}"; {hint}')
    follows = known[name][0]
    if follows == "[NAME]" and words:  # names have blanks
        words = ["-".join(words)]
    needed = len(follows.split())
    if follows.startswith("["):
        needed = min(len(words), 1)
    if len(words) != needed:
        raise UserError(f"{name} takes {follows or 'nothing more'}, got {' '.join(words) or 'nothing'}")
    if name in ("step", "apply", "rewind", "pace") and words and not words[0].isdecimal():
        raise UserError(f'{name} takes a whole number, got "{words[0]}"')
    return Order(name, tuple(words))


def waits(line: str, known: Mapping[str, tuple[str, str]] = HELP) -> bool:
    """Whether what is on a line needs a run that has begun."""
    try:
        order = parse(line, known)
    except UserError:
        return False
    return order is not None and order.name not in ("help", "quit")


def knob_value(specs: Sequence[KnobSpec], knob: str, text: str) -> tuple[str, KnobValue]:
    """The knob that is meant and the value for it. Raises UserError with the nearest knob, or what it takes."""
    spec = next((one for one in specs if knob in (one.id, one.id.rpartition(".")[2])), None)
    if spec is None:
        guess = nearest(knob, [one.id for one in specs])
        hint = f"did you mean {guess}?" if guess else "knobs lists them"
        raise UserError(f'this run has no knob "{knob}"; {hint}')
    if spec.scale in WORDS:
        if text.lower() not in WORDS[spec.scale]:
            raise UserError(f'{spec.id} takes {takes(spec)}, got "{text}"')
        return spec.id, WORDS[spec.scale][text.lower()]
    if spec.scale == "choice":
        if spec.id != "freeze" and text not in spec.choices:
            guess = nearest(text, spec.choices)
            hint = f"; did you mean {guess}?" if guess else ""
            raise UserError(f'{spec.id} takes {takes(spec)}, got "{text}"{hint}')
        return spec.id, "" if text == "none" and "none" not in spec.choices else text
    try:
        number = 0.0 if text.lower() == "off" and spec.zero_ok else float(text)
    except ValueError:
        raise UserError(f'{spec.id} takes {takes(spec)}, got "{text}"') from None
    whole = spec.scale in ("integer", "log_integer") and number == int(number)
    return spec.id, int(number) if whole else number


def takes(spec: KnobSpec) -> str:
    """What a knob can hold."""
    if spec.scale == "switch":
        return "on or off"
    if spec.scale == "action":
        return "do: it is done once"
    if spec.scale == "choice":
        return "one of " + ", ".join(choice or "none" for choice in spec.choices)
    noun = "a whole number" if spec.scale in ("integer", "log_integer") else "a number"
    return f"{noun} from {spec.low:g} to {spec.high:g}{', or 0' if spec.zero_ok and spec.low > 0 else ''}"
