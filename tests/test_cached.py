"""A property that is computed once, and that holds nobody up."""

import threading

from iic_studio.cached import cached_property


class Order:
    """An order that takes as long as its maker lets it."""

    def __init__(self, may_end: threading.Event) -> None:
        self.may_end, self.begun, self.times = may_end, threading.Event(), 0

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The rows."""
        self.begun.set()
        self.times += 1
        assert self.may_end.wait(10)
        return (2, 1)


def test_it_is_computed_once_and_documented() -> None:
    ready = threading.Event()
    ready.set()
    order = Order(ready)
    assert order.rows == (2, 1)
    assert order.rows is order.rows
    assert order.times == 1
    assert Order.rows.__doc__ == "The rows."


def test_one_instance_does_not_wait_for_another() -> None:
    """With the lock of Python 3.11 the second would wait for the first, and the window for a thread beside it."""
    later, ready = threading.Event(), threading.Event()
    ready.set()
    slow, quick = Order(later), Order(ready)
    beside = threading.Thread(target=lambda: slow.rows)
    beside.start()
    assert slow.begun.wait(10)
    found: list[tuple[int, ...]] = []
    window = threading.Thread(target=lambda: found.append(quick.rows))
    window.start()
    window.join(5)
    was_free = bool(found)
    later.set()
    beside.join(10)
    window.join(10)
    assert was_free
