"""Views that are made of the recorded series: layers over time, retention, the drift race."""

from dataclasses import replace

import numpy as np
import pytest

from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding
from nnlab.ui.charts.heat import over_columns
from nnlab.ui.views.heat import heat
from nnlab.ui.views.race import first_in_a_row, race
from nnlab.ui.views.retention import retention
from nnlab.wire import events
from nnlab.wire.values import LayerSpec

BLAMED = Finding(
    "dead-units", "warning", 0.9, 0, 10, None, "Dead.", evidence=(Evidence("layer/out/dead", "", 0.9, 0.5, "out"),)
)


def test_layers_are_shaded_over_the_steps_of_the_run(known, rows) -> None:
    text = rows(heat(known({"layer/fc1/grad_norm": [(0, 1.0), (50, 1e-4)]})), 50, 10, "ascii")
    row = next(row for row in text if "fc1" in row)
    cells = row[row.index("fc1") + 4 : -8]
    first, second = cells[: len(cells) // 2 - 1].strip(), cells[len(cells) // 2 + 1 :]
    assert set(first) == {"#"}
    assert second.strip() == ""
    assert row.rstrip().endswith("1e-4")


def test_what_the_diagnosis_blames_comes_first_and_is_marked(known, rows) -> None:
    series = {"layer/fc1/grad_norm": [(0, 1.0)], "layer/out/dead": [(0, 0.9)]}
    told = Diagnosis(10, "dead-units", BLAMED, (BLAMED,), (BLAMED,))
    text = rows(heat(known(series, diagnosis=told)), 50, 10)
    assert text[1].startswith("dead")
    assert text[2].startswith("▲ out")
    assert "gradient" in "".join(text)


@pytest.mark.parametrize("height", [6, 8])
def test_layers_without_room_are_counted(known, rows, info, height) -> None:
    names = [f"fc{n}" for n in range(12)]
    run = replace(info, layers=tuple(LayerSpec(name, "linear", 2, 2) for name in names))
    text = rows(heat(known({f"layer/{name}/dead": [(0, 0.5)] for name in names}, run=run)), 50, height)
    shown = sum(any(row.split()[:1] == [name] for row in text) for name in names)
    assert f"and {12 - shown} more" in "".join(text)


def test_a_column_holds_the_newest_reading_and_a_break_stays_visible() -> None:
    steps, values = np.array([0, 50, 60]), np.array([1.0, np.nan, 3.0])
    found = over_columns(steps, values, 100, 10)
    assert found[:4] == [1.0] * 4
    assert np.isnan(found[4])
    assert found[5:] == [3.0, 3.0, None, None, None]


def test_a_forgotten_task_is_marked_and_the_new_tasks_begin_is_on_the_axis(known, rows) -> None:
    series = {
        "task/0/accuracy": [(10, 0.99), (90, 0.4)],
        "task/1/accuracy": [(60, 0.5), (90, 0.97)],
        "task/10/accuracy": [(90, 0.1)],
    }
    text = rows(retention(known(series, events.Marked(50, "phase", "task 1"))), 60, 12)
    told = [row.strip() for row in text if "task" in row]
    assert told[0].startswith("▲ task 0")
    assert told[0].endswith("40 %")
    assert told[1].startswith("task 1")
    assert told[2].startswith("task 10")
    assert "▲50" in "".join(text)


def test_the_race_tells_how_long_after_the_drift_each_detector_spoke(known, rows) -> None:
    calm, moved = 0.5, 1e-9
    series = {
        "drift/p": [(10, calm), (20, calm), (30, calm), (40, moved), (50, moved)],
        "drift/psi": [(10, 0.3), (20, 0.3), (30, 0.0), (40, 0.0), (50, 0.0)],
        "drift/page_hinkley": [(10, 0.0), (50, 49.0)],
    }
    text = rows(race(known(series, events.Marked(35, "drift", "the mean shifts"))), 70, 20)
    told = {row.split()[0]: row for row in text if row[:1].strip()}
    assert told["KS"].rstrip().endswith("after 15")
    assert told["stability"].rstrip().endswith("false alarm")
    assert told["Page–Hinkley"].rstrip().endswith("silent")
    assert told["diagnosis"].rstrip().endswith("silent")
    assert "drift 35" in "".join(text)


def test_a_detector_speaks_after_so_many_readings_in_a_row() -> None:
    steps, over = np.array([1, 2, 3, 4, 5]), np.array([True, False, True, True, True])
    assert [first_in_a_row(steps, over, row) for row in (1, 2, 3, 4)] == [1, 4, 5, None]
