"""Work beside the window: the newest wish counts, mistakes come back as such, and nothing comes after the end."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from iic_studio.errors import StudioError, UsageError
from iic_studio.gui.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.stop()


def test_of_the_wishes_that_wait_only_the_newest_is_done(qtbot: QtBot, background: Background) -> None:
    done: list[object] = []
    background.done.connect(done.append)
    begun, gate = threading.Event(), threading.Event()

    def first() -> str:
        begun.set()
        gate.wait(10)
        return "first"

    background.ask(first)
    begun.wait(10)
    for number in range(50):
        background.ask(lambda number=number: number)
    assert background.is_busy
    gate.set()
    qtbot.waitUntil(lambda: not background.is_busy and len(done) == 2, timeout=5000)
    assert done == ["first", 49]


def test_work_is_done_in_another_thread_and_handed_out_in_this_one(qtbot: QtBot, background: Background) -> None:
    threads: list[object] = []
    background.done.connect(lambda made: threads.extend([made, threading.get_ident()]))
    with qtbot.waitSignal(background.done, timeout=5000):
        background.ask(threading.get_ident)
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_a_mistake_comes_back_as_one(qtbot: QtBot, background: Background) -> None:
    def wrong() -> None:
        raise UsageError("No.", "Yes.")

    with qtbot.waitSignal(background.failed, timeout=5000) as told:
        background.ask(wrong)
    assert isinstance(told.args[0], StudioError)
    with qtbot.waitSignal(background.done, timeout=5000) as done:
        background.ask(lambda: 7)
    assert done.args == [7]


def test_after_a_stop_nothing_is_handed_out(qtbot: QtBot, background: Background) -> None:
    done: list[object] = []
    background.done.connect(done.append)
    gate = threading.Event()
    background.ask(lambda: gate.wait(10) and "late")
    background.ask(lambda: "never")
    gate.set()
    background.stop()
    qtbot.wait(50)
    assert done == []
    with qtbot.waitSignal(background.done, timeout=5000):
        background.ask(lambda: "again")
    assert done == ["again"]
