"""Letters that can be read from the last row: each a few dots wide and five dots high, two dots to a cell."""

from itertools import zip_longest

from nnlab.glyph_choice import choice

DOTS_HIGH = 5

FONT = {
    "A": ".#. #.# ### #.# #.#", "B": "##. #.# ##. #.# ##.", "C": ".## #.. #.. #.. .##", "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###", "F": "### #.. ##. #.. #..", "G": ".## #.. #.# #.# .##", "H": "#.# #.# ### #.# #.#",
    "I": "# # # # #", "J": "..# ..# ..# #.# .#.", "K": "#.# #.# ##. #.# #.#", "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#", "N": "#..# ##.# #.## #..# #..#", "O": ".#. #.# #.# #.# .#.",
    "P": "##. #.# ##. #.. #..", "Q": ".#. #.# #.# .#. ..#", "R": "##. #.# ##. #.# #.#", "S": ".## #.. .#. ..# ##.",
    "T": "### .#. .#. .#. .#.", "U": "#.# #.# #.# #.# ###", "V": "#.# #.# #.# #.# .#.",
    "W": "#...# #...# #.#.# ##.## #...#", "X": "#.# #.# .#. #.# #.#", "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###", "0": "### #.# #.# #.# ###", "1": "##. .#. .#. .#. ###", "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###", "4": "#.# #.# ### ..# ..#", "5": "### #.. ### ..# ###", "6": "### #.. ### #.# ###",
    "7": "### ..# ..# .#. .#.", "8": "### #.# ### #.# ###", "9": "### #.# ### ..# ###", ".": ". . . . #",
    ",": ".. .. .. .# #.", "-": "... ... ### ... ...", "−": "... ... ### ... ...", "+": "... .#. ### .#. ...",
    "%": "#.# ..# .#. #.. #.#", "/": "..# ..# .#. #.. #..", "?": "##. ..# .#. ... .#.", "!": "# # # . #",
    ":": ". # . # .", "'": "# # . . .", "²": "##. .#. ##. ... ...", "∞": "..... .#.#. #.#.# .#.#. .....",
    " ": ".. .. .. .. ..",
}  # fmt: skip
"""Rows of dots from top to bottom."""

HALVES = {"..": " ", "#.": "▀", ".#": "▄", "##": "█"}
"""Two dots, one over the other, as a cell."""


def large(text: str, width: int, most: int = 2, size: int = 1) -> tuple[str, ...]:
    """Rows of cells with the text in large letters, its words on at most `most` lines; () where it does not fit.

    A dot is `size` cells wide and as many half cells high.
    """
    if any(letter not in FONT for letter in text.upper()):
        return ()
    lines: list[str] = []
    for word in text.upper().split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and size * _wide(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if not lines or len(lines) > most or size * max(map(_wide, lines)) > width:
        return ()
    return tuple(row for line in lines for row in _rows(line, size))


def _wide(line: str) -> int:
    """Cells that a line of letters takes."""
    return sum(len(FONT[letter].split()[0]) + 1 for letter in line) - 1


def _rows(line: str, size: int) -> list[str]:
    shapes = [FONT[letter].split() for letter in line]
    dots = [".".join(shape[row] for shape in shapes) for row in range(DOTS_HIGH)]
    blown = ["".join(dot * size for dot in row) for row in dots for _ in range(size)]
    if choice() == "ascii":
        return [row.replace(".", " ") for row in blown]
    pairs = zip_longest(blown[::2], blown[1::2], fillvalue="." * len(blown[0]))
    return ["".join(HALVES[above + below] for above, below in zip(*pair, strict=True)) for pair in pairs]
