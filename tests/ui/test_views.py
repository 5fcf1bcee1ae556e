"""View values made from a session, without an app."""

import math
from typing import get_args

import pytest

from nnlab.errors import UserError
from nnlab.scenario.errors import Problem, ScenarioErrors
from nnlab.scenario.steering import FailureMode
from nnlab.ui import pace
from nnlab.ui.answers import Answer
from nnlab.ui.views import gallery, journal, knobs, layers, plots
from nnlab.ui.views.diagnosis import adds, diagnosis, does
from nnlab.ui.views.problems import problems
from nnlab.ui.views.status import status
from nnlab.ui.views.trouble import trouble
from nnlab.wire import events


@pytest.fixture
def session(story, info, frame):
    """A run that overfits and was tweaked at step 40."""
    session = story.session()
    story.feed.add(
        events.RunStarted(info),
        events.StateChanged(0, "running"),
        frame(0, 40),
        events.KnobTurned(40, "lr", 0.1, 0.01, 0.01, "user"),
        events.Marked(41, "drift", "the mean shifts"),
        frame(41, 60, dropped=3),
    )
    session.advance(10.0)
    return session


def test_status_tells_state_position_and_skipped_frames(session) -> None:
    view = status(session)
    assert (view.title, view.state, view.position, view.done) == ("Two moons", "running", " 60 / 100", 0.6)
    assert view.facts[0] == "3 frames skipped"
    assert "1.0k steps/s" in view.facts


def test_diagnosis_tells_story_evidence_and_numbers_only_what_can_be_done(session) -> None:
    view = diagnosis(session)
    assert (view.glyph, view.word, view.mode, view.since) == ("▲", "warning", "overfitting", "since step 20")
    assert view.evidence[0].reading == "0.2"
    assert view.evidence[0].limit == "limit 0.4"
    assert [(remedy.key, remedy.does) for remedy in view.remedies] == [
        ("1", "dropout → 0.3"),
        ("2", "restart with train.batch_size = 64"),
        ("", ""),
    ]
    assert [remedy.restarts for remedy in view.remedies] == [False, True, False]


def test_diagnosis_before_the_first_step_says_what_is_happening(story) -> None:
    view = diagnosis(story.session())
    assert view.word == "warming up"
    assert "torch" in view.story


def test_diagnosis_waits_only_for_rules_that_gather_readings(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 15))
    session.advance(10.0)
    assert diagnosis(session).waiting == ("plateau: 3 of 8 readings",)


def test_the_scenario_is_told_until_there_is_a_diagnosis(story, info, frame) -> None:
    session = story.session()
    assert diagnosis(session).scenario.text.endswith("Try: a wider layer.")
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 15))
    session.advance(10.0)
    assert not diagnosis(session).diagnosed
    story.feed.add(frame(15, 35))
    session.advance(10.0)
    assert diagnosis(session).diagnosed


def test_diagnosis_of_a_run_at_rest_says_what_came_of_it(session, story) -> None:
    story.feed.add(events.StateChanged(60, "finished"))
    session.advance(10.0)
    assert diagnosis(session).outcome == "finished at step 60, train/loss 0.0167"


def test_marks_tell_turns_drift_and_findings_in_order(session) -> None:
    marks = plots.marks(session.history, session.diagnosis)
    assert [(mark.step, mark.kind) for mark in marks] == [(20, "finding"), (40, "knob"), (41, "drift")]


def test_plot_leaves_out_what_is_not_measured(session) -> None:
    view = plots.plot_view(plots.LOSS, session.history, ())
    assert [line.label for line in view.lines] == ["train"]
    assert (view.planned, view.step) == (100, 60)
    assert math.isclose(view.lines[0].value, 1 / 60)


@pytest.mark.parametrize(
    ("recorded", "title"),
    [
        (("sim/positive", "val/accuracy"), "similarity"),
        (("drift/ks", "val/accuracy"), "drift"),
        (("train/probe_accuracy", "val/accuracy"), "accuracy"),
        (("val/r2",), "R²"),
        ((), "distance from start"),
    ],
)
def test_third_plot_follows_what_the_run_measures(info, recorded, title) -> None:
    from dataclasses import replace

    from nnlab.wire.values import SeriesSpec

    assert plots.third_plot(replace(info, series=tuple(SeriesSpec(name, name) for name in recorded))).title == title


def test_journal_is_newest_first_and_names_the_source(session) -> None:
    refusal = Answer("lr", 99.0, 50, "lr is at most 10", 1)
    view = journal.journal(session.history, session.diagnosis, (refusal,))
    assert [row.text for row in view.rows] == [
        "lr = 99 refused: lr is at most 10",
        "the mean shifts",
        "lr 0.1 → 0.01  by you",
        "overfitting",
    ]


