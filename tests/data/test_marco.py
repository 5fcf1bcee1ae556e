"""MS MARCO files: the same rows in every form, their words and triplets, and a clear sentence for each mistake."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.data.marco import PADDING, UNKNOWN
from nnlab.data.source import DataError, TripletSource, facts, make
from nnlab.scenario.data import MsMarco

Record = dict[str, Any]
COLOURS = ["red", "green", "blue", "grey", "black", "white"]


def record(number: int, selected: tuple[int, ...] = (0, 1, 0)) -> Record:
    """A query about one colour, with a passage for each flag."""
    colour = COLOURS[number % len(COLOURS)]
    texts = [f"{colour.upper()} passage {place} of w{number}: {colour}, {colour}." for place in range(len(selected))]
    passages = {"is_selected": list(selected), "passage_text": texts, "url": ["x"] * len(texts)}
    return {"query": f"What is {colour} w{number}?", "passages": passages, "query_id": number}


def sample(count: int = 12) -> list[Record]:
    return [record(number, (1,) if number % 4 == 3 else (0, 1, 0, 1)) for number in range(count)]


def write(path: Path, records: list[Record]) -> None:
    path.write_text("\n".join(map(json.dumps, records)) + "\n\n")


def read(folder: Path, name: str = "m.jsonl", seed: int = 0, **options: Any) -> TripletSource:
    source = make(MsMarco(kind="msmarco", path=name, **options), seed, folder, 8)
    assert isinstance(source, TripletSource)
    return source


def made(folder: Path, records: list[Record] | None = None, **options: Any) -> TripletSource:
    write(folder / "m.jsonl", sample() if records is None else records)
    return read(folder, **options)


def objects(passages: Record) -> list[Record]:
    """A list of objects, from an object of lists."""
    return [dict(zip(passages, cells, strict=True)) for cells in zip(*passages.values(), strict=True)]


def test_every_form_of_the_file_gives_the_same_corpus(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    plain = made(tmp_path)
    (tmp_path / "m.json.gz").write_bytes(gzip.compress((tmp_path / "m.jsonl").read_bytes()))
    write(tmp_path / "objects.jsonl", [{**one, "passages": objects(one["passages"])} for one in sample()])
    parquet.write_table(arrow.Table.from_pylist(sample()), tmp_path / "m.parquet")
    for name in ("m.json.gz", "objects.jsonl", "m.parquet"):
        other = read(tmp_path, name)
        np.testing.assert_array_equal(other.queries, plain.queries)
        np.testing.assert_array_equal(other.passages, plain.passages)
        np.testing.assert_array_equal(other.corpus.relevant, plain.corpus.relevant)


def test_words_are_numbered_by_frequency_and_texts_cut_and_padded(tmp_path: Path) -> None:
    source = made(tmp_path, query_length=3, document_length=50)
    frequent = source.queries[0]
    assert source.queries.shape == (12, 3) and source.queries.dtype == np.int64
    assert (source.queries[:, 0] == frequent[0]).all() and (source.queries[:, 1] == frequent[1]).all()
    assert source.passages.shape[1] == 50 and (source.passages[:, 8:] == PADDING).all()
    assert (source.passages[:, 0] == source.passages[:, 5]).all(), "upper and lower case are one word"
    assert (source.passages[:, :7] >= 2).all() and source.passages.max() == source.vocab_size - 1
    small = made(tmp_path, vocab_size=10)
    assert small.vocab_size == 10 and (small.queries[:, 3] == UNKNOWN).all()
    np.testing.assert_array_equal(np.unique(small.passages), np.arange(10))


def test_answers_stand_first_and_rows_without_one_are_skipped_and_told(tmp_path: Path) -> None:
    source = made(tmp_path, [*sample(), record(12, (0, 0)), record(13, ())], document_length=3)
    assert len(source.queries) == 12 and "2 queries without a selected passage skipped" in source.told
    np.testing.assert_array_equal(source.corpus.count, np.where(np.arange(12) % 4 == 3, 1, 4))
    np.testing.assert_array_equal(source.corpus.relevant, np.where(np.arange(12) % 4 == 3, 1, 2))
    np.testing.assert_array_equal(source.owner, source.passage_topic)
    assert facts(source)["n_train"] + facts(source)["n_val"] == 12
    assert len(made(tmp_path, queries=5).queries) == 5
    everything = made(tmp_path, positives="all")
    np.testing.assert_array_equal(everything.corpus.relevant, everything.corpus.count)


def test_triplets_of_the_file(tmp_path: Path) -> None:
    source = made(tmp_path)
    place = np.arange(len(source.passages)) - source.corpus.first[source.owner]
    answers = place < source.corpus.relevant[source.owner]
    q, p, n = source.draw(0, 100, 8, "random", 0.0)
    assert answers[p].all() and (source.owner[p] == q).all() and (source.owner[n] != q).all()
    assert set(p[source.corpus.relevant[q] == 2] - source.corpus.first[q[source.corpus.relevant[q] == 2]]) == {0, 1}
    q, _, n = source.draw(0, 100, 8, "same-query", 0.0)
    several = source.corpus.count[q] > 1
    assert (source.owner[n][several] == q[several]).all() and not answers[n][several].any()
    assert (source.owner[n][~several] != q[~several]).all() and (~several).any()
    q, p, n = source.draw(0, 400, 8, "random", 0.5)
    several = source.corpus.count[q] > 1
    assert (source.owner[n] == q)[several].mean() == pytest.approx(0.5, abs=0.05) and (n != p).all()
    q, p, n = source.validation(64)
    assert np.isin(q, source.val_queries).all() and answers[p].all() and (source.owner[p] == q).all()
    assert (source.owner[n] != q).all()


def test_skipgram_does_not_read_the_padding(tmp_path: Path) -> None:
    short, long = made(tmp_path, document_length=12), made(tmp_path, document_length=60)
    table = short.skipgram(8, 0)
    np.testing.assert_allclose(table, long.skipgram(8, 0), atol=1e-5)
    assert (table[PADDING] == 0.0).all() and table.std() == pytest.approx(1.0, rel=1e-3)


def change(**parts: Any) -> Callable[[Record], None]:
    return lambda one: one.update(parts)


def inside(**parts: Any) -> Callable[[Record], None]:
    return lambda one: one["passages"].update(parts)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda one: one.update(qery=one.pop("query")), "line 3: there is no column 'query'; did you mean 'qery'?"),
        (lambda one: one["passages"].pop("is_selected"), "line 3, column 'passages': there is no column 'is_selected'"),
        (change(query=None), "line 3, column 'query': must be text, but is missing"),
        (change(passages="text"), r"column 'passages': must hold is_selected and passage_text, but is text \('text'\)"),
        (change(passages=["text"]), "column 'passages': must hold is_selected and passage_text, but is text"),
        (inside(passage_text="one"), r"'passages.passage_text': must be a list, .* but is text \('one'\)"),
        (inside(is_selected=[1]), "4 passage_text, but 1 is_selected"),
        (inside(is_selected=[1, 0, 2, 0]), "'passages.is_selected': must hold 0 and 1, but has 2"),
        (inside(passage_text=["a", "b", None, "c"]), "'passages.passage_text': must hold texts, but has missing"),
    ],
)
def test_a_row_that_is_not_as_it_should_be(tmp_path: Path, spoil: Callable[[Record], None], message: str) -> None:
    records = sample()
    spoil(records[2])
    with pytest.raises(DataError, match=message):
        made(tmp_path, records)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def fails(name: str, content: bytes, message: str) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=message):
            read(tmp_path, name)

    fails("e.jsonl", b"\n\n", "e.jsonl is empty")
    fails("one.jsonl", json.dumps(record(0)).encode(), "1 of 1 queries have a selected passage; at least 4")
    fails("none.jsonl", b"\n".join([json.dumps(record(0, (0,))).encode()] * 9), "0 of 9 queries")
    fails("bad.jsonl", b'{"query": 1\n', "bad.jsonl, line 1 is not JSON .*each line holds one object")
    fails("list.jsonl", b"[1]\n", "list.jsonl, line 1 holds a list, not an object")
    fails("latin.jsonl", b'{"query": "\xe9"}\n', "latin.jsonl, line 1 is not JSON .no UTF-8 text")
    fails("plain.jsonl.gz", b"no gzip", "plain.jsonl.gz cannot be read to its end")
    cut = gzip.compress(b"\n".join(json.dumps(one).encode() for one in sample()))[:-20]
    fails("cut.jsonl.gz", cut, "cut.jsonl.gz cannot be read to its end")
    fails("m.txt", b"", "known endings: .parquet, .pq, .jsonl")
    with pytest.raises(DataError, match=r"there is no file .*did you mean 'plain.jsonl.gz'"):
        read(tmp_path, "plane.jsonl.gz")


def test_parquet_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"query": ["a"], "passage": ["b"]}), tmp_path / "m.parquet")
    with pytest.raises(DataError, match=r"m.parquet: there is no column 'passages'; did you mean 'passage'"):
        read(tmp_path, "m.parquet")
    parquet.write_table(arrow.table({"query": ["a"], "passages": ["b"]}), tmp_path / "m.parquet")
    with pytest.raises(DataError, match=r"m.parquet, row 1, column 'passages': must hold is_selected"):
        read(tmp_path, "m.parquet")
    whole = (tmp_path / "m.parquet").read_bytes()
    for damaged in (b"", whole[:-30], whole[: len(whole) // 2] + b"PAR1"):
        (tmp_path / "m.parquet").write_bytes(damaged)
        with pytest.raises(DataError, match=r"m.parquet is not a readable Parquet file"):
            read(tmp_path, "m.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(DataError, match="pip install pyarrow"):
        read(tmp_path, "m.parquet")
