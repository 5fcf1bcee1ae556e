"""The tour waits for the failure, lets it be read, cures it as the scenario proves, and goes on."""

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.lessons.tour import HEAL, LOOK, PROGRAMME, READ, TURN_VIEW, WATCH, Act, Plan, Seen, Stage, caption, go, plan
from nnlab.scenario.catalog import find
from nnlab.scenario.load import load

FINDING = Finding("lr-too-low", "warning", 0.9, 0, 30, None, "The steps are too short.")
SICK = Diagnosis(30, "lr-too-low", FINDING, (FINDING,), (FINDING,))
WELL = Diagnosis(90, "learning")
TURNED = Plan("x", "It crawls", "lr-too-low", (("lr", 0.001),))


def play(at: Plan, seen: list[Seen]) -> list[tuple[str, Act]]:
    """What is done, and in which phase that leaves the tour."""
    stage, acts = Stage(), []
    for one in seen:
        stage, done = go(stage, at, one)
        acts += [(stage.phase, act) for act in done if act != "next view"]
    return acts


def test_a_failure_is_read_cured_and_looked_at() -> None:
    seen = [
        Seen(3.0), Seen(5.0, False, SICK), Seen(5.0 + READ - 0.1, False, SICK), Seen(5.0 + READ, False, SICK),
        Seen(6.0 + READ, False, WELL), Seen(5.0 + READ + 2 * TURN_VIEW, False, WELL),
        Seen(5.0 + READ + 2 * TURN_VIEW + LOOK, False, WELL),
    ]  # fmt: skip
    done = [("read", "freeze"), ("heal", "cure"), ("heal", "go on"), ("over", "leave")]
    assert play(TURNED, seen) == done
    begun_again = Plan("x", "It crawls", "lr-too-low", settings=(("model.hidden", "[16]"),))
    assert play(begun_again, seen) == [act for act in done if act[1] != "go on"]


def test_it_does_not_wait_for_ever() -> None:
    never = [Seen(WATCH - 0.1), Seen(WATCH), Seen(WATCH + LOOK)]
    assert play(TURNED, never) == [("over", "leave")]
    uncured = [Seen(0.0, False, SICK), Seen(READ, False, SICK), Seen(READ + HEAL, False, SICK)]
    assert play(TURNED, uncured)[-1] == ("heal", "go on")
    ended = [*uncured[:2], Seen(READ + 1, True, SICK), Seen(READ + 1 + LOOK, True, SICK)]
    assert play(TURNED, ended)[-1] == ("over", "leave")


def test_views_change_while_one_waits() -> None:
    stage, acts = go(Stage(viewed=1.0), TURNED, Seen(1.0 + TURN_VIEW))
    assert acts == ("next view",)
    assert go(stage, TURNED, Seen(2.0 + TURN_VIEW))[1] == ()
    assert go(Stage("read"), TURNED, Seen(TURN_VIEW))[1] == ()


def test_the_captions_say_what_is_to_be_seen() -> None:
    assert caption(Stage(), TURNED, None) == "It crawls"
    assert caption(Stage("read"), TURNED, SICK) == "The diagnosis: lr too low. The steps are too short."
    assert caption(Stage("heal"), TURNED, SICK) == "Turned while it trains: lr 0.001."
    assert caption(Stage("look"), TURNED, WELL) == "It was lr too low; now the run is healthy."
    assert caption(Stage("look"), TURNED, SICK).endswith("now the run is on its way.")


def test_every_stop_of_the_programme_has_a_failure_and_its_cure() -> None:
    for name in PROGRAMME:
        at = plan(load(find(name)))
        assert at.finding, name
        assert bool(at.turns) != bool(at.settings), name
    assert plan(load(find("underfitting"))).settings == (("model.hidden", "[16]"),)
    assert plan(load(find("healthy-moons"))).finding == ""
