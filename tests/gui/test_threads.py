"""Threads of our own: work is done beside, can be waited for, and a bug in it is not lost."""

import threading

import pytest

from iic_studio.gui.threads import Threads


def test_work_is_done_beside_and_waited_for() -> None:
    threads, done, gate = Threads("some", 2), [], threading.Event()
    for number in range(20):
        threads.start(lambda number=number: (gate.wait(10), done.append((number, threading.current_thread()))))
    assert done == []
    gate.set()
    threads.close()
    assert sorted(number for number, _ in done) == list(range(20))
    assert 1 <= len({thread for _, thread in done}) <= 2
    assert threading.current_thread() not in {thread for _, thread in done}
    assert not any(thread.is_alive() for _, thread in done)


def test_they_can_be_used_again() -> None:
    threads, done = Threads("some", 1), []
    threads.close()
    for number in range(3):
        threads.start(lambda number=number: done.append(number))
        threads.close()
        threads.close()
    assert done == [0, 1, 2]


def test_a_bug_goes_where_bugs_of_threads_go(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    threads = Threads("some", 1)
    threads.start(lambda: 1 / 0)
    threads.start(lambda: None)
    threads.close()
    assert [one.exc_type for one in told] == [ZeroDivisionError]
    assert told[0].exc_traceback is not None
