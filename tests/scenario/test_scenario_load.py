"""Loading: a good file loads, and a bad one tells everything that is wrong with it, where and in plain words."""

from pathlib import Path

import pytest

from nnlab.scenario.errors import Problem, ScenarioErrors
from nnlab.scenario.load import Loaded, load, load_text, missing_files

GOOD = """\
[data]
kind = "blobs"

[model]
kind = "mlp"

[objective]
kind = "cross_entropy"
"""

MANY_ERRORS = """\
titel = "x"
seed = -1

[data]
kind = "blobs"
samples = "100"
val_fraction = 1.5
path = "x.csv"
[[data.phases]]
from_step = 10
shfit = 3

[model]
kind = "mlp"
hidden = [10, -3]
activation = ["relu", "rleu"]
lr = 3

[objective]
kind = "mes"

[optimizer]
lr = -1
betas = [0.9]
weight_decay = inf

[optimiser]

[train]
steps = 10
epochs = 5

[script]
at = 3

[expect]
cure = { dropuot = 0.1 }
"""


def parse(text: str, *overrides: str, at: tuple[str, ...] = ()) -> Loaded:
    return load_text(text, "x.toml", Path("/nowhere"), overrides, at)


def problems(text: str, *overrides: str, at: tuple[str, ...] = ()) -> list[Problem]:
    with pytest.raises(ScenarioErrors) as raised:
        parse(text, *overrides, at=at)
    return list(raised.value.errors)


def only(text: str, *overrides: str, at: tuple[str, ...] = ()) -> Problem:
    (problem,) = problems(text, *overrides, at=at)
    return problem


def test_a_short_scenario_gets_all_defaults() -> None:
    scenario = parse(GOOD).scenario
    assert (scenario.optimizer.kind, scenario.optimizer.lr, scenario.train.batch_size) == ("adam", 1e-3, 32)


def test_every_error_comes_at_once_in_the_order_of_lines() -> None:
    found = [(problem.line, problem.key, problem.message) for problem in problems(MANY_ERRORS)]
    assert found == [
        (1, "titel", 'unknown key "titel"; did you mean "title"?'),
        (2, "seed", "must be at least 0 and below 9223372036854775808, got -1"),
        (6, "data.samples", 'must be a whole number from 4 to 1000000, got "100"'),
        (7, "data.val_fraction", "must be at least 0 and below 1, got 1.5"),
        (8, "data.path", 'data of kind "blobs" has no such key; it belongs to msmarco, table'),
        (11, "data.phases[0].shfit", 'unknown key "shfit"; did you mean "shift"?'),
        (15, "model.hidden[1]", "must be from 1 to 100000, got -3"),
        (16, "model.activation[1]", found[7][2]),
        (17, "model.lr", 'unknown key "lr" here; did you mean optimizer.lr?'),
        (20, "objective.kind", found[9][2]),
        (23, "optimizer.lr", "must be at least 0, got -1"),
        (24, "optimizer.betas", "must be a list of 2, each a number of at least 0 and below 1, got [0.9]"),
        (25, "optimizer.weight_decay", "must be a finite number, at least 0, got inf"),
        (27, "optimiser", 'unknown key "optimiser"; did you mean "optimizer"?'),
        (31, "train.epochs", "steps and epochs cannot both be given; keep one"),
        (33, "script", "must be a list of tables; write [[script]]"),
        (37, "expect.cure", "needs finding"),
        (37, "expect.cure.dropuot", 'unknown knob "dropuot"; did you mean "dropout"?'),
    ]
    assert found[7][2].startswith('unknown value "rleu"; did you mean "relu"? (one of relu, leaky_relu,')
    assert found[9][2].startswith('unknown objective kind "mes"; did you mean "mse"? (one of cross_entropy,')


def test_a_problem_reads_like_a_compiler_message() -> None:
    problem = only(GOOD + "[optimizer]\nlr = -1\n")
    assert str(problem) == "x.toml:10: optimizer.lr: must be at least 0, got -1"
    guess = only(GOOD.replace('"cross_entropy"', '"crossentropy"'))
    assert guess.nearest == "cross_entropy"
    assert "mse" in guess.allowed


