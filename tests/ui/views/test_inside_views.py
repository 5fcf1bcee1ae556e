"""Confusion, histograms and the hardest rows; and which views a run has."""

from dataclasses import replace

import pytest

from nnlab.ui.views.confusion import confusion
from nnlab.ui.views.histograms import histograms
from nnlab.ui.views.samples import samples
from nnlab.ui.views.sights import COCKPIT, sights
from nnlab.wire.values import SeriesSpec


def test_the_matrix_tells_counts_and_recall(inspected, rows) -> None:
    text = rows(confusion(inspected("confusion", ("cat", "dog"), matrix=[30, 10, 0, 60])), 50, 12)
    assert "90 of 100 right" in text[0]
    cat = next(row for row in text if row.startswith("cat"))
    assert cat.split() == ["cat", "[30]", "10", "75", "%"]
    dog = next(row for row in text if row.startswith("dog"))
    assert dog.split() == ["dog", "0", "[60]", "100", "%"]


def test_too_many_classes_ask_for_room(inspected, rows) -> None:
    text = rows(confusion(inspected("confusion", (), matrix=[1] * 400)), 50, 12)
    assert "20 classes need a wider panel" in "".join(text)


def test_each_layer_has_its_histogram_bounds_and_spread(inspected, rows) -> None:
    found = inspected(
        "weights", ("fc1", "out"), low=[-2, 0], high=[2, 1], counts=[0, 9, 0, 0, 1, 1, 1, 1], mean=[0, 0.5],
        std=[0.5, 0.2], nonfinite=[0, 3],
    )  # fmt: skip
    text = rows(histograms(found), 50, 9)
    first = next(row for row in text if row.startswith("fc1"))
    assert first[22:29] == "█" * 7  # the second quarter
    assert "█" not in first[:22] + first[29:]
    assert text[2].startswith("± 0.5")
    assert "−2" in "".join(text[1:5])
    assert any(row.startswith("3 NaN") for row in text)


def test_the_hardest_rows_stand_in_order_with_what_is_wrong_crossed(inspected, rows) -> None:
    found = inspected(
        "samples", ("x0 1", "x0 2"), index=[17, 4], loss=[float("inf"), 0.5], true=[0, 1], predicted=[1, 1], mean=[0.1],
        rows=[200],
    )  # fmt: skip
    text = rows(samples(found, classes=True, towers=False), 70, 8)
    assert "200 rows" in text[0]
    assert text[2].split()[0] == "17"
    assert "∞" in text[2]
    assert "1 ×" in text[2]
    assert "×" not in text[3]
    assert text[3].rstrip().endswith("x0 2")


def titles(info) -> list[str]:
    return [sight.title if sight else "plot" for sight in sights(info)]


@pytest.mark.parametrize(
    ("facts", "series", "first"),
    [
        ({"features": 2, "classes": 2}, (), ["surface", "plot", "confusion"]),
        ({"features": 1, "classes": 0}, (), ["surface", "plot", "layers over time"]),
        ({"features": 10, "classes": 3}, (), ["plot", "confusion"]),
        ({"features": 2, "classes": 2, "data.kind": "stream"}, (), ["drift race", "surface", "plot"]),
        ({"features": 4, "classes": 2}, ("task/0/accuracy", "task/1/accuracy"), ["retention", "plot"]),
        ({"classes": 0}, ("sim/positive",), ["collapse", "plot", "layers over time"]),
    ],
)
def test_a_run_begins_with_what_its_family_is_looked_at_for(info, facts, series, first) -> None:
    run = replace(info, facts=facts, series=tuple(SeriesSpec(name, name) for name in series))
    assert titles(run)[: len(first)] == first
    assert titles(run)[-1] == "system"
    assert all(sight is None or (sight.about and len(sight.about) > 50) for sight in sights(run))


def test_what_a_small_panel_cannot_show_is_not_asked_for() -> None:
    assert COCKPIT.kinds(37, 12) == ("similarities",)
    assert COCKPIT.kinds(119, 36) == ("similarities", "spectrum", "projection")
