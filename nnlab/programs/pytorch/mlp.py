"""The network of a script: fully connected layers, one line for each."""

from collections.abc import Iterator

from nnlab.programs.pytorch.plan import Plan
from nnlab.scenario.model import Activation, Init, Mlp

APPLIED: dict[Activation, str] = {
    "relu": "torch.relu({})", "leaky_relu": "F.leaky_relu({})", "elu": "F.elu({})", "selu": "torch.selu({})",
    "gelu": "F.gelu({})", "tanh": "torch.tanh({})", "sigmoid": "torch.sigmoid({})",
    "softmax": "torch.softmax({}, dim=-1)", "exponential": "torch.exp({})", "linear": "{}", "none": "{}",
}  # fmt: skip

FILLED: dict[Init, str] = {
    "xavier_uniform": "{w}.uniform_(-1.0, 1.0).mul_({gain} * math.sqrt(6.0 / ({wide} + {out})))",
    "xavier_normal": "{w}.normal_(0.0, {gain} * math.sqrt(2.0 / ({wide} + {out})))",
    "kaiming_uniform": "{w}.uniform_(-1.0, 1.0).mul_({gain} * math.sqrt(6.0 / {wide}))",
    "kaiming_normal": "{w}.normal_(0.0, {gain} * math.sqrt(2.0 / {wide}))",
    "orthogonal": "nn.init.orthogonal_({w}, {gain})",
    "normal": "{w}.normal_(0.0, {size})",
    "uniform": "{w}.uniform_(-{size}, {size})",
    "zeros": "{w}.zero_()",
    "constant": "{w}.fill_({size})",
    "default": "nn.init.kaiming_uniform_({w}, a=math.sqrt(5.0))",
}
"""How the weights begin; `gain` and `size` are `init_scale` or its default."""

DEFAULT_SIZE = 0.01


def mlp(plan: Plan, features: int, outputs: int) -> str:
    """The class Network and the one network."""
    model = plan.scenario.model
    assert isinstance(model, Mlp)
    widths = (features, *model.hidden, outputs)
    names = [*(f"fc{number}" for number in range(1, len(model.hidden) + 1)), "out"]
    dropout = plan.uses("dropout")
    lines = ["class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in _layers(model, names, widths)]
    lines += ["", f"    def forward(self, h{', dropout=0.0' if dropout else ''}):"]
    lines += [f"        {line}" for line in _forward(model, names, widths, dropout)]
    lines += ["        return h", "", ""]
    lines += ["torch.manual_seed(SEED)  # decides the first weights" + (", and every dropout mask" if dropout else "")]
    return "\n".join([*lines, "network = Network()"]) + "\n"


def _layers(model: Mlp, names: list[str], widths: tuple[int, ...]) -> Iterator[str]:
    for name, wide, out in zip(names, widths, widths[1:], strict=False):
        yield f"self.{name} = nn.Linear({wide}, {out})"
    kinds = {"batch": "nn.BatchNorm1d", "layer": "nn.LayerNorm"}
    if model.norm != "none":
        for number, width in enumerate(model.hidden, 1):
            yield f"self.norm{number} = {kinds[model.norm]}({width})"
    yield "with torch.no_grad():"
    inits = model.init if isinstance(model.init, tuple) else (model.init,) * len(names)
    scales = model.init_scale if isinstance(model.init_scale, tuple) else (model.init_scale,) * len(names)
    for name, wide, out, init, scale in zip(names, widths, widths[1:], inits, scales, strict=False):
        gain, size = (1.0, DEFAULT_SIZE) if scale is None else (scale, scale)
        text = FILLED[init].format(w=f"self.{name}.weight", wide=wide, out=out, gain=gain, size=size)
        yield f"    {text.replace('1.0 * math', 'math')}  # {init}"
        if model.bias_init != "default":
            yield f"    self.{name}.bias.fill_({model.bias_init})"


def _forward(model: Mlp, names: list[str], widths: tuple[int, ...], dropout: bool) -> Iterator[str]:
    hidden = model.activation if isinstance(model.activation, tuple) else (model.activation,) * len(model.hidden)
    for number, (name, kind) in enumerate(zip(names, (*hidden, model.output_activation), strict=True)):
        last = name == "out"
        value = f"self.{name}(h)"
        if model.norm != "none" and not last:
            value = f"self.norm{number + 1}({value})"
        value = APPLIED[kind].format(value)
        if model.residual and number > 0 and not last and widths[number] == widths[number + 1]:
            value += " + h"
        yield f"h = F.dropout({value}, dropout)" if dropout and not last else f"h = {value}"
