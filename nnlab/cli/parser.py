"""The parser of every command: one line says what is wrong, and what was probably meant."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from nnlab.errors import UserError


class Parser(argparse.ArgumentParser):
    """Takes no abbreviations, and raises UserError for what it cannot use."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """As argparse has it."""
        super().__init__(*args, **{"allow_abbrev": False, **more})

    def error(self, message: str) -> NoReturn:
        """Raise UserError."""
        raise UserError(message.removeprefix("argument "))

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Raise UserError about arguments that nothing is known of."""
        meant = self.meant(unknown)
        self.error(f"unknown arguments: {' '.join(unknown)}{f'; did you mean {meant}?' if meant else ''}")

    def meant(self, unknown: Sequence[str]) -> str:
        """The option that the first of these was probably meant to be, or ""."""
        options = {option.lstrip("-"): option for option in self._option_string_actions}
        return options.get(nearest_of(unknown[0].partition("=")[0].lstrip("-"), list(options)), "") if unknown else ""


class CommandParser(Parser):
    """The parser of a command, which says where its help is; what is unknown comes before what is missing."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it, but nothing may be left over."""
        try:
            found, unknown = super().parse_known_args(args, namespace)
        except UserError as error:
            strange = [word for word in map(str, args or ()) if self._strange(word)]
            if strange:
                self.refuse(strange)
            raise UserError(f"{self.prog}: {error}; {self.prog} --help shows what it takes") from None
        if unknown:
            self.refuse(unknown)
        return found, unknown

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Raise UserError, with the name of the command."""
        try:
            super().refuse(unknown)
        except UserError as error:
            raise UserError(f"{self.prog}: {error}; {self.prog} --help shows what it takes") from None

    def _strange(self, word: str) -> bool:
        return word.startswith("--") and len(word) > 2 and word.partition("=")[0] not in self._option_string_actions


def nearest_of(word: str, known: Sequence[str]) -> str:
    """The known word most like this one, or ""."""
    from nnlab.scenario.keys import nearest

    return nearest(word, known)
