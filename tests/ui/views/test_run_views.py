"""Views of what is around the run: knobs over time, the engine's log, the machine; and a line for each view."""

from array import array
from dataclasses import replace

import pytest

from nnlab.scenario.knob_table import KNOBS as EVERY_KNOB
from nnlab.ui import knob_paragraphs, plot_paragraphs
from nnlab.ui.explanations import LINES
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.journal import JournalPanel
from nnlab.ui.panels.knobs import KnobsPanel
from nnlab.ui.panels.lesson import LessonPanel
from nnlab.ui.surroundings import Surroundings
from nnlab.ui.views.knob_history import knob_history
from nnlab.ui.views.log import engine_log
from nnlab.ui.views.plots import GRADIENT, LOSS, THIRD, stretches_plot
from nnlab.ui.views.sights import sights
from nnlab.ui.views.system import system
from nnlab.wire.events import Inspected, InspectionRefused, KnobTurned
from nnlab.wire.values import KnobSpec, SeriesSpec

KNOBS = (KnobSpec("lr", "learning rate", 0.1, "log"), KnobSpec("reset_optimizer", "moments", False, "action"))
TURNS = (
    KnobTurned(200, "lr", 0.1, 0.01, 0.01, "user"),
    KnobTurned(300, "reset_optimizer", False, True, True, "user"),
)


def test_every_panel_plot_and_view_has_its_line(info) -> None:
    panels = {"layers", *(panel.TITLE for panel in (DiagnosisPanel, JournalPanel, KnobsPanel, LessonPanel))}
    stretches = (stretches_plot({f"{kind}/{n}/accuracy" for n in range(3)}) for kind in ("task", "phase"))
    plots = {plot.title for plot in (LOSS, GRADIENT, *THIRD, *filter(None, stretches))}
    streams = replace(info, facts={"features": 2, "classes": 2, "data.kind": "stream"})
    series = tuple(SeriesSpec(name, "") for name in ("sim/gap", "task/0/accuracy", "task/1/accuracy"))
    runs = (streams, replace(info, series=series))
    views = {sight.title for run in runs for sight in sights(run) if sight}
    assert panels | plots | views == set(LINES)
    assert {name: len(line) for name, line in LINES.items() if not 30 < len(line) <= 92} == {}
    assert plots == set(plot_paragraphs.PARAGRAPHS)
    assert {knob.id for knob in EVERY_KNOB} == set(knob_paragraphs.PARAGRAPHS)
    told = (plot_paragraphs.PARAGRAPHS | knob_paragraphs.PARAGRAPHS).items()
    assert {name: len(text) for name, text in told if not 100 < len(text) < 480} == {}


def test_turns_stand_in_lanes_under_the_rate_in_force(known, info, rows) -> None:
    run = replace(info, knobs=KNOBS, planned_steps=400)
    rates = [(0, 0.1), (100, 0.1), (200, 0.01), (399, 0.01)]
    series = {"train/loss": [(399, 1.0)], "lr": rates, "lr/stable": [(0, 1.0), (399, 1.0)]}
    told = rows(knob_history(known(series, *TURNS, run=run)), 90, 12)
    assert told[0].startswith("knobs over time 2 turns") and told[0].endswith("edge ≈ 1")
    assert told[1].endswith(" 1")
    assert next(row for row in told if row.startswith("rate in force")).endswith(" 0.01")
    lane = next(row for row in told if row.startswith("learning rate"))
    assert "─0.1──" in lane and "┬0.01─" in lane and lane.endswith(" 0.01")
    assert "┬reset" in next(row for row in told if row.startswith("moments"))
    assert abs(lane.index("┬") - (16 + 64 * 200 / 400)) <= 1
    assert sum(any("⠀" < cell <= "⣿" for cell in row) for row in told) >= 3


def test_a_rate_that_never_moved_takes_one_row(known, info, rows) -> None:
    told = rows(knob_history(known({"lr": [(0, 0.1), (90, 0.1)]}, run=replace(info, knobs=KNOBS))), 40, 8)
    assert told[0].strip() == "knobs over time no knob has been turned"
    assert told[1].startswith("rate in force") and told[1].endswith("0.1")
    assert not told[3].strip()


def test_the_log_is_followed_as_it_grows_and_a_recording_has_none(known, rows, tmp_path) -> None:
    some = known({"lr": [(0, 0.1)]})
    assert "Not kept" in engine_log(some).text
    path = tmp_path / "engine.log"
    path.write_text("")
    some = replace(some, around=Surroundings(path))
    assert "printed nothing" in engine_log(some).text
    path.write_text("".join(f"line {n}\n" for n in range(50)) + "UserWarning: the shapes " + "x" * 30)
    told = rows(engine_log(some), 40, 6)
    assert told[0].startswith("engine log 51 lines")
    last = ["line 47", "line 48", "line 49", "UserWarning: the shapes", "  " + "x" * 30]
    assert [row.rstrip() for row in told[1:]] == last


def machine(processor: float, clock: float, **more: float) -> Inspected:
    values = {"processor": processor, "clock": clock, "memory": 300e6} | more
    packed = tuple(array("d", [value]) for value in values.values())
    return Inspected(0, "machine", tuple(values), packed, ("Some GPU",) if more else ())


def test_cores_are_processor_time_over_the_clock(known, rows) -> None:
    some, around = known({"lr": [(0, 0.1)]}), Surroundings()
    some = replace(some, around=around)
    assert "measuring" in system(some).text
    for processor, clock in ((1.0, 10.0), (1.8, 11.0), (2.8, 13.0)):
        around.hear(machine(processor, clock))
    assert [sample.engine_cores for sample in around.samples] == pytest.approx([0.8, 0.5])
    told = rows(system(some), 60, 10)
    assert next(row for row in told if "engine " in row).split()[:2] == ["engine", "0.50"]
    assert "300" in next(row for row in told if "engine memory" in row)
    assert not any("GPU" in row for row in told)
    around.hear(machine(3.0, 14.0, gpu_load=0.25, gpu_memory=2e9, gpu_total=8e9))
    told = rows(system(some), 90, 10)
    assert "25" in next(row for row in told if "GPU " in row and "memory" not in row)
    assert "MB of 8,000, Some GPU" in next(row for row in told if "GPU memory" in row)


def test_what_a_recording_cannot_say_is_said(known) -> None:
    refused = InspectionRefused(0, "machine", "this is a recording")
    some = replace(known({"lr": [(0, 0.1)]}), answers={"machine": refused})
    assert system(some).text == "Nothing to measure: this is a recording."