def test_no_message_speaks_pydantic() -> None:
    for problem in problems(MANY_ERRORS):
        assert "Input should" not in problem.message
        assert "Extra inputs" not in problem.message


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("title = 'x'\n", 1, "data", "the table [data] is required"),
        (GOOD.replace('kind = "blobs"', "samples = 9"), 1, "data.kind", "is required: one of blobs"),
        (GOOD.replace('kind = "blobs"', 'kind = "table"'), 1, "data.path", "is required: text"),
        (GOOD.replace('"blobs"', "3"), 2, "data.kind", "must be one of blobs"),
        (GOOD.replace('"blobs"', '"blob"'), 2, "data.kind", 'did you mean "blobs"?'),
        (GOOD.replace('"mlp"', '"mpl"'), 5, "model.kind", 'unknown model kind "mpl"; did you mean "mlp"?'),
        ("model = 3\n" + GOOD.replace("[model]\nkind", "[other]\nkind"), 1, "model", "must be a table, got 3"),
        (GOOD + "[train]\nsteps = 1.5\n", 10, "train.steps", "must be a whole number from 1 to"),
        (GOOD + "[train]\nsteps = true\n", 10, "train.steps", "got true"),
        (GOOD + "[[train]]\nsteps = 5\n", 9, "train", "must be one table; write [train]"),
        (GOOD + "[data.extra]\n", 9, "data.extra", 'unknown key "extra"'),
        (GOOD + "[lesson]\n[[lesson.steps]]\nhint = 'x'\n", 10, "lesson.steps[0].text", "is required"),
    ],
)
def test_shapes_that_are_wrong(text: str, line: int, key: str, words: str) -> None:
    found = problems(text)[0]
    assert (found.line, found.key) == (line, key)
    assert words in found.message


TOWERS = """\
[data]
kind = "triplets"
[model]
kind = "two-tower"
[objective]
kind = "triplet"
"""
STREAM = GOOD.replace("blobs", "stream")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (GOOD.replace('"mlp"', '"mlp"\nactivation = ["relu"]'), "model.activation", "one for each of the 2 hidden"),
        (GOOD.replace('"mlp"', '"mlp"\ninit = ["zeros"]'), "model.init", "one for each of the 3 layers"),
        (GOOD.replace('"mlp"', '"mlp"\ninit_scale = [1, 2]'), "model.init_scale", "got 2"),
        (GOOD.replace('"mlp"', '"mlp"\nfreeze = [0, 3]'), "model.freeze[1]", "from 0 to 2"),
        (GOOD + "[fault]\ndetach_layer = 3\n", "fault.detach_layer", "from 0 to 2"),
        (TOWERS.replace("two-tower", "mlp"), "model.kind", 'must be "two-tower"'),
        (GOOD.replace("mlp", "two-tower"), "model.kind", 'must be "mlp"'),
        (TOWERS.replace('"triplet"', '"mse"'), "objective.kind", "must be one of contrastive"),
        (GOOD.replace("cross_entropy", "triplet"), "objective.kind", 'needs data of kind "triplets"'),
        (STREAM.replace("cross_entropy", "mse"), "objective.kind", "classification loss"),
        (STREAM + "[train]\nepochs = 3\n", "train.epochs", "no epochs"),
        (GOOD + "[optimizer]\nkind = 'sgd'\nnesterov = true\n", "optimizer.nesterov", "momentum above 0"),
        (GOOD + "[guard]\non_ceiling = 'stop'\n", "guard.on_ceiling", "grad_norm_ceiling"),
        (GOOD + "[[script]]\nset = {lr = 1}\n", "script[0]", "exactly one of at and at_epoch"),
        (GOOD + "[[script]]\nat = 1\n", "script[0]", "exactly one of set and action"),
        (GOOD + "[[script]]\nat = 1\naction = 'rewind'\n", "script[0]", "rewind needs the step"),
        (GOOD + "[[script]]\nat = 4\naction = 'rewind'\nstep = 4\n", "script[0].step", "below at (4)"),
        (GOOD + "[guard]\non_nonfinite = 'pause'\nlr_factor = 0.1\n", "guard.lr_factor", "has no effect"),
        (GOOD + "[guard]\nmax_rewinds = 2\n", "guard.max_rewinds", "has no effect"),
        (GOOD + "[[script]]\nat = 1\nset = {margin = 1}\n", "script[0].set.margin", "has no knob margin: only"),
        (GOOD + "[[script]]\nat = 1\nset = {lr = 'x'}\n", "script[0].set.lr", "must be a number from 1e-07 to 100"),
        (GOOD + "[[script]]\nat = 1\nset = {shuffle = 1}\n", "script[0].set.shuffle", "true or false, got 1"),
        (GOOD + "[knobs.lr]\nmin = 1\nmax = 0.1\n", "knobs.lr.max", "must be below max"),
        (GOOD + "[knobs.dropout]\nmax = 2\n", "knobs.dropout.max", "from 0 to 0.999"),
        (GOOD + "[knobs.lr]\nstep = 1\n", "knobs.lr.step", "a factor"),
        (GOOD + "[expect]\nby_step = 3\n", "expect.by_step", "needs finding"),
        (GOOD + "[expect]\nfinding = 'plateau'\nby_step = 3000\n", "expect.by_step", "at most 2000"),
        (GOOD + "[expect]\nverdict = 'plateau'\nnever = 'any'\n", "expect.never", "must never stand"),
        (GOOD.replace("blobs", "sine") + "[expect]\nval_accuracy = 0.9\n", "expect.val_accuracy", "no accuracy"),
    ],
)
def test_parts_that_do_not_fit(text: str, key: str, words: str) -> None:
    problem = only(text)
    assert problem.key == key
    assert words in problem.message


