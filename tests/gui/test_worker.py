"""A job in its thread: nothing that matters is lost, charts are not flooded, pause and close do what they say."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from iic_studio.errors import ProjectError
from iic_studio.events import AssignmentsSaved, Event, ProgressMade, RunFailed, RunFinished, RunStarted
from iic_studio.gui.worker import JobThread


def progress(number: int) -> ProgressMade:
    return ProgressMade(stage="index", done=number)


def run_to_end(qtbot: QtBot, thread: JobThread) -> list[Event]:
    heard: list[Event] = []
    thread.told.connect(heard.append)
    with qtbot.waitSignal(thread.finished, timeout=10_000):
        thread.start()
    qtbot.wait(10)
    return heard


def test_progress_is_thinned_and_everything_else_arrives_in_order(qtbot: QtBot) -> None:
    def job() -> Iterator[Event]:
        yield RunStarted(run="", job="index")
        for number in range(5000):
            yield progress(number)
        yield AssignmentsSaved(run="a", num_images=1, sub_head=0, final=True)
        yield RunFinished(run="", job="index", elapsed_s=0.0)

    heard = run_to_end(qtbot, JobThread(job))
    kinds = [type(event) for event in heard if not isinstance(event, ProgressMade)]
    assert kinds == [RunStarted, AssignmentsSaved, RunFinished]
    told = [event.done for event in heard if isinstance(event, ProgressMade)]
    assert told[-1] == 4999
    assert len(told) < 100
    assert isinstance(heard[-3], ProgressMade)


def test_closing_closes_the_generator_in_its_own_thread(qtbot: QtBot) -> None:
    closed_in: list[int] = []
    began = threading.Event()

    def job() -> Iterator[Event]:
        try:
            for number in range(10**9):
                began.set()
                yield progress(number)
        finally:
            closed_in.append(threading.get_ident())

    thread = JobThread(job)
    last: list[object] = []
    thread.done.connect(last.append)
    thread.start()
    assert began.wait(5)
    with qtbot.waitSignal(thread.finished, timeout=10_000):
        thread.close()
    qtbot.waitUntil(lambda: bool(last), timeout=1000)
    assert last == [None]
    assert closed_in
    assert closed_in[0] != threading.get_ident()


def test_a_paused_job_stands_still_and_can_be_closed(qtbot: QtBot) -> None:
    count = [0]

    def job() -> Iterator[Event]:
        while True:
            count[0] += 1
            yield progress(count[0])

    thread = JobThread(job)
    thread.start()
    qtbot.waitUntil(lambda: count[0] > 10, timeout=5000)
    thread.pause()
    assert thread.is_paused
    qtbot.wait(50)
    stood = count[0]
    qtbot.wait(100)
    assert count[0] == stood
    thread.resume()
    qtbot.waitUntil(lambda: count[0] > stood, timeout=5000)
    thread.pause()
    with qtbot.waitSignal(thread.finished, timeout=5000):
        thread.close()


def test_a_mistake_before_the_job_began_becomes_its_last_event(qtbot: QtBot) -> None:
    def job() -> Iterator[Event]:
        raise ProjectError("The project is open for reading only.", "Close it elsewhere.")

    heard = run_to_end(qtbot, JobThread(job))
    assert [type(event) for event in heard] == [RunFailed]
    assert "reading only" in getattr(heard[0], "message", "")


def test_a_bug_still_ends_the_job(qtbot: QtBot) -> None:
    def job() -> Iterator[Event]:
        yield progress(0)
        raise ValueError("a bug")

    thread = JobThread(job)
    last: list[object] = []
    thread.done.connect(last.append)
    with qtbot.capture_exceptions() as caught:
        heard = run_to_end(qtbot, thread)
        qtbot.waitUntil(lambda: bool(last), timeout=1000)
    assert last == [None]
    assert len(heard) == 1
    assert [kind for kind, _, _ in caught] == [ValueError]


@pytest.mark.parametrize("state", ["fresh", "paused"])
def test_a_thread_that_never_ran_is_harmless(qtbot: QtBot, state: str) -> None:
    thread = JobThread(lambda: iter(()))
    if state == "paused":
        thread.pause()
    thread.close()
    assert not thread.isRunning()
