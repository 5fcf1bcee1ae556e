"""What remedies proved before orders them later, and is only ever a hint."""

import math
from pathlib import Path

import pytest

from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.trials import ledger
from nnlab.trials.judge import Proof, Trial

LR = Remedy("a rate of 0.01", ({"turn": "lr", "to": 0.01},), 1)
OTHER_LR = Remedy("a rate of 0.1", ({"turn": "lr", "to": 0.1},), 1)
INIT = Remedy("begin again", ({"action": "restart", "set": {"model.init": "he", "lr": 0.1}},), 2)
CLIP = Remedy("clip", ({"turn": "clip_norm", "to": 1.0},), 3)
ADVICE = Remedy("think", (), 4)
FINDING = Finding("plateau", "warning", 1.0, 0, 0, None, "", remedies=(LR, INIT, CLIP, ADVICE))


def trial(remedy: Remedy, proof: Proof) -> Trial:
    return Trial(remedy, False, proof, "val/loss", (-1.0,), -1.0, 1, 1, 10, "learning", 100)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "new" / "remedies.json"


def test_an_empty_store_keeps_the_doctors_order(store: Path) -> None:
    assert ledger.ordered(store, FINDING) == ledger.ordered(None, FINDING) == (LR, INIT, CLIP)
    assert ledger.counts(store) == {}


def test_trials_add_up_by_what_they_change(store: Path) -> None:
    ledger.note(store, "plateau", [trial(LR, "confirmed"), trial(INIT, "refuted"), trial(CLIP, "too early")])
    ledger.note(store, "plateau", [trial(OTHER_LR, "refuted")])
    assert ledger.counts(store) == {"plateau": {"lr": (1, 2), "lr+model.init=he": (0, 1)}}
    assert [file.name for file in store.parent.iterdir()] == [store.name]
    unfit = Trial(CLIP, True, "refuted", "", (), math.nan, 0, 1, None, "", 0, "does not fit")
    ledger.note(store, "plateau", [unfit])
    assert "clip_norm" not in ledger.counts(store)["plateau"]


def test_evidence_orders_only_when_there_is_enough_of_it(store: Path) -> None:
    ledger.note(store, "plateau", [trial(LR, "refuted"), trial(CLIP, "confirmed")] * (ledger.ENOUGH - 1))
    assert ledger.ordered(store, FINDING) == (LR, INIT, CLIP)
    ledger.note(store, "plateau", [trial(LR, "refuted"), trial(CLIP, "confirmed")])
    assert ledger.ordered(store, FINDING) == (CLIP, INIT, LR)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"plateau": 3}', '{"plateau": {"lr": [5]}}', '{"a": {"lr": [9, 1]}}']
)
def test_a_damaged_store_counts_as_empty_and_is_written_anew(store: Path, text: str) -> None:
    store.parent.mkdir()
    store.write_text(text)
    assert ledger.ordered(store, FINDING) == (LR, INIT, CLIP)
    ledger.note(store, "plateau", [trial(LR, "confirmed")])
    assert ledger.counts(store)["plateau"]["lr"] == (1, 1)


def test_where_it_lies_and_how_it_is_switched_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NNLAB_REMEDIES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert ledger.place() == tmp_path / "nnlab" / "remedies.json"
    monkeypatch.setenv("NNLAB_REMEDIES", str(tmp_path / "mine.json"))
    assert ledger.place() == tmp_path / "mine.json"
    monkeypatch.setenv("NNLAB_REMEDIES", "off")
    assert ledger.place() is None
    ledger.note(None, "plateau", [trial(LR, "confirmed")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ledger.note(tmp_path / "file" / "remedies.json", "plateau", [trial(LR, "confirmed")])
