"""Numbers, time spans and methods as people say them."""

from typing import get_args

import pytest

from iic_studio.config import Method
from iic_studio.words import METHODS, counted, duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (3599.7, "1 h 00 min"), (7500, "2 h 05 min")],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 files"), (1, "1 file"), (1797, "1,797 files")])
def test_counted(number: int, words: str) -> None:
    assert counted(number, "files") == words


def test_every_method_has_words() -> None:
    assert {"auto", *METHODS} == set(get_args(Method))
    assert len({words.title for words in METHODS.values()}) == len({words.name for words in METHODS.values()}) == len(METHODS)
