"""The training rows that cost the most, from an inspection of the kind `samples`."""

from collections.abc import Callable

from nnlab.ui import format as write
from nnlab.ui.charts.loss_table import Example, LossTable
from nnlab.wire.events import Inspected

TITLE = "hardest rows"


def samples(found: Inspected, *, classes: bool, towers: bool) -> LossTable:
    """Largest loss first. `classes`: true and predicted are class numbers; else values, of `towers` similarities."""
    tell: Callable[[float], str] = (lambda value: f"{value:.0f}") if classes else (lambda value: write.number(value, 3))
    columns = ("positive", "negative") if towers else ("true", "model")
    rows = tuple(
        Example(
            round(index),
            loss,
            tell(true),
            tell(predicted),
            write.true_minus(text),
            _wrong(true, predicted, classes, towers),
        )
        for index, loss, true, predicted, text in zip(
            *(found.get(name) for name in ("index", "loss", "true", "predicted")), found.texts, strict=True
        )
    )
    note = f"mean loss {write.number(found.get('mean')[0], 3)} of {write.count(round(found.get('rows')[0]))} rows"
    return LossTable(TITLE, note, f"step {write.count(found.step)}", columns, rows)


def _wrong(true: float, predicted: float, classes: bool, towers: bool) -> bool:
    """A class that is another one; a negative at least as near as the positive. A value is only more or less right."""
    return (classes and true != predicted) or (towers and predicted >= true)
