"""What a lesson or a mystery adds to a run that is told in plain lines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from nnlab.plain.orders import Order
from nnlab.scenario.steering import Setting
from nnlab.ui.session import Session

BeginAgain = Callable[[Mapping[str, Setting]], None]
"""Begins the run again with some of its keys changed. Raises UserError."""


class Companion(Protocol):
    """Commands of its own, and lines of its own."""

    @property
    def adds(self) -> Mapping[str, tuple[str, str]]:
        """Its commands, with what follows them and what they do."""

    @property
    def takes_away(self) -> frozenset[str]:
        """Commands of the lab that there are not."""

    def heard(self, order: Order) -> None:
        """A command was typed, of the lab's or its own."""

    def tell(self, session: Session) -> Iterable[str]:
        """The lines that are new; looked at after what the engine sent has been taken in."""

    def do(self, order: Order, session: Session, begin_again: BeginAgain) -> Iterable[str]:
        """Carry out one of its commands; what is to be said of it. Raises UserError."""
