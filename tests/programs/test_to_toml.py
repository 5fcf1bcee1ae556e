"""`nnlab export --to toml`: what comes out trains like what went in, to the last bit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli

from nnlab.cli.main import main
from nnlab.programs.compare import Side, compare
from nnlab.programs.steered import steered
from nnlab.programs.to_toml import to_toml
from nnlab.runs.reader import RunFile

pytestmark = pytest.mark.slow

Again = Callable[[str], Path]


def exported(path: Path) -> str:
    with RunFile(path) as run:
        return to_toml(steered(run))


def points(path: Path, *names: str) -> dict[str, tuple[bytes, bytes]]:
    """Every point of the current line, bit for bit."""
    with RunFile(path) as run:
        found = {name: run.series(name) for name in names or run.names()}
        return {name: (one.steps.tobytes(), one.values.tobytes()) for name, one in found.items()}


def test_a_run_steered_by_hand_comes_out_as_a_script(record: Any, again: Again) -> None:
    run = record("steered", "dropout=0.3", "lr=0.01", at=["20:note=here we go", "20:optimizer=sgd"])
    run.train(10).turn("lr", 0.5).turn("optimizer", "adamw").turn("optimizer", "adam").turn("label_noise", 0.2)
    run.train(25).turn("batch_size", 8).turn("freeze", "0").train()
    text = exported(run.end())
    assert [(entry["at"], *entry.get("set", {}).items()) for entry in tomli.loads(text)["script"]] == [
        (10, ("lr", 0.5), ("optimizer", "adamw")),
        (10, ("optimizer", "adam"), ("label_noise", 0.2)),
        (20, ("optimizer", "sgd")),
        (20,),
        (35, ("batch_size", 8), ("freeze", "0")),
    ]
    assert "# by hand\n[[script]]\nat = 10\n" in text
    assert "# the scenario's script\n[[script]]\nat = 20\n" in text
    assert points(again(text)) == points(run.path)


def test_a_line_with_a_past_comes_out_as_it_is_now(record: Any, again: Again) -> None:
    run = record("branched").train(30).turn("lr", 0.3).train(20)
    run.run.time.rewind(15)
    run.turn("momentum" if "momentum" in run.run.knobs else "lr", 0.02).train()
    text = exported(run.end())
    assert [entry["at"] for entry in tomli.loads(text)["script"]] == [15]
    assert points(again(text)) == points(run.path)


@pytest.mark.parametrize("kind", ["warmup", "cosine", "step"])
def test_a_run_that_went_on_past_its_plan_trains_the_same(record: Any, again: Again, kind: str) -> None:
    run = record("longer", f"schedule.kind={kind}", "schedule.step_size=25", "train.epochs=6").train()
    run.turn("lr", 0.02).train(30)
    text = exported(run.end())
    assert "went on past its plan of 42 steps" in text
    ours, theirs = (points(path, "train/loss", "grad/norm") for path in (again(text), run.path))
    assert ours == theirs


def test_guards_that_stepped_in_are_replaced_by_what_they_did(record: Any, again: Again) -> None:
    options = ["guard.grad_norm_ceiling=2.0", "guard.on_ceiling=rewind", "lr=0.5", "optimizer=sgd"]
    run = record("guarded", *options, at=["40:lr=3"]).train()
    text = exported(run.end())
    assert "[guard]" not in text.replace("# [guard]", "")
    assert "# the guard\n[[script]]" in text
    assert points(again(text)) == points(run.path)


def test_a_guard_that_ended_the_run_ends_it_again(record: Any, again: Again) -> None:
    run = record(
        "ended", "guard.grad_norm_ceiling=2.0", "guard.on_ceiling=stop", "optimizer=sgd", at=["20:lr=30"]
    ).train()
    text = exported(run.end())
    assert "grad_norm_ceiling = 2.0" in text
    assert points(again(text)) == points(run.path)


@pytest.mark.parametrize("goes_on", [False, True])
def test_early_stopping_stops_again_unless_the_run_went_on(record: Any, again: Again, goes_on: bool) -> None:
    options = ["train.early_stopping={patience=2}", "train.eval_every=2", "lr=0.3"]
    run = record("patient", *options).train()
    assert run.run.state == "finished"
    text = exported((run.train() if goes_on else run).end())
    assert ("early_stopping" in text) is not goes_on
    with RunFile(run.path) as ours, RunFile(again(text)) as theirs:
        (parting,) = compare([Side(ours), Side(theirs)]).divergences
        assert (parting.step, parting.until) == (-1, ours.done())
        assert (theirs.done() > ours.done()) is goes_on


def test_findings_are_comments_and_what_comes_too_late_too(record: Any) -> None:
    run = record("told").train()
    run.run.remark(
        "finding", '{"mode": "plateau", "detected_step": 30, "headline": "It\\nstands.", "cleared_step": 50}', 30
    )
    run.run.remark("note", "the end", -1)
    text = exported(run.turn("lr", 0.5).end())
    assert "# step 30: plateau (cleared at step 50): It stands.\n" in text
    assert "# step 60: note: the end\n" in text
    assert "# by hand, after the last step\n# [[script]]\n# at = 60\n# set = { lr = 0.5 }\n" in text
    assert "script" not in tomli.loads(text)


def test_tables_are_found_from_anywhere(record: Any, again: Again, tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(40, 3))
    (tmp_path / "mine.csv").write_text("a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows))
    text = """
        data = { kind = "table", path = "mine.csv", task = "regression", phases = [{ from_step = 5, label_noise = 1 }] }
        model = { kind = "mlp", hidden = [4] }
        objective = { kind = "mse" }
        train = { steps = 12, batch_size = 8 }
        """
    run = record("table", text=text).train(6).turn("label_noise", 0.1).train()
    assert "copy the data along" in (script := exported(run.end()))
    assert "# comes with the data's phase\n" in script
    assert points(again(script)) == points(run.path)


def test_the_command_writes_it_and_overwrites_nothing(
    record: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record("small").train(3).end()
    assert main(["export", str(path), "--to", "toml"]) == 0
    assert capsys.readouterr().out == exported(path)
    out = tmp_path / "out.toml"
    assert main(["export", str(path), "--to", "toml", "--out", str(out)]) == 0
    assert main(["check", str(out)]) == 0
    assert main(["export", str(path), "--to", "toml", "--out", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
