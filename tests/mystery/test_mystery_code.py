"""The code of a mystery comes back as it went, and a slip of the hand is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.errors import UserError
from nnlab.mystery.code import ALPHABET, LEVELS, SEEDS, Code, anyone, parse

codes = st.builds(Code, st.sampled_from(LEVELS), st.integers(0, SEEDS - 1))


@given(codes)
def test_a_code_comes_back(code: Code) -> None:
    text = str(code)
    assert len(text) == 7
    assert parse(text) == parse(text.lower()) == parse(f" {text.replace('-', '')} ") == code


@given(codes, st.integers(0, 5), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: Code, place: int, other: str) -> None:
    text = str(code).replace("-", "")
    wrong = text[:place] + other + text[place + 1 :]
    if wrong != text:
        with pytest.raises(UserError):
            parse(wrong)


@given(st.text(max_size=9))
def test_any_text_is_a_code_or_an_error(text: str) -> None:
    try:
        assert parse(str(parse(text))) == parse(text)
    except UserError as error:
        assert "Traceback" not in str(error)


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    assert parse("2GO-OiV") == parse("2G0-01V")


def test_a_code_of_another_generator_says_so() -> None:
    with pytest.raises(UserError, match="generator 2"):
        parse(str(Code(1, 5, version=2)))


def test_nobodys_choice_is_of_the_level() -> None:
    assert {anyone(level).level for level in LEVELS} == set(LEVELS)
