"""Letters that can be read from the last row: each a few dots wide and five dots high, two dots to a cell."""

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

HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def large(text: str, width: int, most: int = 2) -> tuple[str, ...]:
    """Rows of cells with the text in large letters, its words on at most `most` lines; () where it does not fit."""
    if any(letter not in FONT for letter in text.upper()):
        return ()
    lines: list[str] = []
    for word in text.upper().split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _wide(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if not lines or len(lines) > most or max(map(_wide, lines)) > width:
        return ()
    return tuple(row for line in lines for row in _rows(line))


def _wide(line: str) -> int:
    """Cells that a line of letters takes."""
    return sum(len(FONT[letter].split()[0]) + 1 for letter in line) - 1


def _rows(line: str) -> list[str]:
    dots = [[False] * _wide(line) for _ in range(DOTS_HIGH + 1)]
    column = 0
    for letter in line:
        shape = FONT[letter].split()
        for y, row in enumerate(shape):
            for x, dot in enumerate(row):
                dots[y][column + x] = dot == "#"
        column += len(shape[0]) + 1
    if choice() == "ascii":
        return ["".join("#" if dot else " " for dot in row) for row in dots]
    pairs = zip(dots[::2], dots[1::2], strict=True)
    return ["".join(HALVES[above, below] for above, below in zip(*pair, strict=True)) for pair in pairs]
