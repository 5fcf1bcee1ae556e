"""CSV and JSON: what programs write, what breaks, and that nothing ends in a traceback."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.errors import UserError
from nnlab.imports import csv_metrics, jsonl_metrics, opening
from nnlab.imports.metrics import Metrics, MetricsError
from nnlab.imports.told import tell

CSV, JSONL = Path("m.csv"), Path("m.jsonl")

CELLS = st.sampled_from(["step", "loss", "val_loss", "0", "1", "2", "-1", "1e400", "nan", "", '"', "x", "9" * 25])
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
KEYS = st.sampled_from(["step", "loss", "a"])


def points(metrics: Metrics, name: str) -> dict[int, float]:
    steps, values = metrics.columns[name]
    return dict(zip(steps.tolist(), values.tolist(), strict=True))


def test_keras_csv_logger() -> None:
    text = "epoch,accuracy,loss,val_loss\n0,0.5,0.7,0.8\n1,0.6,nan,NA\n2,0.7,inf,0.6\n"
    metrics = csv_metrics.read(CSV, text)
    assert metrics.unit == "epoch"
    assert points(metrics, "val_loss") == {0: 0.8, 2: 0.6}
    loss = points(metrics, "loss")
    assert math.isnan(loss[1])
    assert loss[2] == math.inf
    assert tell(metrics).columns == {"train/probe_accuracy": "accuracy", "train/loss": "loss", "val/loss": "val_loss"}


def test_lightning_csv_logger_has_sparse_rows() -> None:
    text = (
        "epoch,lr-Adam,step,train_loss_epoch,train_loss_step,val_loss\n"
        "0,,9,,0.9,\n0,,19,,0.8,\n0,,19,0.85,,\n0,,19,,,0.95\n,0.001,20,,,\n1,,29,,0.7,\n1,,39,0.65,,\n1,,39,,0.6,0.9\n"
    )
    metrics = csv_metrics.read(CSV, text)
    assert metrics.unit == "step"
    assert points(metrics, "train_loss_step") == {9: 0.9, 19: 0.8, 29: 0.7, 39: 0.6}
    assert tell(metrics).columns == {
        "train/loss": "train_loss_step", "train/probe_loss": "train_loss_epoch", "val/loss": "val_loss",
        "lr": "lr-Adam",
    }  # fmt: skip


def test_other_delimiters_and_decimal_commas() -> None:
    assert points(csv_metrics.read(CSV, "step;loss\n1;0,5\n2;1,5e-1\n"), "loss") == {1: 0.5, 2: 0.15}
    assert points(csv_metrics.read(CSV, "# step\tloss\n1\t0.5\n"), "loss") == {1: 0.5}


def test_hugging_face_logs_and_the_summary_row_at_the_end() -> None:
    records = [
        {"epoch": 0.5, "step": 10, "loss": 2.0, "grad_norm": 1.5, "learning_rate": 1e-4},
        {"epoch": 0.5, "step": 10, "eval_loss": 2.1, "eval_accuracy": 0.4, "eval_runtime": 3.0},
        {"epoch": 1.0, "step": 20, "loss": 1.5, "grad_norm": 1.2, "learning_rate": 5e-5},
        {"epoch": 1.0, "step": 20, "train_loss": 1.75, "train_runtime": 60.0},
    ]
    for text in ("\n".join(map(json.dumps, records)), json.dumps({"log_history": records, "global_step": 20})):
        told = tell(jsonl_metrics.read(JSONL, text))
        assert told.columns == {
            "train/loss": "loss", "grad/norm": "grad_norm", "lr": "learning_rate", "val/loss": "eval_loss",
            "val/accuracy": "eval_accuracy",
        }  # fmt: skip


def test_weights_and_biases_history() -> None:
    rows = [
        {
            "_step": i,
            "_timestamp": 1.7e9,
            "train": {"loss": "NaN" if i == 3 else 1 / (1 + i)},
            "gradients/fc": {"_type": "histogram", "values": [1]},
        }
        for i in range(5)
    ]
    metrics = jsonl_metrics.read(JSONL, "\n".join(map(json.dumps, rows)))
    assert set(metrics.columns) == {"_timestamp", "train/loss"}
    assert math.isnan(points(metrics, "train/loss")[3])


def test_a_last_line_that_was_cut_off_is_passed_over() -> None:
    metrics = jsonl_metrics.read(JSONL, '{"step": 1, "loss": 1}\n{"step": 2, "loss": 2}\n{"step": 3, "lo')
    assert points(metrics, "loss") == {1: 1.0, 2: 2.0}
    assert metrics.notes == ("line 3 is cut off and passed over",)


def test_a_resumed_run_counts_from_where_it_was_resumed() -> None:
    metrics = csv_metrics.read(CSV, "step,loss\n0,4\n1,3\n2,9\n3,9\nstep,loss\n2,2\n3,1\n")
    assert points(metrics, "loss") == {0: 4.0, 1: 3.0, 2: 2.0, 3: 1.0}
    assert any("resumed" in note for note in metrics.notes)


def test_steps_that_begin_again_in_each_epoch_are_not_steps() -> None:
    text = "epoch,iter,loss\n" + "".join(f"{e},{i},{9 - e}\n" for e in range(4) for i in range(3))
    metrics = csv_metrics.read(CSV, text)
    assert metrics.unit == "row"
    assert len(points(metrics, "loss")) == 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("step,loss\n", "a head but no rows"),
        ("loss,val_loss\n1,2\n", "m.csv: no column counts steps"),
        ("loss,val_loss\n1,2\n", "--steps-column"),
        ("step,speed\n1,2\n2,3\n", "no column is a training loss (found speed)"),
        ("step,loss\n1,2\n", "one point is nothing to diagnose"),
        ("step,loss\n1,2\n2,high\n", 'm.csv:3: loss: "high" is not a number'),
        ("step,loss\n1,tensor(2.)\n2,tensor(1.)\n", 'm.csv:2: loss: "tensor(2.)" is not a number'),
        ("step,loss\none,2\n", 'm.csv:2: step: "one" is not a number'),
        ("step,loss\n1.5,2\n", "is no whole number"),
        ("step,loss\n-1,2\n", "must be from 0 to"),
        ("step,loss\nnan,2\n", "is no whole number"),
        ("step,loss\n1,2,3\n", "m.csv:2: 3 cells under a head of 2"),
        ("step,loss,loss\n1,2,3\n", 'two columns are named "loss"'),
        ('step,loss\n1,"' + "9" * 200_000 + '"\n', "not readable as CSV"),
    ],
)
def test_bad_csv_has_one_clear_message(text: str, words: str) -> None:
    with pytest.raises(MetricsError) as told:
        tell(csv_metrics.read(CSV, text))
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n", "the file is empty"),
        ("[]", "has no rows"),
        ("[1, 2]", "expected a list of objects"),
        ('{"step": 1}\nnonsense\n', "m.jsonl:2: not JSON"),
        ('{"step": 1}\n[2]\n', "m.jsonl:2: expected an object"),
        ('{"step": 1, "loss": true}\n{"step": 2, "loss": false}\n', "m.jsonl:1: loss: True is not a number"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_bad_json_has_one_clear_message(text: str, words: str) -> None:
    with pytest.raises(MetricsError) as told:
        tell(jsonl_metrics.read(JSONL, text))
    assert words in str(told.value)


def test_columns_can_be_named_and_wrong_names_get_the_nearest() -> None:
    metrics = csv_metrics.read(CSV, "tick,cost_a\n1,2\n2,1\n", "tick")
    assert tell(metrics, {"cost_a": "train/loss"}).columns["train/loss"] == "cost_a"
    with pytest.raises(MetricsError, match='no column "cost_b"; did you mean "cost_a"'):
        tell(metrics, {"cost_b": "train/loss"})
    with pytest.raises(MetricsError, match='is no series of nnlab; did you mean "train/loss"'):
        tell(metrics, {"cost_a": "train/los"})
    with pytest.raises(MetricsError, match='no column "tock" for the steps; did you mean "tick"'):
        csv_metrics.read(CSV, "tick,loss\n1,2\n", "tock")
    assert points(csv_metrics.read(CSV, "loss\n3\n2\n", "#"), "loss") == {0: 3.0, 1: 2.0}


def test_percentages_and_batch_noise_are_put_right() -> None:
    text = "step,loss,acc\n" + "".join(f"{i},{1 + i % 2},{50 + i / 10}\n" for i in range(200))
    told = tell(csv_metrics.read(CSV, text))
    frame = told.events[1]
    columns = {name: np.frombuffer(values) for name, values in zip(frame.series, frame.values, strict=True)}  # type: ignore[union-attr]
    assert columns["train/probe_accuracy"].max() < 0.71
    assert len(columns["train/loss"]) == 200
    assert np.ptp(columns["train/probe_loss"][1:]) < 0.25
    assert 40 <= len(columns["train/probe_loss"]) < 80


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.lists(CELLS), max_size=8).map(lambda rows: "\n".join(map(",".join, rows))))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    for read, path in ((csv_metrics.read, CSV), (jsonl_metrics.read, JSONL)):
        try:
            tell(read(path, text))
        except UserError as error:
            assert str(error)


@settings(max_examples=60, deadline=None)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner)))
def test_any_json_is_read_or_refused_with_a_message(value: object) -> None:
    try:
        tell(jsonl_metrics.read(JSONL, json.dumps(value)))
    except UserError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"\xff\xfe\x00", "not a text in UTF-8"),
        ("a.csv", b"step\x00loss\n", "not a text"),
        ("a.bin", b"hello world", "unknown kind of file"),
        ("a.csv", b"", "the file is empty"),
        ("events.out.tfevents.1.host", b"short", "not a TensorBoard event file"),
    ],
)
def test_unknown_files(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MetricsError, match=words):
        opening.read(path)


def test_kinds_are_known_by_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"step": 1, "loss": 2}\n')
    (tmp_path / "b").write_text("\ufeffstep,loss\n1,2\n")
    assert points(opening.read(tmp_path / "a"), "loss") == points(opening.read(tmp_path / "b"), "loss") == {1: 2.0}
    with pytest.raises(MetricsError, match="no TensorBoard event files"):
        opening.read(tmp_path)
    with pytest.raises(MetricsError, match="there is no file"):
        opening.read(tmp_path / "c")
