"""Network, corpus and batches of a script with two towers."""

from itertools import pairwise
from textwrap import dedent, indent
from typing import cast

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import Ints
from nnlab.data.source import TripletSource
from nnlab.programs.pytorch.data import opened
from nnlab.programs.pytorch.plan import Plan, int32
from nnlab.scenario.data import Negatives
from nnlab.scenario.model import TwoTower

VALIDATION_TRIPLETS = 64
"""As many as the engine evaluates."""


def corpus(plan: Plan, source: TripletSource, arrays_file: str) -> str:
    """The words of all texts, and which of them each step takes: drawn here, step by step as they were trained on."""
    plan.arrays.update(queries=int32(source.queries), passages=int32(source.passages), train_rows=_rows(plan, source))
    plan.arrays["val_rows"] = int32(np.stack(source.validation(VALIDATION_TRIPLETS)))
    return opened(arrays_file) + dedent("""\
        # Texts are words by number, [texts, words]. Rows are [3, rows]: the query, its positive and its negative
        # passage; those of training lie one batch after the other.
        texts = (torch.from_numpy(arrays[name]).long() for name in ("queries", "passages"))
        rows = (torch.from_numpy(arrays[name]).long() for name in ("train_rows", "val_rows"))
        (queries, passages), (train_rows, val_rows) = texts, rows
        """)


def _rows(plan: Plan, source: TripletSource) -> NDArray[np.int32]:
    """Query, positive and negative of every row of every step [3, rows]."""
    edges = sorted({0, plan.run.steps, *(turn.step for turn in plan.turns)})
    drawn = [np.stack(_draw(plan, source, first, stop)).reshape(3, -1) for first, stop in pairwise(edges)]
    return int32(np.concatenate(drawn, axis=1))


def _draw(plan: Plan, source: TripletSource, first: int, stop: int) -> tuple[Ints, Ints, Ints]:
    """The rows of the steps from `first` to `stop`, between which nothing is turned."""
    size, negatives, rate = (plan.value_at(knob, first) for knob in ("batch_size", "negatives", "false_negative_rate"))
    return source.draw(first, stop - first, int(size), cast(Negatives, negatives), float(rate))


def network(plan: Plan, source: TripletSource) -> str:
    """The classes Tower and Network, and the one network."""
    model = plan.scenario.model
    assert isinstance(model, TwoTower)
    dropout = plan.uses("dropout")
    inner, states = model.embedding_dim, ""
    layers = []
    if model.encoder == "bag":
        states = "h = vectors.mean(dim=1)  # of the words of a text"
    else:
        both = model.encoder == "bigru"
        inner = model.hidden_dim * (2 if both else 1)
        bidirectional = ", bidirectional=True" if both else ""
        layers = [f"self.gru = nn.GRU({model.embedding_dim}, {model.hidden_dim}, batch_first=True{bidirectional})"]
        states = "_, states = self.gru(vectors)\nh = torch.cat(tuple(states), dim=1)"
    layers.append(f"self.linear = nn.Linear({inner}, {model.output_dim})")
    steps = [*states.splitlines(), "h = self.linear(h)"]
    if dropout:
        steps.append("h = F.dropout(h, dropout)")
    if model.layer_norm:
        layers.append(f"self.norm = nn.LayerNorm({model.output_dim})")
        steps.append("h = self.norm(h)")
    vocabulary = model.vocab_size or source.vocab_size
    pieces = [
        'class Tower(nn.Module):\n    """From the word vectors of texts [batch, words, dim] to their embeddings."""\n',
        "    def __init__(self):\n        super().__init__()\n" + indent("\n".join(layers), " " * 8) + "\n",
        f"    def forward(self, vectors{', dropout=0.0' if dropout else ''}):\n"
        + indent("\n".join([*steps, "return h"]), " " * 8),
        "\n\ntorch.manual_seed(SEED)  # decides the first weights" + (", and every dropout mask" if dropout else ""),
        _whole(plan, model, source, vocabulary),
    ]
    return "\n".join(pieces)


