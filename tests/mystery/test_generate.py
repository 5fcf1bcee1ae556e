"""The same code is the same mystery, and every mystery is a valid scenario whose cure its knobs take."""

import pytest

from nnlab.mystery.answers import choices
from nnlab.mystery.changes import CHANGES
from nnlab.mystery.code import LEVELS, Code, parse
from nnlab.mystery.generate import mystery
from nnlab.scenario.knobs import accept, knobs
from nnlab.trials.cure import begun_again

SAMPLE = [mystery(Code(level, seed * 7919 + 1)) for level in LEVELS for seed in range(12)]


@pytest.mark.parametrize(
    ("code", "base", "settings", "seed"),
    [
        ("2G0-01V", "blobs", {"optimizer.weight_decay": 1.0}, 31882),
        ("300-01C", "stream", {"data.strength": 2.5}, 63048),
        ("3G0-0AD", "blobs", {"optimizer.lr": 1e-7, "data.label_noise": 0.4}, 781),
    ],
)
def test_a_mystery_is_the_same_for_everyone(code: str, base: str, settings: dict[str, object], seed: int) -> None:
    """Where this no longer holds the same code is another mystery: then `VERSION` must change too."""
    found = mystery(parse(code))
    assert (found.base, found.settings, found.sick.scenario.seed) == (base, settings, seed)


def test_sick_and_twin_differ_in_the_faults_alone() -> None:
    for found in SAMPLE:
        sick, twin = found.sick.scenario, found.twin.scenario
        assert sick != twin
        assert sick.seed == twin.seed
        assert begun_again(found.twin, found.settings).scenario == sick


def test_nothing_that_is_told_names_the_fault() -> None:
    for found in SAMPLE:
        told = " ".join((found.sick.name, found.sick.scenario.title, found.sick.scenario.story))
        assert found.sick.scenario.teaches is None
        assert not [answer for cause in found.causes for answer in cause.answers if answer in told]


def test_every_cure_is_one_that_a_player_can_carry_out() -> None:
    for found in SAMPLE:
        have = {knob.id: knob for knob in knobs(found.sick.scenario)}
        for knob, value in found.cure.items():
            assert accept(have[knob], value) == value
        begun_again(found.sick, {**found.cure, **found.restart})
        offered = [change.settings for change in CHANGES[found.sick.scenario.family]]
        assert not found.restart or any(found.restart.keys() <= settings.keys() for settings in offered)


def test_every_change_on_offer_fits_every_mystery_of_the_family() -> None:
    for found in {found.base: found for found in SAMPLE}.values():
        for change in CHANGES[found.sick.scenario.family]:
            begun_again(found.sick, change.settings)


def test_the_right_answers_are_on_the_list() -> None:
    for found in SAMPLE:
        listed = choices(found)
        assert all(set(cause.answers) & set(listed) for cause in found.causes)
        assert len(listed) == len(set(listed)) >= 6


def test_the_highest_level_has_two_causes_and_bugs() -> None:
    highest = [found for found in SAMPLE if found.code.level == max(LEVELS)]
    assert {len(found.causes) for found in highest} == {1, 2}
    assert any(answer.startswith("fault.") for found in highest for cause in found.causes for answer in cause.answers)
