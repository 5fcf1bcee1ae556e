"""Data of a script on fixed examples: drawn by a few lines of numpy where they were drawn, else read from arrays."""

from textwrap import dedent

from nnlab.data.source import FixedSource
from nnlab.programs.pytorch.plan import Plan
from nnlab.scenario.data import Blobs, Circles, Generated, Linear, Moons, Sine, Spirals, Xor

INDEXED = frozenset({"cross_entropy", "categorical_cross_entropy"})
"""Objectives that want class indices."""

DRAWS = '''
def draws(purpose):
    """A random generator for each purpose, so that none depends on what another has drawn."""
    sequence = np.random.SeedSequence(SEED, spawn_key=(crc32(purpose.encode()),))
    return np.random.Generator(np.random.Philox(sequence))
'''


def fixed_data(plan: Plan, source: FixedSource, arrays_file: str) -> str:
    """The lines that make x_train, y_train, x_val, y_val: numpy arrays, then tensors."""
    drawn = isinstance(plan.scenario.data, Generated) and _plain(plan.scenario.data)
    noisy = plan.uses("label_noise")
    text = f"{DRAWS}\n\n{_generated(plan)}\n{_split(plan, source)}" if drawn else _loaded(plan, source, arrays_file)
    if noisy and drawn:
        text += _noise(source)
    return text + _tensors(plan, source, noisy)


def _plain(data: Generated) -> bool:
    return data.imbalance == 1.0 and not data.oversample and not data.standardize_targets


def _loaded(plan: Plan, source: FixedSource, arrays_file: str) -> str:
    plan.arrays.update(x_train=source.x_train, y_train=source.clean_labels, x_val=source.x_val, y_val=source.y_val)
    names = ["x_train", "y_train", "x_val", "y_val"]
    if plan.uses("label_noise"):
        plan.arrays.update(noise_order=source.noise_order, wrong_labels=source.wrong_labels)
        names += ["noise_order", "wrong_labels"]
    return opened(arrays_file) + "\n".join([f'{name} = arrays["{name}"]' for name in names]) + "\n"


def opened(arrays_file: str) -> str:
    """The lines that read the arrays."""
    return f'with np.load(Path(__file__).with_name("{arrays_file}")) as file:\n    arrays = dict(file)\n'


def _generated(plan: Plan) -> str:
    """x [samples, features] and y, sorted by class (or by target), as training without shuffling wants it."""
    data = plan.scenario.data
    n = data.samples if isinstance(data, Generated) else 0
    match data:
        case Moons(noise=noise):
            text = f"""
                draw = draws("moons")
                y = np.sort(np.arange({n}) % 2)
                angle = draw.uniform(0.0, np.pi, {n})
                upper, lower = (np.cos(angle), np.sin(angle)), (1.0 - np.cos(angle), 0.5 - np.sin(angle))
                x = np.where(y == 0, upper, lower).T
                x = x + draw.normal(0.0, {noise}, x.shape)
                """
        case Circles(noise=noise, factor=factor):
            text = f"""
                draw = draws("circles")
                y = np.sort(np.arange({n}) % 2)
                angle = draw.uniform(0.0, 2.0 * np.pi, {n})
                radius = np.where(y == 0, 1.0, {factor})
                x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
                x = x + draw.normal(0.0, {noise}, x.shape)
                """
        case Spirals(noise=noise, classes=classes, turns=turns):
            text = f"""
                draw = draws("spirals")
                y = np.sort(np.arange({n}) % {classes})
                along = draw.uniform(0.0, 1.0, {n})
                angle = 2.0 * np.pi * ({turns} * along + y / {classes})
                radius = 0.2 + 1.8 * along
                x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
                x = x + draw.normal(0.0, {noise}, x.shape)
                """
        case Blobs(noise=noise, classes=classes, features=features, box=box):
            text = f"""
                centres = draws("blobs centres").uniform(-{box}, {box}, ({classes}, {features}))
                y = np.sort(np.arange({n}) % {classes})
                x = centres[y] + draws("blobs noise").normal(0.0, {noise}, ({n}, {features}))
                """
        case Xor(noise=noise):
            text = f"""
                corner = np.arange({n}) % 4
                corners = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
                x = corners[corner] + draws("xor").normal(0.0, {noise}, ({n}, 2))
                y = np.array([0, 1, 1, 0])[corner]
                order = np.argsort(y, kind="stable")
                x, y = x[order], y[order]
                """
        case Sine():
            return _sine(data)
        case Linear():
            return _linear(data)
        case _:
            raise TypeError(f"{type(data).__name__} is not generated")
    return dedent(text).lstrip()


