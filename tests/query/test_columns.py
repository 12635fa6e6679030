"""Words in paths, against a plain loop."""

import unicodedata

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from iic_studio.query import Texts, Words
from iic_studio.query.columns import folded

PARTS = st.text(st.sampled_from("aAbß éE\u0301/ \udc80-7"), max_size=6)
PATHS = st.lists(st.lists(PARTS.filter(bool), min_size=1, max_size=3).map("/".join), max_size=8)


def plain(paths: list[str], word: str, part: str) -> list[bool]:
    found = []
    for path in paths:
        folder, slash, name = folded(path).rpartition("/")
        text = {"any": folded(path), "name": name, "folder": folder + slash}[part]
        found.append(folded(word) in text)
    return found


@given(PATHS, PARTS, st.sampled_from(["any", "name", "folder"]))
@example([], "a", "any")
@example(["a"], "", "name")
@example(["ab/ab", "abab"], "b/a", "any")
def test_words_are_found_as_by_a_plain_loop(paths: list[str], word: str, part: str) -> None:
    assert Texts(paths).hold(word, part).tolist() == plain(paths, word, part)


def test_letters_composed_in_two_ways_are_the_same() -> None:
    texts = Texts([unicodedata.normalize("NFD", "Süden/Ästhetik.jpg"), "Norden/x.jpg"])
    assert texts.hold("süd").tolist() == [True, False]
    assert texts.hold("ÄSTHETIK", "name").tolist() == [True, False]


def test_a_word_does_not_reach_into_the_next_path() -> None:
    assert not Texts(["ab", "cd"]).hold("bc").any()
    assert not Texts(["ab", "cd"]).hold("b\0c").any()


def test_words_keep_their_vocabulary_once() -> None:
    words = Words.of(["Nikon", "", "Canon", "Canon"])
    assert words.vocabulary == ("Nikon", "", "Canon")
    assert words.used() == ["Canon", "Nikon"]
    np.testing.assert_array_equal(words.where("n" in word for word in words.folded), [True, False, True, True])
    assert len(Words.of([]).where([])) == 0
