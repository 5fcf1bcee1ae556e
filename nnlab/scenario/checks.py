"""What must fit together across the keys of a scenario whose keys are each right."""

from collections.abc import Iterator

from nnlab.scenario.check_lesson import lesson_issues
from nnlab.scenario.check_steering import steering_issues
from nnlab.scenario.data import Generations, Linear, MsMarco, Sine, Stream, Table, Tasks, Triplets
from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath
from nnlab.scenario.knob_table import BY_ID, REGRESSION, RETRIEVAL, is_classification, layer_count
from nnlab.scenario.knobs import why_not
from nnlab.scenario.model import Mlp, TwoTower
from nnlab.scenario.phases import phase_issues
from nnlab.scenario.scenario import Scenario

DATA_KIND: KeyPath = ("data", "kind")
MODEL_KIND: KeyPath = ("model", "kind")
OBJECTIVE_KIND: KeyPath = ("objective", "kind")


def issues(scenario: Scenario, *, as_written: bool) -> Iterator[Issue]:
    """Everything that does not fit, part by part; a lesson is about the scenario `as_written`, not as overridden."""
    yield from _family_issues(scenario)
    yield from _layer_issues(scenario)
    yield from _data_issues(scenario)
    yield from _training_issues(scenario)
    for issue in phase_issues(scenario.data):
        yield Issue(issue.path, issue.message, issue.allowed, issue.nearest, (DATA_KIND, ("data", "classes")))
    yield from steering_issues(scenario)
    yield from _expect_metric_issues(scenario)
    if as_written:
        yield from lesson_issues(scenario)


def _family_issues(scenario: Scenario) -> Iterator[Issue]:
    """Triplets, two towers and retrieval losses belong together, and a stream's labels are classes."""
    data = scenario.data.kind
    triplets = isinstance(scenario.data, Triplets | MsMarco)
    kind = scenario.objective.kind
    retrieval = ", ".join(sorted(RETRIEVAL))
    if triplets and isinstance(scenario.model, Mlp):
        message = f'must be "two-tower" for data of kind "{data}", got "mlp"'
        yield Issue(MODEL_KIND, message, "two-tower", uses=(DATA_KIND,))
    if not triplets and isinstance(scenario.model, TwoTower):
        message = f'must be "mlp" for data of kind "{data}", got "two-tower"'
        yield Issue(MODEL_KIND, message, "mlp", uses=(DATA_KIND,))
    if triplets and kind not in RETRIEVAL:
        message = f'must be one of {retrieval} for data of kind "{data}", got "{kind}"'
        yield Issue(OBJECTIVE_KIND, message, retrieval, uses=(DATA_KIND,))
    if not triplets and kind in RETRIEVAL:
        message = f'"{kind}" needs data of kind "triplets" or "msmarco" and a two-tower model'
        yield Issue(OBJECTIVE_KIND, message, uses=(DATA_KIND,))
    if isinstance(scenario.data, Generations) and kind != "cross_entropy":
        message = f'must be "cross_entropy" for data of kind "generations", which samples from it, got "{kind}"'
        yield Issue(OBJECTIVE_KIND, message, "cross_entropy", uses=(DATA_KIND,))
    if isinstance(scenario.data, Stream) and kind in REGRESSION:
        message = f'must be a classification loss such as cross_entropy for data of kind "stream", got "{kind}"'
        yield Issue(OBJECTIVE_KIND, message, uses=(DATA_KIND,))


def _layer_issues(scenario: Scenario) -> Iterator[Issue]:
    if not isinstance(scenario.model, Mlp):
        if scenario.fault.detach_layer is not None:
            yield Issue(("fault", "detach_layer"), "only an mlp has numbered layers", uses=(MODEL_KIND,))
        return
    hidden = len(scenario.model.hidden)
    counted = ("model", "hidden")
    layers = layer_count(scenario)
    for key, wanted, of in (
        ("activation", hidden, f"one for each of the {hidden} hidden layers"),
        ("init", layers, f"one for each of the {layers} layers ({hidden} hidden and the output)"),
        ("init_scale", layers, f"one for each of the {layers} layers ({hidden} hidden and the output)"),
    ):
        given = getattr(scenario.model, key)
        if isinstance(given, tuple) and len(given) != wanted:
            yield Issue(("model", key), f"must be one value or {of}, got {len(given)}", of, uses=(counted,))
    for index, layer in enumerate(scenario.model.freeze):
        if layer >= layers:
            yield Issue(("model", "freeze", index), _layer_range(layers, layer), uses=(counted,))
    detached = scenario.fault.detach_layer
    if detached is not None and detached >= layers:
        yield Issue(("fault", "detach_layer"), _layer_range(layers, detached), uses=(counted, MODEL_KIND))


def _layer_range(layers: int, got: int) -> str:
    return f"must be a layer from 0 to {layers - 1} ({layers - 1} is the output layer), got {got}"


