"""Work beside the window: the newest wish counts, mistakes come back as such, and nothing comes after the end."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from iic_studio.errors import StudioError, UsageError
from iic_studio.gui.side_thread import SideThread


@pytest.fixture
def side(qtbot: QtBot) -> Iterator[SideThread]:
    made = SideThread("test")
    yield made
    made.close()


@pytest.mark.parametrize(("even_late", "wanted"), [(False, [49]), (True, ["first", 49])])
def test_of_the_wishes_that_wait_only_the_newest_is_done(qtbot: QtBot, side: SideThread, even_late: bool, wanted: list[object]) -> None:
    done: list[object] = []
    computed: list[int] = []
    begun, gate = threading.Event(), threading.Event()

    def first() -> str:
        begun.set()
        gate.wait(10)
        return "first"

    side.wish("numbers", first, done.append, even_late=even_late)
    begun.wait(10)
    for number in range(50):
        side.wish("numbers", lambda number=number: computed.append(number) or number, done.append, even_late=even_late)
    assert side.is_busy
    gate.set()
    qtbot.waitUntil(lambda: not side.is_busy, timeout=5000)
    assert done == wanted
    assert computed == [49]


def test_wishes_of_another_kind_are_done_too(qtbot: QtBot, side: SideThread) -> None:
    done: list[object] = []
    side.wish("one", lambda: 1, done.append)
    side.wish("other", lambda: 2, done.append)
    qtbot.waitUntil(lambda: not side.is_busy, timeout=5000)
    assert done == [1, 2]


def test_work_is_done_in_another_thread_and_handed_out_in_this_one(qtbot: QtBot, side: SideThread) -> None:
    threads: list[object] = []
    with qtbot.waitSignal(side.answered, timeout=5000):
        side.wish("threads", threading.get_ident, lambda made: threads.extend([made, threading.get_ident()]))
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_a_mistake_comes_back_as_one(qtbot: QtBot, side: SideThread) -> None:
    told: list[object] = []

    def wrong() -> None:
        raise UsageError("No.", "Yes.")

    with qtbot.waitSignal(side.answered, timeout=5000):
        side.wish("answers", wrong, told.append, told.append)
    assert isinstance(told[0], StudioError)
    with qtbot.waitSignal(side.answered, timeout=5000):
        side.wish("answers", lambda: 7, told.append)
    assert told[1:] == [7]


def test_after_the_end_nothing_is_handed_out(qtbot: QtBot, side: SideThread) -> None:
    done: list[object] = []
    gate = threading.Event()
    side.wish("late", lambda: gate.wait(10) and "late", done.append, even_late=True)
    side.wish("late", lambda: "never", done.append, even_late=True)
    gate.set()
    side.close()
    side.wish("late", lambda: "again", done.append, even_late=True)
    qtbot.waitUntil(lambda: not side.is_busy, timeout=5000)
    assert done == ["again"]