def test_layers_show_what_is_measured_and_mark_the_blamed_one(story, info) -> None:
    from array import array

    session = story.session()
    series = ("layer/fc1/grad_norm", "layer/out/grad_norm")
    steps, values = (array("q", [0]),) * 2, (array("d", [0.5]), array("d", [math.nan]))
    story.feed.add(events.RunStarted(info), events.Frame(35, series, steps, values))
    session.advance(10.0)
    view = layers.layers(session.history, session.diagnosis)
    assert [column.title for column in view.columns] == ["gradient"]
    assert [(row.label, row.warn) for row in view.rows] == [("fc1", True), ("out", False)]
    assert view.rows[0].values == (0.5,)


def test_faults_stand_in_a_group_of_their_own(info) -> None:
    groups = knobs.groups(info.knobs)
    assert [(group.title, [spec.id for spec in group.specs]) for group in groups] == [
        ("", ["lr", "dropout"]),
        ("faults", ["flip_gradient"]),
    ]


def test_trouble_tells_signal_file_and_log(session, story) -> None:
    story.feed.add(events.EngineLost(-9, "first\nlast"))
    session.advance(10.0)
    view = trouble(session)
    assert view.headline == "the engine is gone since step 60"
    assert "killed by signal 9" in view.explanation
    assert "/tmp/nnlab-tests/r1.nnlab" in view.explanation
    assert view.detail.endswith("last")


def test_problems_are_told_one_by_one() -> None:
    found = problems(ScenarioErrors([Problem("a.toml", 3, "data.kind", "unknown", "moons, blobs")]))
    assert [(one.place, one.key, one.text, one.allowed) for one in found] == [
        ("line 3", "data.kind", "unknown", "moons, blobs")
    ]
    assert problems(UserError("no such file"))[0].text == "no such file"


def test_remedy_in_words() -> None:
    assert does(({"turn": "lr", "to": 0.01}, {"turn": "clip_norm", "to": 1.0})) == "lr → 0.01, clip_norm → 1"


@pytest.mark.parametrize(
    ("text", "command", "added"),
    [
        ("a tenth of the learning rate", {"turn": "lr", "to": 0.0003}, "lr→0.0003"),
        ("learning rate 3.0e-04 (room 1,024)", {"turn": "lr", "to": 0.0003}, ""),
        ("no weight decay", {"turn": "weight_decay", "to": 0.0}, ""),
        ("restart with a smaller rate", {"action": "restart", "set": {"optimizer.lr": 0.01}}, "lr→0.01"),
        ("layer normalisation", {"action": "restart", "set": {"model.norm": "layer"}}, "restart"),
        ("thaw all layers", {"turn": "freeze", "to": ""}, "freeze→none"),
    ],
)
def test_remedy_says_nothing_twice(text, command, added) -> None:
    assert adds(text, (command,)) == added


def test_pace_ladder() -> None:
    assert pace.slower(0.0, 730.0) == 500.0
    assert pace.slower(1.0, 0.0) == 1.0
    assert pace.faster(500.0) == 1000.0
    assert pace.faster(1000.0) == pace.FULL
    assert pace.faster(pace.FULL) == pace.FULL


def test_the_gallery_groups_and_finds_scenarios(tmp_path) -> None:
    from nnlab.scenario.catalog import Entry

    def entry(name: str, title: str, family: str, teaches: str = "", story: str = "a\nb\n\nc") -> Entry:
        return Entry(name, tmp_path, title, "", family, teaches, 2000, 0, story, "bundled", pace=200.0)

    twos, cured = entry("moons", "Two moons", "mlp", "overfitting"), entry("cured", "Moons again", "mlp")
    first = entry("towers", "A network", "towers", "exploding-gradients", "Two of them, and a sigmoid.")
    early = entry("early", "Boom", "mlp", "exploding-gradients")
    listed = [cured, twos, first, early]
    texts = [row.text for row in gallery.rows(listed)]
    assert texts == [
        "multilayer perceptrons", "gradients", "Boom", "fit", "Two moons", gallery.HEALTHY, "Moons again",
        "two towers", "gradients", "A network",
    ]  # fmt: skip
    assert [row.name for row in gallery.rows(listed, "two") if row.name] == ["moons", "towers"]  # of the family
    assert [row.name for row in gallery.rows(listed, "gradi") if row.name] == ["early", "towers"]
    assert [(row.name, row.loose) for row in gallery.rows(listed, "sigm") if row.name] == [("towers", True)]
    assert gallery.rows(listed, "sig") == gallery.rows(listed, "zzz") == ()
    assert gallery.preview(twos).story == "a b\n\nc"
    assert "2,000 steps, 0:10 at its pace" in gallery.preview(twos).facts


def test_every_failure_mode_has_its_kind_in_the_gallery() -> None:
    named = [mode for modes in gallery.KINDS.values() for mode in modes]
    assert sorted(named) == sorted(get_args(FailureMode))
