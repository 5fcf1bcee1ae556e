"""On which line of a TOML text each key stands.

tomli says what a document holds but not where. This scanner reads a text that tomli has accepted and notes the line of
every table, key and list element. It never raises and always ends, whatever the text.
"""

from bisect import bisect_right

import tomli

from nnlab.scenario.keys import KeyPath

_BARE_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_ENDS_PLAIN_VALUE = frozenset(",]}\n#")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line (from 1) of every key path of a TOML document; () is line 1."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """Line of the key, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """A cursor over the text; every method leaves it behind what its name says."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {(): 1}
        self._starts = [0, *(n + 1 for n, char in enumerate(text) if char == "\n")]
        self._elements: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        self._blank()
        while self.at < len(self.text):
            before = self.at
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
            if self.at == before:
                self.at += 1
            self._blank()

    def _peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def _note(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, at))

    def _blank(self) -> None:
        """White space, line ends and comments."""
        while self.at < len(self.text):
            if self._peek() == "#":
                self._to("\n")
            elif self._peek().isspace():
                self.at += 1
            else:
                return

    def _to(self, end: str) -> None:
        found = self.text.find(end, self.at)
        self.at = len(self.text) if found < 0 else found

    def _header(self) -> KeyPath:
        """`[table]` or `[[table]]`: its path, with the index of each array of tables on the way."""
        start = self.at
        opening = 2 if self._peek(2) == "[[" else 1
        self.at += opening
        *around, name = self._key()
        path: KeyPath = ()
        for part in around:
            path += (part,)
            self._note(path, start)
            if path in self._elements:
                path += (self._elements[path] - 1,)
        path += (name,)
        self._note(path, start)
        if opening == 2:
            index = self._elements.get(path, 0)
            self._elements[path] = index + 1
            path += (index,)
            self._note(path, start)
        self._to("\n")
        return path

    def _key(self) -> list[str]:
        """A dotted key's parts; at least one."""
        parts = [self._key_part()]
        while True:
            self._blank()
            if self._peek() != ".":
                return parts
            self.at += 1
            parts.append(self._key_part())

    def _key_part(self) -> str:
        self._blank()
        start = self.at
        if self._peek() in {'"', "'"}:
            self._string()
            return _unquoted(self.text[start : self.at])
        while self._peek() in _BARE_KEY:
            self.at += 1
        return self.text[start : self.at]

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = table
        for part in self._key():
            path += (part,)
            self._note(path, start)
        self._blank()
        if self._peek() == "=":
            self.at += 1
            self._blank()
            self._value(path)

    def _value(self, path: KeyPath) -> None:
        match self._peek():
            case '"' | "'":
                self._string()
            case "[":
                self._list(path)
            case "{":
                self._inline_table(path)
            case _:
                while self.at < len(self.text) and self._peek() not in _ENDS_PLAIN_VALUE:
                    self.at += 1

    def _list(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self._more("]"):
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._more("}"):
            before = self.at
            self._pair(path)
            self.at += self.at == before

    def _more(self, closing: str) -> bool:
        """Whether another element follows before `closing`, which is taken when it comes."""
        self._blank()
        while self._peek() == ",":
            self.at += 1
            self._blank()
        if self._peek() in {"", "]", "}"}:
            self.at += self._peek() == closing
            return False
        return True

    def _string(self) -> None:
        quote = self._peek()
        if self._peek(3) == quote * 3:
            self._long_string(quote)
            return
        self.at += 1
        while self.at < len(self.text) and self._peek() not in {quote, "\n"}:
            self.at += 2 if self._peek() == "\\" and quote == '"' else 1
        self.at += 1

    def _long_string(self, quote: str) -> None:
        """Up to two quotes may stand directly before the closing three."""
        self.at += 3
        while self.at < len(self.text) and self._peek(3) != quote * 3:
            self.at += 2 if self._peek() == "\\" and quote == '"' else 1
        self.at += 3
        for _ in range(2):
            self.at += self._peek() == quote


def _unquoted(token: str) -> str:
    try:
        return str(tomli.loads(f"key = {token}")["key"])
    except tomli.TOMLDecodeError:
        return token
