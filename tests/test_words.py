"""Numbers, time spans and methods as people say them."""

from typing import get_args

import pytest

from iic_studio.config import Method
from iic_studio.events import RunFinished
from iic_studio.export.words import done_words
from iic_studio.terminal import result_words
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


def test_one_is_no_plural_in_sentences() -> None:
    summary = {"written": {"csv": "a.csv"}, "rows": 1, "failed": [], "num_unreadable": 1}
    assert done_words(summary) == [
        "Written: a.csv (1 row).",
        "1 file could not be read and took no part; the project's list of problems names each.",
    ]
    finished = RunFinished(run="", job="cluster", elapsed_s=1.0, num_images=1, summary={"csv": "a.csv", "rows": 1})
    assert "Written: a.csv (1 row)." in result_words(finished)
