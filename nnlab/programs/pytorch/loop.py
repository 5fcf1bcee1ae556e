"""The training loop of a script. It is put together from lines, so that a script has no line that it does not need."""

from collections.abc import Iterator

from nnlab.programs.pytorch.plan import Plan
from nnlab.programs.pytorch.update import scheduled
from nnlab.scenario.knob_table import RESET
from nnlab.scenario.model import TwoTower

TOLD = 20
"""Lines that a script prints, about."""

OF_GROUPS = ("weight_decay", "momentum")
"""Knobs that an optimizer keeps in its parameter groups."""


def loop(plan: Plan, names: tuple[str, ...], validated: bool) -> str:
    """Training from the first step to the last. `names` are the script's knobs."""
    towers = isinstance(plan.scenario.model, TwoTower)
    lines = [*(_rows() if towers else _order(names)), "losses = []  # (loss, gradient norm) of each step"]
    lines += ["for step in range(STEPS):"]
    body = [*_turning(plan, names), *_setting(plan, names), *(_triplets(names) if towers else _batch(names))]
    body += [*_backward(plan, names), *_clipping(names), "optimizer.step()", "losses.append((loss.item(), norm))"]
    body += [*_telling(plan, validated)]
    lines += [f"    {line}".rstrip() for line in body]
    return "\n".join([*lines, *ENDING]) + "\n"


ENDING = (
    "",
    "if len(sys.argv) > 1:  # a file for the losses of all steps",
    '    rows = [f"{step},{loss!r},{norm!r}\\n" for step, (loss, norm) in enumerate(losses)]',
    '    Path(sys.argv[1]).write_text("step,train/loss,grad/norm\\n" + "".join(rows))',
)


def gradient_norm() -> str:
    """How long the gradient is."""
    return (
        "def gradient_norm():\n"
        '    """Length of the gradient, over all parameters that learn."""\n'
        "    squares = (parameter.grad.square().sum() for parameter in network.parameters() "
        "if parameter.grad is not None)\n"
        "    return math.sqrt(sum(squares))\n"
    )


def freezing(names: tuple[str, ...], layers: list[str]) -> str:
    """`freeze(layers)`, where layers are frozen; `layers` are the attributes of the network."""
    if "freeze" not in names:
        return ""
    modules = ", ".join(f"({layer})" for layer in layers)
    return (
        "def freeze(layers):\n"
        '    """Let these layers, by number with commas between, not learn, and all others learn."""\n'
        f"    for number, modules in enumerate([{modules}]):\n"
        '        frozen = str(number) in layers.split(",")\n'
        "        for parameter in (p for module in modules for p in module.parameters()):\n"
        "            parameter.requires_grad_(not frozen)\n"
        "            parameter.grad = None\n\n\n"
        'freeze(knobs["freeze"])\n'
    )


def _order(names: tuple[str, ...]) -> Iterator[str]:
    drawn = "torch.randperm(len(x_train), generator=shuffler)"
    order = f'{drawn} if knobs["shuffle"] else torch.arange(len(x_train))' if "shuffle" in names else drawn
    yield "shuffler = torch.Generator().manual_seed(SEED)  # its own, so that dropout never moves the order"
    if "augment" in names:
        yield "jitter = torch.Generator().manual_seed(SEED)"
    yield from ("", "", "def new_order():", '    """The rows of one epoch."""', f"    return {order}", "", "")
    yield from ("order, cursor = new_order(), 0",)


def _rows() -> Iterator[str]:
    yield "cursor = 0"


def _turning(plan: Plan, names: tuple[str, ...]) -> Iterator[str]:
    if not plan.turns:
        return
    yield from ("for knob, value in TURNS.get(step, ()):", "    knobs[knob] = value")
    if "optimizer" in names:
        kinds = ("optimizer", RESET) if plan.turned(RESET) else ("optimizer",)
        yield f"    if knob in {kinds}:"
        yield '        optimizer = new_optimizer(knobs["optimizer"])'
    if "freeze" in names and plan.turned("freeze"):
        yield from ('    if knob == "freeze":', "        freeze(value)")


def _setting(plan: Plan, names: tuple[str, ...]) -> Iterator[str]:
    """What the optimizer must know before the step."""
    moving = scheduled(plan.scenario.schedule)
    lines = []
    if moving or plan.turned("lr"):
        lines.append('    group["lr"] = knobs["lr"]' + (" * factor(step)" if moving else ""))
    lines += [f'    group["{knob}"] = knobs["{knob}"]' for knob in OF_GROUPS if knob in names and plan.turned(knob)]
    if lines:
        yield from ("for group in optimizer.param_groups:", *lines, "")


def _batch(names: tuple[str, ...]) -> Iterator[str]:
    yield from ("if cursor >= len(x_train):", "    order, cursor = new_order(), 0")
    yield 'rows = order[cursor : cursor + knobs["batch_size"]]'
    yield 'cursor += knobs["batch_size"]'
    yield "x, y = x_train[rows], y_train[rows]"
    if "label_noise" in names:
        yield 'wrong = noise_order[rows] < knobs["label_noise"]'
        yield "y = torch.where(wrong if y.dim() == 1 else wrong.unsqueeze(1), wrong_labels[rows], y)"
    if "input_scale" in names:
        yield 'x = x * knobs["input_scale"]'
    if "augment" in names:
        scaled = '(x_train * knobs["input_scale"])' if "input_scale" in names else "x_train"
        yield 'if knobs["augment"]:'
        yield f"    spread = {scaled}.std(dim=0, correction=0)"
        yield '    x = x + knobs["augment"] * spread * torch.randn(x.shape, generator=jitter)'
    yield from ("", "network.train(len(x) > 1)")
    dropout = ', knobs["dropout"]' if "dropout" in names else ""
    yield f"loss = loss_of(network(x{dropout}), y)"


def _triplets(names: tuple[str, ...]) -> Iterator[str]:
    yield 'rows = slice(cursor, cursor + knobs["batch_size"])'
    yield 'cursor += knobs["batch_size"]'
    dropout = ', knobs["dropout"]' if "dropout" in names else ""
    yield f"loss = loss_of(*embeddings(train_rows[:, rows]{dropout}))"


def _backward(plan: Plan, names: tuple[str, ...]) -> Iterator[str]:
    l2 = plan.scenario.objective.l2
    if l2:
        yield f"loss = loss + {l2} * sum(p.square().sum() for p in network.parameters() if p.dim() > 1)"
    yield "optimizer.zero_grad()"
    if "freeze" in names:
        yield from ("if loss.requires_grad:  # unless all layers are frozen", "    loss.backward()")
    else:
        yield "loss.backward()"
    yield "norm = gradient_norm()"


def _clipping(names: tuple[str, ...]) -> Iterator[str]:
    for knob, clip in (("clip_value", "clip_grad_value_"), ("clip_norm", "clip_grad_norm_")):
        if knob in names:
            yield f'if knobs["{knob}"]:'
            yield f'    nn.utils.{clip}(network.parameters(), knobs["{knob}"])'


def _telling(plan: Plan, validated: bool) -> Iterator[str]:
    evaluated, steps = plan.run.info.eval_every, plan.run.steps
    every = evaluated * max(1, round(steps / TOLD / evaluated))
    yield ""
    yield f"if (step + 1) % {every} == 0 or step + 1 == STEPS:"
    validation = "  validation {validate():.6f}" if validated else ""
    yield f'    print(f"step {{step + 1:6d}}  loss {{loss.item():.6f}}{validation}")'
