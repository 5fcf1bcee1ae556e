"""The encyclopaedia: complete, in step with the rules, and found by name."""

import re
import typing

import pytest

from nnlab.diagnosis.rules import RULES, exploding_gradients
from nnlab.encyclopaedia import book
from nnlab.scenario.catalog import entries
from nnlab.scenario.steering import Verdict

MODES = [mode for part in typing.get_args(Verdict) for mode in typing.get_args(part) or (part,)]


def test_every_mode_and_every_rule_has_an_entry() -> None:
    assert set(book.modes()) == set(MODES) == {rule.mode for rule in RULES}
    assert book.modes()[-2:] == ("learning", "converged")


@pytest.mark.parametrize("mode", MODES)
def test_an_entry_is_complete_and_its_numbers_are_filled_in(mode: str) -> None:
    entry = book.entry(mode)
    texts = [entry.title, entry.looks, entry.why, entry.mathematics, entry.rule, *entry.todo, *entry.sources]
    assert all(text and not re.search(r"[{}\n]|  ", text) for text in texts)
    assert re.search(r"\d", entry.rule), "the rule's numbers"
    assert len(entry.todo) >= 3
    assert any(re.search(r"(19|20)\d\d", source) for source in entry.sources)
    words = sum(len(text.split()) for text in (entry.looks, entry.why, entry.mathematics, entry.rule, *entry.todo))
    assert 120 <= words <= 220


def test_numbers_come_from_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "×100 within" in book.entry("exploding-gradients").rule
    monkeypatch.setattr(exploding_gradients, "GROWTH", 123.0)
    assert "×123 within" in book.entry("exploding-gradients").rule


def test_scenarios_are_those_of_the_catalogue() -> None:
    taught = {entry.teaches for entry in entries() if entry.source == "bundled" and entry.teaches}
    assert taught
    for mode in taught:
        assert book.entry(mode).scenarios


def test_an_unknown_mode_names_the_nearest() -> None:
    with pytest.raises(
        book.UnknownMode, match='there is no failure mode "overfiting"; did you mean "overfitting"'
    ) as told:
        book.entry("overfiting")
    assert told.value.nearest == "overfitting"
    with pytest.raises(book.UnknownMode, match="nnlab explain lists all of them"):
        book.entry("../../../etc/passwd")
