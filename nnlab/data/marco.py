"""A search corpus from the user's own file: words numbered by frequency, texts cut and padded, answers first."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from nnlab.data.corpus import Corpus
from nnlab.data.errors import DataError
from nnlab.data.fixed import Ints
from nnlab.data.marco_rows import Row, read_rows
from nnlab.scenario.data import MsMarco

PADDING, UNKNOWN = 0, 1
"""Numbers of no word, and of every word outside the vocabulary."""
FEWEST_QUERIES = 4
"""With fewer there are no passages of other queries left to be negatives once some are held out."""
_WORD = re.compile(r"\w+")


def read_corpus(data: MsMarco, base_dir: Path) -> tuple[Corpus, str]:
    """The corpus of a scenario, and what was read as a sentence. Raises DataError.

    A query's answers stand first among its passages; every query is a topic of its own. Rows without an answer are
    skipped, since nothing could be a positive there.
    """
    rows = list(islice(read_rows(data.path, base_dir), data.queries))
    name = Path(data.path).name
    if not rows:
        raise DataError(f"{name} is empty: there is no query in it")
    answered = [row for row in map(_answers_first, rows) if row.selected and row.selected[0]]
    skipped = len(rows) - len(answered)
    if len(answered) < FEWEST_QUERIES:
        raise DataError(
            f"{name}: {len(answered)} of {len(rows)} queries have a selected passage; at least {FEWEST_QUERIES} are "
            "needed"
        )
    queries = [_words(row.query) for row in answered]
    passages = [_words(text) for row in answered for text in row.passages]
    numbers = _vocabulary((*queries, *passages), data.vocab_size)
    count = np.array([len(row.passages) for row in answered], dtype=np.int64)
    answers = np.array([sum(row.selected) for row in answered], dtype=np.int64)
    corpus = Corpus(
        queries=_tokens(queries, numbers, data.query_length),
        passages=_tokens(passages, numbers, data.document_length),
        first=np.cumsum(count) - count,
        count=count,
        relevant=count if data.positives == "all" else answers,
        query_topic=np.arange(len(answered), dtype=np.int64),
        passage_topic=np.repeat(np.arange(len(answered), dtype=np.int64), count),
        vocab_size=len(numbers) + 2,
        padded=True,
    )
    told = f"{name}: {len(answered):,} queries with {len(passages):,} passages, {len(numbers):,} words"
    return corpus, told + (f"; {skipped:,} queries without a selected passage skipped" if skipped else "")


def _answers_first(row: Row) -> Row:
    order = sorted(range(len(row.passages)), key=lambda i: not row.selected[i])
    return Row(row.query, tuple(row.passages[i] for i in order), tuple(row.selected[i] for i in order))


def _words(text: str) -> list[str]:
    """Words in lower case: runs of letters, digits and underscores."""
    return _WORD.findall(text.lower())


def _vocabulary(texts: Iterable[Sequence[str]], size: int) -> dict[str, int]:
    """Numbers from 2 for the most frequent words (ties in alphabetical order); at most `size` numbers in all."""
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: size - 2], 2)}


def _tokens(texts: Sequence[Sequence[str]], numbers: dict[str, int], length: int) -> Ints:
    """Word numbers int64 [texts, length]: the first `length` words of each, then padding."""
    found = np.full((len(texts), length), PADDING, dtype=np.int64)
    for line, text in zip(found, texts, strict=True):
        kept = [numbers.get(word, UNKNOWN) for word in text[:length]]
        line[: len(kept)] = kept
    return found
