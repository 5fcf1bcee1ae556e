"""The optimizer of a script, and the schedule of its learning rate."""

from textwrap import dedent

from nnlab.programs.pytorch.plan import Plan
from nnlab.scenario.training import OptimizerKind, Schedule

CLASSES: dict[OptimizerKind, str] = {
    "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad",
}  # fmt: skip


def optimizer(plan: Plan, names: tuple[str, ...]) -> str:
    """`optimizer`, and where its kind is turned, how a new one is made. `names` are the script's knobs."""
    kinds = [kind for kind in CLASSES if kind in plan.values("optimizer")]
    if "optimizer" not in names:
        return f"optimizer = {_made(plan, kinds[0], names)}\n"
    made = "\n".join(f'    if kind == "{kind}":\n        return {_made(plan, kind, names)}' for kind in kinds)
    return (
        'def new_optimizer(kind):\n    """One without memory of earlier gradients."""\n'
        f'{made}\n    raise ValueError(kind)\n\n\noptimizer = new_optimizer(knobs["optimizer"])\n'
    )


def _made(plan: Plan, kind: OptimizerKind, names: tuple[str, ...]) -> str:
    given = plan.scenario.optimizer
    arguments = ["network.parameters()", 'lr=knobs["lr"]']
    if kind in ("sgd", "rmsprop") and "momentum" in names:
        arguments.append('momentum=knobs["momentum"]')
        if kind == "sgd" and given.nesterov:
            arguments.append("nesterov=True")
    arguments += {
        "adam": [f"betas={given.betas}", f"eps={given.eps}"],
        "adamw": [f"betas={given.betas}", f"eps={given.eps}"],
        "rmsprop": [f"alpha={given.alpha}", f"eps={given.eps}"],
        "adagrad": [f"eps={given.eps}"],
    }.get(kind, [])
    if "weight_decay" in names:
        arguments.append('weight_decay=knobs["weight_decay"]')
    elif kind == "adamw":
        arguments.append("weight_decay=0.0")
    return f"torch.optim.{CLASSES[kind]}({', '.join(arguments)})"


def scheduled(schedule: Schedule) -> bool:
    """Whether the learning rate moves by itself."""
    return schedule.kind != "constant" or schedule.warmup_steps > 0


def schedule(plan: Plan) -> str:
    """`factor(step)`: what multiplies the base learning rate; nothing where it stays as it is."""
    rule, planned = plan.scenario.schedule, plan.run.info.planned_steps
    if not scheduled(rule):
        return ""
    warmup = rule.warmup_steps
    if rule.kind == "warmup" and warmup == 0:
        warmup = max(1, planned // 10)
    total = max(1, (rule.total_steps or planned) - warmup)
    lines = ["def factor(step):", '    """What multiplies the base learning rate in a step."""']
    if warmup:
        lines += [f"    if step < {warmup}:", f"        return (step + 1) / {warmup}"]
    lines.append(f"    elapsed = step - {warmup}" if warmup else "    elapsed = step")
    match rule.kind:
        case "cosine":
            lines += [
                f"    share = min(1.0, elapsed / {total})",
                f"    return {rule.min_factor} + {1.0 - rule.min_factor} * 0.5 * (1.0 + math.cos(math.pi * share))",
            ]
        case "step":
            lines.append(f"    return {rule.gamma} ** (elapsed // {rule.step_size})")
        case "exponential":
            lines.append(f"    return {rule.gamma} ** elapsed")
        case "one_cycle":
            lines += _one_cycle(max(1e-9, rule.peak_at * total - 1.0), max(1.0, total - 1.0), rule.min_factor)
        case _:
            lines[-1] = "    return 1.0"
    return "\n".join(lines) + "\n"


def _one_cycle(peak: float, last: float, least: float) -> list[str]:
    text = f"""
        if elapsed <= {peak}:  # up from 1/25
            return 1.0 + (1.0 / 25.0 - 1.0) * 0.5 * (1.0 + math.cos(math.pi * elapsed / {peak}))
        share = min(1.0, (elapsed - {peak}) / {max(1e-9, last - peak)})  # and down again
        return {least} + {1.0 - least} * 0.5 * (1.0 + math.cos(math.pi * share))
        """
    return [f"    {line}" for line in dedent(text).strip().splitlines()]
