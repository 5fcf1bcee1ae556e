"""A small run that cannot learn, until somebody turns its rate up."""


def frozen(train: str, *more: str) -> str:
    """The scenario's TOML, with these settings of `train` and further lines."""
    lines = [
        "seed = 3",
        'data = { kind = "moons", samples = 200 }',
        'model = { kind = "mlp", hidden = [8] }',
        'objective = { kind = "cross_entropy" }',
        'optimizer = { kind = "adam", lr = 0.0 }',
        f"train = {{ {train} }}",
        *more,
    ]
    return "\n".join(lines) + "\n"
