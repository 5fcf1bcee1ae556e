"""Two towers on the user's own search corpus: the README's scenario, and padding that nobody reads."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nnlab.engine.begin import begin
from nnlab.engine.models.two_tower import TwoTowerNetwork
from nnlab.engine.spec import Spec
from nnlab.scenario.load import load
from nnlab.scenario.model import TwoTower

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


class Deaf:
    """Stands for the server."""

    def broadcast(self, event: Any) -> None:
        pass


def write_sample(path: Path) -> None:
    """Thirty queries about ten subjects, four passages each, one of them selected."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    draw = np.random.default_rng(0)
    rows = []
    for number in range(30):
        subject = [f"s{number % 10}w{i}" for i in range(6)]
        texts = [" ".join(draw.choice([*subject, "the", "of"], draw.integers(3, 40))) for _ in range(4)]
        passages = {"is_selected": [0, 1, 0, 0], "passage_text": texts}
        rows.append({"query": " ".join(draw.choice(subject, 3)), "passages": passages})
    parquet.write_table(arrow.Table.from_pylist(rows), path)


def test_the_readmes_search_scenario_trains(tmp_path: Path) -> None:
    found = re.search(r"<!-- own search data -->\n```toml\n(.*?)```", README, re.DOTALL)
    assert found
    (tmp_path / "mine.toml").write_text(found[1])
    write_sample(tmp_path / "validation.parquet")
    loaded = load(tmp_path / "mine.toml", overrides=["train.steps=6", "train.batch_size=8"])
    plain = loaded.scenario.model_dump(mode="json")
    spec = Spec(plain, "mine", loaded.text, str(tmp_path), 0, "cpu", "", str(tmp_path / "s"), str(tmp_path / "log"))
    run = begin(spec, Deaf())  # type: ignore[arg-type]
    start = run.training.parameters.values.clone()
    run.resume()
    while run.state == "running":
        run.advance()
    run.frame()
    told = run.logbook.past.events()
    series = {name for event in told for name in getattr(event, "series", ()) if isinstance(name, str)}
    assert run.step == 6 and not torch.equal(start, run.training.parameters.values)
    assert {"val/accuracy", "val/recall@1", "sim/gap", "embed/rank_ratio", "triplet/false_negatives"} <= series
    assert any("30 queries with 120 passages" in getattr(event, "text", "") for event in told)
    run.turn("negatives", "same-query", "user", 1)
    assert run.knobs["negatives"] == "same-query"


@pytest.mark.parametrize("encoder", ["bigru", "gru", "bag"])
def test_padding_is_not_read(encoder: Any) -> None:
    torch.manual_seed(0)
    settings = TwoTower(kind="two-tower", encoder=encoder, embedding_dim=5, hidden_dim=4, output_dim=3)
    network = TwoTowerNetwork(settings, 20, None, padded=True)
    words = torch.randint(1, 20, (4, 6))
    longer = torch.cat((words, torch.zeros(4, 9, dtype=torch.int64)), dim=1)
    alone = TwoTowerNetwork(settings, 20, None)
    alone.load_state_dict(network.state_dict())
    expected = alone.encode_documents(words, 0.0)
    torch.testing.assert_close(network.encode_documents(longer, 0.0), expected)
    longer[1, 3:] = 0
    mixed = network.encode_documents(longer, 0.0)
    torch.testing.assert_close(mixed[1:2], alone.encode_documents(words[1:2, :3], 0.0))
    torch.testing.assert_close(mixed[2:], expected[2:])
    assert network.encode_queries(torch.zeros(2, 4, dtype=torch.int64), 0.0).isfinite().all()