def _data_issues(scenario: Scenario) -> Iterator[Issue]:
    match scenario.data:
        case Linear(informative=int(informative), features=features) if informative > features:
            message = f"must be at most {features}, the number of features, got {informative}"
            yield Issue(("data", "informative"), message, uses=(("data", "features"),))
        case Tasks(variant="split", classes=classes, count=count) if classes < 2 * count:
            message = f"must be at least {2 * count}, two for each of the {count} tasks of a split, got {classes}"
            yield Issue(("data", "classes"), message, uses=(("data", "count"), ("data", "variant")))
        case Table(target=tuple(target)) if not target:
            yield Issue(("data", "target"), "must name at least one column")
        case Stream() | Triplets() as data if data.augment > 0 or data.oversample:
            key = "augment" if data.augment > 0 else "oversample"
            yield Issue(("data", key), f"{data.kind} data are drawn anew, no example comes twice", uses=(DATA_KIND,))
        case Stream() | Triplets() | MsMarco() | Generations() as data if data.standardize_targets:
            message = f"{data.kind} data have no targets to scale; leave it false"
            yield Issue(("data", "standardize_targets"), message, uses=(DATA_KIND,))
        case Triplets(queries=queries, topics=topics) if topics > queries:
            message = f"must be at most {queries}, the number of queries, got {topics}"
            yield Issue(("data", "topics"), message, uses=(("data", "queries"),))
        case Triplets(negatives="same-query", passages=1):
            message = "must be at least 2 with negatives from the same query, got 1"
            yield Issue(("data", "passages"), message, uses=(("data", "negatives"),))
        case Generations(phases=phases) if phases:
            message = "generations change by themselves; turn replay by [[script]]"
            yield Issue(("data", "phases"), message, uses=(DATA_KIND,))
        case Generations(imbalance=imbalance) if imbalance > 1.0:
            message = "the symbols of generations have the frequencies that exponent gives them; leave imbalance at 1"
            yield Issue(("data", "imbalance"), message, uses=(DATA_KIND,))
    if isinstance(scenario.data, Triplets | MsMarco) and isinstance(scenario.model, TwoTower):
        words, known = scenario.data.vocab_size, scenario.model.vocab_size
        if known is not None and known < words:
            message = f"must be at least {words}, the words of the data, got {known}"
            yield Issue(("model", "vocab_size"), message, uses=(("data", "vocab_size"),))


def _training_issues(scenario: Scenario) -> Iterator[Issue]:
    train, optimizer, schedule = scenario.train, scenario.optimizer, scenario.schedule
    if train.steps is not None and train.epochs is not None:
        yield Issue(("train", "epochs"), "steps and epochs cannot both be given; keep one", uses=(("train", "steps"),))
    if train.epochs is not None and isinstance(scenario.data, Stream):
        yield Issue(("train", "epochs"), "a stream has no epochs; use steps", uses=(DATA_KIND,))
    if optimizer.nesterov and optimizer.kind == "sgd" and optimizer.momentum == 0:
        uses: tuple[KeyPath, ...] = (("optimizer", "kind"), ("optimizer", "momentum"))
        yield Issue(("optimizer", "nesterov"), "needs momentum above 0", uses=uses)
    total = schedule.total_steps
    if total is not None and schedule.kind in {"cosine", "one_cycle"} and schedule.warmup_steps >= total:
        message = f"must be below total_steps ({total}), got {schedule.warmup_steps}"
        yield Issue(("schedule", "warmup_steps"), message, uses=(("schedule", "total_steps"), ("schedule", "kind")))
    for path, value in ((("data", "replay"), scenario.data.replay), (("objective", "ewc"), scenario.objective.ewc)):
        reason = BY_ID[path[1]].why_not(scenario)
        if value and reason:
            yield Issue(path, f"has no effect here: {reason}", uses=(DATA_KIND, ("data", "phases")))
    if scenario.objective.class_weights != "none" and (reason := why_not("class_weights", scenario)):
        yield Issue(("objective", "class_weights"), reason, uses=(OBJECTIVE_KIND, DATA_KIND, ("data", "task")))
    guard = scenario.guard
    rewinds = "rewind" in (guard.on_nonfinite, guard.on_ceiling)
    for key in ("lr_factor", "max_rewinds"):
        if key in guard.model_fields_set and not rewinds:
            yield Issue(("guard", key), 'has no effect unless on_nonfinite or on_ceiling is "rewind"')
    if "on_ceiling" in guard.model_fields_set and guard.grad_norm_ceiling is None:
        message = "has no effect without grad_norm_ceiling; give that too"
        yield Issue(("guard", "on_ceiling"), message, uses=(("guard", "grad_norm_ceiling"),))


def _expect_metric_issues(scenario: Scenario) -> Iterator[Issue]:
    """Floors on metrics that the run will not have."""
    data = scenario.data
    regression = isinstance(data, Sine) or (isinstance(data, Table | Linear) and data.task == "regression")
    if scenario.expect.val_accuracy is not None and regression and not is_classification(scenario):
        message = "a regression has no accuracy; use val_loss"
        yield Issue(("expect", "val_accuracy"), message, uses=(DATA_KIND, ("data", "task")))
    held_out = isinstance(data, Stream) or data.val_fraction > 0 or (isinstance(data, Table) and data.val_path)
    for key in ("val_accuracy", "val_loss"):
        named_arrays = isinstance(data, Table) and data.path.endswith(".npz")
        if getattr(scenario.expect, key) is not None and not held_out and not named_arrays:
            message = "nothing is held out for validation (data.val_fraction is 0)"
            yield Issue(("expect", key), message, uses=(("data", "val_fraction"),))