def test_an_error_is_not_echoed_by_what_rests_on_it() -> None:
    text = GOOD.replace('"mlp"', '"mlp"\nhidden = [0]\nactivation = ["relu"]\nfreeze = [7]')
    assert only(text).key == "model.hidden[0]"


def test_faults_are_knobs_under_either_spelling() -> None:
    for spelling in ("fault.flip_gradient", '"fault.flip_gradient"'):
        script = parse(GOOD + f"[[script]]\nat = 3\nset = {{ {spelling} = true }}\n").scenario.script
        assert script[0].set == {"fault.flip_gradient": True}


def test_an_override_is_blamed_by_its_own_words() -> None:
    found = problems(GOOD, "lr=-1", "train.batch_size=many", at=("3:lrr=1",))
    assert {str(problem) for problem in found} == {
        "--set lr=-1: optimizer.lr: must be at least 0, got -1",
        '--set train.batch_size=many: train.batch_size: must be a whole number from 1 to 1000000, got "many"',
        '--at 3:lrr=1: script[0].set.lrr: unknown knob "lrr"; did you mean "lr"?',
    }


def test_overrides_are_in_the_text_that_is_handed_on() -> None:
    loaded = parse(GOOD + "[expect]\nfinding = 'plateau'\nby_step = 900\n", "train.steps=50", at=("10:lr=3",))
    again = parse(loaded.text, "seed=0")
    assert again.scenario == loaded.scenario
    assert again.scenario.script[0].set == {"lr": 3}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"a = \n", "x.toml:1:5: is not valid TOML"),
        (b"a = 1\n\xff\n", "x.toml:2: is not UTF-8 text"),
        (b"x = " + b"[" * 9000, "is not valid TOML"),
        (b"x = " + b"1" * 9000, "is not valid TOML"),
    ],
)
def test_files_that_are_no_scenario(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioErrors) as raised:
        load(file)
    assert words in str(raised.value)


def test_folders_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors, match="is a folder"):
        load(tmp_path)
    with pytest.raises(ScenarioErrors, match="there is no such file"):
        load(tmp_path / "none.toml")


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (GOOD + "[optimizer]\nlr = -1\n").replace("\n", "\r\n").encode())
    with pytest.raises(ScenarioErrors) as raised:
        load(file)
    assert raised.value.errors[0].line == 10


def test_missing_data_files_are_found_beside_the_scenario(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(GOOD.replace('"blobs"', '"table"\npath = "here.csv"\nval_path = "gone.csv"'))
    (tmp_path / "here.csv").write_text("a,b\n1,2\n")
    (problem,) = missing_files(load(file))
    assert (problem.line, problem.key) == (4, "data.val_path")
    assert str(tmp_path / "gone.csv") in problem.message
