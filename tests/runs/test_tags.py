"""Tags of recorded runs: beside the run files, never in them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.errors import UserError
from nnlab.runs import tags


def test_tags_are_kept_beside_the_files_by_their_names(tmp_path: Path) -> None:
    one, other = tmp_path / "a.nnlab", tmp_path / "b.nnlab"
    one.write_bytes(b"bits")
    tags.put(one, ("good", "first"))
    tags.change(other, add=("good", "ü"))
    tags.change(one, add=("first", "last"), remove=("good",))
    assert tags.known(tmp_path) == {"a.nnlab": ("first", "last"), "b.nnlab": ("good", "ü")}
    assert one.read_bytes() == b"bits"
    tags.put(other, ())
    assert list(json.loads((tmp_path / tags.FILE).read_text())) == ["a.nnlab"]


def test_a_damaged_file_of_tags_hides_none_and_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / tags.FILE).write_text("[1, 2")
    assert tags.known(tmp_path) == {}
    with pytest.raises(UserError, match=r"cannot read the tags in .*tags\.json"):
        tags.put(tmp_path / "a.nnlab", ("good",))
    assert (tmp_path / tags.FILE).read_text() == "[1, 2"


@given(st.text(max_size=60))
def test_what_is_typed_is_a_list_of_tags_or_is_refused(text: str) -> None:
    try:
        found = tags.words(text)
    except UserError as error:
        assert "a tag" in str(error)
    else:
        assert len(set(found)) == len(found)
        assert tags.words(" ".join(f"#{word}" for word in found)) == found
        assert all(0 < len(word) <= tags.LONGEST and word.isprintable() for word in found)