def _whole(plan: Plan, model: TwoTower, source: TripletSource, vocabulary: int) -> str:
    lines = ["network = nn.ModuleDict()", f'network["embedding"] = nn.Embedding({vocabulary}, {model.embedding_dim})']
    if model.embedding_init == "skipgram":
        plan.arrays["embedding"] = source.skipgram(model.embedding_dim, plan.run.info.seed)
        lines += [
            "with torch.no_grad():  # word vectors that place words of one topic close together",
            '    network["embedding"].weight.copy_(torch.from_numpy(arrays["embedding"]))',
        ]
    lines.append('network["query"] = Tower()')
    lines.append('network["document"] = ' + ('network["query"]' if model.shared_towers else "Tower()"))
    if model.freeze_embeddings:
        lines.append('network["embedding"].weight.requires_grad_(False)')
    return "\n".join(lines) + "\n"


def embeddings(plan: Plan, names: tuple[str, ...]) -> str:
    """`embeddings(rows)`: those of queries, positives and negatives, each [batch, dim]."""
    dropout = "dropout" in names
    keyword, given = (", dropout=0.0", ", dropout") if dropout else ("", "")
    drawn = f"""\
        def embeddings(rows{keyword}):
            \"\"\"Embeddings [batch, dim] of the queries, positives and negatives of these rows.\"\"\"
            q, p, n = rows
            query = network["query"](network["embedding"](queries[q]){given})
            words = network["embedding"](passages[torch.cat((p, n))])
            positive, negative = network["document"](words{given}).chunk(2)
            return query, positive, negative
        """
    if "negatives" not in names:
        return dedent(drawn)
    chosen = f"""\
        def embeddings(rows{keyword}, drawn=False):
            \"\"\"Embeddings [batch, dim] of the queries, positives and negatives of these rows.\"\"\"
            q, p, n = rows
            query = network["query"](network["embedding"](queries[q]){given})
            if drawn or knobs["negatives"] in ("random", "same-query") or len(q) == 1:
                words = network["embedding"](passages[torch.cat((p, n))])
                positive, negative = network["document"](words{given}).chunk(2)
            else:
                positive = network["document"](network["embedding"](passages[p]){given})
                negative = positive[choose(query, positive, knobs["negatives"])]
            return query, positive, negative
        """
    return CHOOSE + "\n\n" + dedent(chosen)


CHOOSE = '''\
@torch.no_grad()
def choose(query, positive, how):
    """For each query the positive of another one that is its negative."""
    if how == "in-batch":
        return (torch.arange(len(query)) + 1) % len(query)
    table = similarities(query, positive)
    own = table.diagonal().unsqueeze(1).clone()
    others = table.clone().fill_diagonal_(-math.inf)
    if how == "hard":
        return others.argmax(dim=1)
    # semi-hard: the most similar one that is less similar than the query's own, else the least similar other one
    easier = torch.where(others < own, others, torch.full_like(others, -math.inf))
    easiest = table.fill_diagonal_(math.inf).argmin(dim=1)
    return torch.where(easier.max(dim=1).values > -math.inf, easier.argmax(dim=1), easiest)
'''


def similarity(plan: Plan, names: tuple[str, ...]) -> str:
    """`similarity` of pairs and, where it is needed, `similarities` of all with all."""
    cosine = plan.scenario.objective.distance == "cosine"
    pair = "F.cosine_similarity(a, b, dim=1, eps=1e-8)" if cosine else PAIR
    every = "F.normalize(a, dim=1, eps=1e-8) @ F.normalize(b, dim=1, eps=1e-8).T" if cosine else "-torch.cdist(a, b)"
    pieces = []
    if plan.scenario.objective.kind != "contrastive":
        pieces.append(f'def similarity(a, b):\n    """Of each row of a with its row of b."""\n    return {pair}\n')
    if "negatives" in names or plan.scenario.objective.kind == "contrastive":
        pieces.append(
            f'def similarities(a, b):\n    """Of every row of a with every row of b."""\n    return {every}\n'
        )
    return "\n\n".join(pieces)


PAIR = "-(a - b).square().sum(dim=1).clamp_min(1e-8).sqrt()"
