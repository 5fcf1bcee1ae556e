"""Remedies: what can be applied comes first, and follows what was measured."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Remedy
from nnlab.wire.values import KnobSpec


def test_advice_comes_after_what_can_be_applied() -> None:
    live, other = Remedy("live", ({"turn": "lr", "to": 0.1},)), Remedy("other", ({"turn": "lr", "to": 1.0},))
    order = remedies.ranked(remedies.advice("think"), live, None, other)
    assert [(remedy.text, remedy.rank) for remedy in order] == [("live", 1), ("other", 2), ("think", 3)]


def test_turns_that_belong_together_are_one_remedy_or_none() -> None:
    live, other = Remedy("live", ({"turn": "lr", "to": 0.1},)), Remedy("other", ({"turn": "momentum", "to": 0.9},))
    assert remedies.together("both", live, other) == Remedy("both", (*live.commands, *other.commands))
    assert remedies.together("both", live, None) is None


def test_standardised_inputs_are_not_scaled_afterwards(story: Any) -> None:
    told = story()
    told.stuck()
    told.facts |= {"feature_std_max": 700.0, "data.input_scale": 100.0}
    (first,) = told.tell()[-1].headline.remedies
    assert first.commands == ({"action": "restart", "set": {"data.standardize": True, "data.input_scale": 1.0}},)


def test_rare_rows_are_repeated_where_classes_cannot_be_weighted(story: Any) -> None:
    told = story()
    told.facts |= {"majority_share": 0.96, "data.oversample": False}
    for name, value in (("val/recall_min", 0.0), ("val/predicted_majority", 1.0), ("val/majority", 0.96)):
        told.flat(name, value)
    first, *_, last = told.tell()[-1].headline.remedies
    assert first.commands == ({"action": "restart", "set": {"data.oversample": True}},)
    assert last.commands == ()


def test_an_explosion_is_turned_down_early_and_begun_again_late(story: Any) -> None:
    for power, command in ((0.5, "turn"), (1.5, "action")):
        told = story()
        told.curves["grad/norm"] = lambda t: np.exp(60 * np.minimum(t, 0.1))
        told.loss(lambda t, power=power: math.log(2) * np.exp(60 * power * np.minimum(t, 0.1)))
        found = next(look.headline for look in told.tell() if look.verdict == "exploding-gradients")
        assert command in found.remedies[0].commands[0]


def test_updates_that_climb_are_turned_round_where_the_sign_is_a_switch(story: Any) -> None:
    sign = ({"action": "restart", "set": {"fault.flip_gradient": False}},)
    for smallest, flipped in ((0.125, True), (0.125, False), (0.25, True)):
        told = story()
        switch = KnobSpec("fault.flip_gradient", "flip gradient", flipped, "switch")
        info = told.info()
        told.info = lambda info=info, switch=switch: replace(info, knobs=(*info.knobs, switch))
        told.curves["grad/norm"] = lambda t: np.exp(90 * np.minimum(t, 0.1))
        told.loss(lambda t: math.log(2) * np.exp(90 * np.minimum(t, 0.1)))
        told.flat("step/critical", smallest)
        told.flat("step/change", 0.2)
        found = next(look.headline for look in told.tell() if look.verdict == "exploding-gradients")
        assert (found.remedies[0].commands == sign) == (smallest == 0.125 and flipped)
        assert ("flipped sign" in found.because) == (smallest == 0.125)