def _sine(data: Sine) -> str:
    return dedent(f"""
        draw = draws("sine")
        x = draw.uniform(-1.0, 1.0, ({data.samples}, 1))
        y = np.sin(2.0 * np.pi * {data.cycles} * x) + draw.normal(0.0, {data.noise}, x.shape)
        order = np.argsort(y[:, 0], kind="stable")
        x, y = x[order], y[order]
        """).lstrip()


def _linear(data: Linear) -> str:
    informative = data.informative or data.features
    head = f"""
        weight = draws("linear weight").normal(size=({informative}, {data.outputs}))
        weight = weight / np.linalg.norm(weight, axis=0)
        draw = draws("linear points")
        x = draw.normal(size=({data.samples}, {data.features}))
        outputs = x[:, :{informative}] @ weight
        """
    if data.task == "regression":
        tail = f"""
        y = outputs + draw.normal(0.0, {data.noise}, outputs.shape)
        order = np.argsort(y[:, 0], kind="stable")
        """
    else:
        label = "(outputs[:, 0] > 0.0).astype(np.int64)" if data.outputs == 1 else "outputs.argmax(axis=1)"
        tail = f"""
        y = {label}
        x = x + draw.normal(0.0, {data.noise}, x.shape)
        order = np.argsort(y, kind="stable")
        """
    return dedent(head).lstrip() + dedent(tail).lstrip() + "x, y = x[order], y[order]\n"


def _split(plan: Plan, source: FixedSource) -> str:
    held = len(source.x_val)
    lines = [
        "held = np.zeros(len(x), dtype=bool)  # rows that are held out for validation",
        f'held[draws("split").permutation(len(x))[:{held}]] = True',
        "x_train, y_train, x_val, y_val = x[~held], y[~held], x[held], y[held]",
    ]
    if plan.scenario.data.standardize:
        lines += [
            "mean, std = x_train.mean(axis=0), x_train.std(axis=0)",
            "x_train, x_val = (x_train - mean) / std, (x_val - mean) / std",
        ]
    return "\n".join(lines) + "\n"


def _noise(source: FixedSource) -> str:
    n = len(source.x_train)
    if source.classes:
        becomes = f"(y_train + draw.integers(1, {source.classes}, {n})) % {source.classes}  # another class"
    else:
        becomes = f"y_train[(np.arange({n}) + draw.integers(1, {n}, {n})) % {n}]  # another row's target"
    return dedent(f"""
        draw = draws("label noise")
        noise_order = (draw.permutation({n}) + 0.5) / {n}  # a label is wrong while this is below label_noise
        wrong_labels = {becomes}
        """)


def _tensors(plan: Plan, source: FixedSource, noisy: bool) -> str:
    """From numpy to what the network and its objective take."""
    kind, classes = plan.scenario.objective.kind, source.classes
    if classes == 0:
        made, what = "torch.from_numpy(labels.astype(np.float32))", "The targets, as float32 columns."
    elif kind in INDEXED:
        made, what = "torch.from_numpy(labels)", "Class numbers, which is what the objective wants."
    elif classes == 2:
        made, what = "torch.from_numpy(labels).float().unsqueeze(1)", "A column of 0 and 1."
    else:
        made, what = f"F.one_hot(torch.from_numpy(labels), {classes}).float()", "A column of 0 and 1 for each class."
    lines = [
        "", "", "def targets(labels):", f'    """{what}"""', f"    return {made}", "", "",
        "x_train, x_val = torch.from_numpy(x_train.astype(np.float32)), torch.from_numpy(x_val.astype(np.float32))",
        "y_train, y_val = targets(y_train), targets(y_val)",
    ]  # fmt: skip
    if noisy:
        lines += ["noise_order, wrong_labels = torch.from_numpy(noise_order), targets(wrong_labels)"]
    return "\n".join(lines) + "\n"
