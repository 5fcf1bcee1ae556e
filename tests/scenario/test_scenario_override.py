"""`--set` and `--at`."""

from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from nnlab.scenario.override import OverrideError, apply, parse_at, parse_set


def put(document: dict[str, Any], *texts: str) -> dict[str, Any]:
    return apply(document, [parse_set(text) for text in texts])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("lr=0.5", {"optimizer": {"lr": 0.5}}),
        ("optimizer=sgd", {"optimizer": {"kind": "sgd"}}),
        ('optimizer={kind = "sgd"}', {"optimizer": {"kind": "sgd"}}),
        ("model.hidden = [3, 4]", {"model": {"hidden": [3, 4]}}),
        ("model.activation=relu", {"model": {"activation": "relu"}}),
        ("drift=2", {"data": {"strength": 2}}),
        ("data.path=my data.csv", {"data": {"path": "my data.csv"}}),
        ("freeze=0,2", {"model": {"freeze": [0, 2]}}),
        ('freeze=""', {"model": {"freeze": []}}),
        ("fault.detach_layer=1", {"fault": {"detach_layer": 1}}),
        ("title=hello", {"title": "hello"}),
        ("shuffle=false", {"data": {"shuffle": False}}),
    ],
)
def test_set_writes_into_the_document(text: str, result: dict[str, Any]) -> None:
    assert put({}, text) == result


def test_detach_layer_minus_one_is_off() -> None:
    assert put({"fault": {"detach_layer": 1}}, "fault.detach_layer=-1") == {"fault": {}}


def test_set_reaches_into_lists_and_leaves_the_original_alone() -> None:
    document = {"script": [{"at": 1}, {"at": 2}]}
    assert put(document, "script[1].at=9") == {"script": [{"at": 1}, {"at": 9}]}
    assert document["script"][1]["at"] == 2


def test_steps_and_epochs_take_each_others_place() -> None:
    assert put({"train": {"epochs": 5}}, "train.steps=9") == {"train": {"steps": 9}}
    assert put({"train": {"steps": 5}}, "train.epochs=9") == {"train": {"epochs": 9}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr", "KEY=VALUE"),
        ("=3", "KEY=VALUE"),
        ("lr=", "value is missing"),
        ("lr=[1", "cannot read the value"),
        ("lr=1\nx=2", "cannot read the value"),
        ("lrr=1", 'did you mean "lr"?'),
        ("steps=1", 'did you mean "train.steps"?'),
        ("a..b=1", "not a dotted key"),
        ("optimiser.lr=1", 'did you mean "optimizer.lr"?'),
    ],
)
def test_set_that_cannot_be_read(text: str, words: str) -> None:
    with pytest.raises(OverrideError, match=words.replace("?", r"\?")):
        parse_set(text)


@pytest.mark.parametrize("text", ["script[3].at=1", "title.x=1", "script.at=1"])
def test_set_that_finds_no_place(text: str) -> None:
    with pytest.raises(OverrideError, match=" has no "):
        put({"title": "t", "script": [{}]}, text)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("400:lr=10", {"at": 400, "set": {"lr": 10}}),
        ("0:optimizer=sgd", {"at": 0, "set": {"optimizer": "sgd"}}),
        ("5:fault.flip_gradient=true", {"at": 5, "set": {"fault.flip_gradient": True}}),
        ("5:snapshot", {"at": 5, "action": "snapshot"}),
        ("5:pause", {"at": 5, "action": "pause"}),
        ("5:rewind=2", {"at": 5, "action": "rewind", "step": 2}),
        ('5:note="a: b"', {"at": 5, "action": "note", "text": "a: b"}),
        ("5:note=plain words", {"at": 5, "action": "note", "text": "plain words"}),
    ],
)
def test_at_adds_to_the_script(text: str, entry: dict[str, Any]) -> None:
    assert apply({"script": [{"at": 1}]}, [parse_at(text)]) == {"script": [{"at": 1}, entry]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr=10", "STEP:KNOB=VALUE"),
        ("-1:lr=10", "STEP:KNOB=VALUE"),
        ("5:", "STEP:KNOB=VALUE"),
        ("5:lr", "needs a value"),
        ("5:snap", 'did you mean "snapshot"'),
        ("5:snapshot=1", "takes no value"),
        ("5:rewind", "needs the step"),
        ("5:note", "needs its text"),
    ],
)
def test_at_that_cannot_be_read(text: str, words: str) -> None:
    with pytest.raises(OverrideError, match=words):
        parse_at(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_set, parse_at):
        try:
            apply({}, [parse(text)])
        except OverrideError as error:
            assert str(error)


@given(st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=20))
def test_every_toml_value_is_read_as_toml_reads_it(value: Any) -> None:
    literal = tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")
    assert put({}, f"model.x={literal}") == {"model": {"x": value}}
