"""The collapse cockpit."""

from dataclasses import replace

import numpy as np
import pytest

from nnlab.ui.charts.columns import rebinned
from nnlab.ui.charts.scatter import nice_reach
from nnlab.ui.views.cockpit import cockpit, gauges
from nnlab.wire.events import InspectionRefused
from nnlab.wire.values import KnobSpec


@pytest.fixture
def towers(info):
    """A run of two towers with a margin of 0.3."""
    return replace(
        info,
        facts={"objective.kind": "triplet"},
        knobs=(KnobSpec("margin", "margin", 0.3, "linear"),),
    )


@pytest.fixture
def collapsed(known, towers):
    """All documents are one, and the loss stands at the margin."""
    series = {
        "train/loss": [(0, 0.5), (1, 0.301)],
        "sim/allpairs": [(0, 0.1), (1, 0.998)],
        "embed/rank_ratio": [(0, 0.8), (1, 0.03)],
        "triplet/active": [(1, 1.0)],
        "val/recall@1": [(1, 0.05)],
    }
    return known(series, run=towers)


@pytest.fixture
def answers(inspected):
    return {
        "similarities": inspected(
            "similarities", low=[-1], high=[1], positive=[0, 0, 0, 8], negative=[4, 4, 0, 0], mean=[0.8, -0.5],
            std=[0.1, 0.2],
        ),
        "spectrum": inspected("spectrum", values=[4, 2, 1, 0], rows=[16], effective_rank=[2.6]),
        "projection": inspected(
            "projection", x=[1, -1, 0], y=[0, 0, 1.5], topic=[0, 0, 0], kind=[0, 1, 2], explained=[0.6, 0.3]
        ),
    }  # fmt: skip


def test_numbers_that_speak_of_collapse_carry_a_sign(collapsed) -> None:
    found = {gauge.label: gauge for gauge in gauges(collapsed.history)}
    assert [label for label, gauge in found.items() if gauge.warn] == [
        "documents' cosine", "directions used", "loss − margin",
    ]  # fmt: skip
    assert found["directions used"].text == "3 %"
    assert float(found["loss − margin"].text.replace("−", "-")) == pytest.approx(0.001)
    assert found["documents' cosine"].course == (0.1, 0.998)


def test_enlarged_all_parts_are_there(collapsed, answers, rows) -> None:
    text = rows(cockpit(replace(collapsed, answers=answers)), 100, 34)
    whole = "\n".join(text)
    for part in ("positive 0.8 ± 0.1", "negative −0.5 ± 0.2", "gap 1.3", "rank 2.6 of 4", "60 % and 30 %", "recall@1"):
        assert part in whole
    positive = next(row for row in text if "positive 0.8" in row)
    assert "█" in positive[36:48]
    assert "█" not in positive[:36]


def test_in_a_small_panel_similarities_and_the_first_numbers_remain(collapsed, answers, rows) -> None:
    text = "\n".join(rows(cockpit(replace(collapsed, answers=answers)), 36, 12))
    assert "positive" in text
    assert "▲ documents' cosine" in text
    assert "projection" not in text


def test_a_recording_says_why_it_shows_numbers_only(collapsed, rows) -> None:
    refused = {"similarities": InspectionRefused(1, "similarities", "this is a recording")}
    text = " ".join(" ".join(rows(cockpit(replace(collapsed, answers=refused)), 36, 12)).split())
    assert "this is a recording" in text
    assert "documents' cosine" in text


def test_rebinning_keeps_every_count() -> None:
    counts = np.array([1.0, 0.0, 5.0, 2.0])
    for width in (2, 3, 4, 9):
        assert rebinned(counts, width).sum() == pytest.approx(8)
    assert rebinned(counts, 2).tolist() == [1.0, 7.0]


def test_the_reach_of_a_plane_jumps() -> None:
    assert [nice_reach(far) for far in (0.0, 0.9, 1.0, 1.1, 30.0)] == [1.0, 1.0, 1.0, 2.0, 50.0]
