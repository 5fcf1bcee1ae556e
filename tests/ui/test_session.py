"""The session: events in, diagnosis at boundaries, commands out."""

import itertools

from nnlab.ui.session import News
from nnlab.ui.views.status import status
from nnlab.wire import commands, events


def test_every_boundary_is_diagnosed_once_and_in_order(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 25), frame(25, 61))
    session.advance(10.0)
    assert session.doctor.looks == [0, 10, 20, 30, 40, 50, 60][: len(session.doctor.looks)]
    assert session.doctor.looks[-1] >= 50
    assert session.step == 61


def test_work_beyond_the_budget_waits_for_the_next_tick(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 95))
    looks = []
    for _ in range(40):
        session.advance(0.0)
        looks.append(len(session.doctor.looks) if session.doctor else 0)
    assert max(after - before for before, after in itertools.pairwise(looks)) == 1
    assert looks[-1] >= 9


def test_points_alone_are_no_answer_but_a_turned_knob_is(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 5))
    session.advance()
    story.feed.add(frame(5, 6))
    assert session.advance() == News.DATA
    story.feed.add(events.KnobTurned(6, "lr", 0.1, 0.01, 0.01, "user"))
    assert session.advance() & News.ANSWER
    assert session.answers.of_knobs["lr"].value == 0.01
    assert session.advance() == News.NONE


def test_two_equal_refusals_are_two_answers(story, info) -> None:
    session = story.session()
    refused = events.KnobRefused(3, "lr", 99.0, "lr is at most 10")
    story.feed.add(events.RunStarted(info), refused)
    session.advance()
    first = session.answers.of_knobs["lr"]
    story.feed.add(refused)
    session.advance()
    assert first != session.answers.of_knobs["lr"]
    assert [answer.refusal for answer in session.answers.refusals] == ["lr is at most 10"] * 2


def test_another_run_begins_with_a_clean_slate(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 50, dropped=2), events.RunStarted(info))
    session.advance(10.0)
    assert (session.step, session.dropped, session.diagnosis, session.history.names()) == (0, 0, None, ())


def test_pausing_depends_on_the_state_and_death_ends_commands(story, info) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"))
    session.advance()
    session.toggle()
    story.feed.add(events.StateChanged(4, "paused"))
    session.advance()
    session.toggle()
    assert story.feed.sent == [commands.Pause(), commands.Resume()]
    story.feed.add(events.EngineLost(-9, "log"))
    session.advance()
    session.stop()
    assert len(story.feed.sent) == 2


def test_findings_and_the_verdict_are_written_into_the_run_once(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 45), frame(45, 75))
    session.advance(10.0)
    session.stop()
    remarks = [command for command in story.feed.sent if isinstance(command, commands.Remark)]
    assert [(remark.kind, remark.step) for remark in remarks] == [("finding", 30), ("verdict", 70)]
    assert '"mode": "overfitting"' in remarks[0].text


def test_elapsed_is_what_the_engine_counted_for_this_run(story, info, frame) -> None:
    session = story.session()
    assert session.elapsed == 0.0
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 50))
    session.advance(10.0)
    assert session.elapsed == 5.0
    assert "0:05" in status(session).facts
    story.feed.add(events.RunStarted(info))
    session.advance(10.0)
    assert session.elapsed == 0.0


def test_what_a_history_has_forgotten_is_asked_for_again(story, info, frame, monkeypatch) -> None:
    monkeypatch.setattr("nnlab.telemetry.series.WINDOW", 16)
    monkeypatch.setattr("nnlab.telemetry.series._FIRST", 16)
    session = story.session()
    whole = [events.RunStarted(info), frame(0, 61)]
    story.feed.add(*whole, events.Rewound(30, 0))
    session.advance(10.0)
    assert [command for command in story.feed.sent if isinstance(command, commands.Hello)] == [commands.Hello()]
    story.feed.add(*whole, events.Rewound(0, 0), frame(0, 30))
    session.advance(10.0)
    assert (session.history.exact, session.history.step) == (True, 30)
    assert sum(isinstance(command, commands.Hello) for command in story.feed.sent) == 1


def test_a_rewind_is_followed_and_a_refused_one_is_told(story, info, frame) -> None:
    session = story.session()
    story.feed.add(events.RunStarted(info), frame(0, 61), events.Rewound(30, 0))
    session.advance(10.0)
    assert (session.step, session.history.step, session.history.line(0).step) == (30, 30, 61)
    assert session.doctor.looks[-3:] == [0, 10, 20]
    story.feed.add(events.Refused(30, "rewind", "this line goes from step 0 to step 61"))
    session.advance()
    assert session.answers.refusals[-1].refusal.startswith("this line goes")
    assert not any(isinstance(command, commands.Hello) for command in story.feed.sent)
