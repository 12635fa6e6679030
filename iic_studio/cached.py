"""A property that is computed when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

_T = TypeVar("_T")


class cached_property(Generic[_T]):
    """`functools.cached_property` as Python 3.12 has it: without a lock.

    Python 3.11 locks the property of all instances while one of them computes it. A thread that sorts the 200,000 images of a state
    it has just read then holds up the window, which asks for the order of the state it shows. Two threads that ask one instance at the same
    time may both compute, here as in 3.12.
    """

    def __init__(self, compute: Callable[[Any], _T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> _T: ...
    def __get__(self, instance: object | None, owner: type | None = None) -> Self | _T:
        if instance is None:
            return self
        found: _T = self._compute(instance)
        instance.__dict__[self._name] = found  # found there from now on: what has no `__set__` comes second
        return found
