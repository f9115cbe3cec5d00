"""A code is said over the phone and typed with one thumb. A slip is told from a wrong code."""

import random

import pytest

from alongside.followthrough import codes


def test_a_code_is_read_as_it_was_printed():
    code = codes.new()
    assert [len(group) for group in code.split("-")] == [4, 4, 5]
    assert codes.read(code) == code


def test_a_card_that_was_printed_long_ago_still_opens_its_page():
    """How the last character is made is a promise: cards that are out carry it."""
    assert codes.read("7k2m 9qdx 4tb8d") == "7K2M-9QDX-4TB8D"


@pytest.mark.parametrize(
    "typed",
    ["7k2m9qdx4tb8", "", "   ", "Oak Street", "7K2M-9QDX-4TB8", "⠓⠑⠇⠇⠕" * 3, "U" * 13, "0" * 2000],
)
def test_what_is_no_code_is_no_code(typed):
    with pytest.raises(codes.Mistyped):
        codes.read(typed)


def test_case_blanks_and_hyphens_do_not_matter():
    code = codes.new()
    plain = code.replace("-", "")
    for typed in (
        plain,
        plain.lower(),
        f"  {plain[:3]} {plain[3:]} ",
        code.replace("-", "–"),
        code.replace("-", " - "),
    ):
        assert codes.read(typed) == code


def test_letters_that_look_like_digits_are_those_digits():
    code = next(each for each in iter(codes.new, None) if "0" in each and "1" in each)
    assert codes.read(code.replace("0", "O").replace("1", "l")) == code
    assert codes.read(code.replace("1", "I")) == code


def test_any_one_wrong_character_is_seen():
    code = codes.new().replace("-", "")
    for place, mark in enumerate(code):
        for other in codes.ALPHABET.replace(mark, ""):
            with pytest.raises(codes.Mistyped):
                codes.read(code[:place] + other + code[place + 1 :])


def test_any_two_exchanged_are_seen():
    dice = random.Random(5)
    for _try in range(400):
        code = list(codes.new().replace("-", ""))
        first, second = dice.sample(range(len(code)), 2)
        if code[first] == code[second]:
            continue
        code[first], code[second] = code[second], code[first]
        with pytest.raises(codes.Mistyped):
            codes.read("".join(code))


def test_codes_differ_and_use_the_whole_alphabet():
    made = [codes.new() for _each in range(2000)]
    assert len(set(made)) == 2000
    drawn = "".join(code[:-1] for code in made)  # the last is worked out
    assert set(drawn) == {*codes.ALPHABET, "-"}
