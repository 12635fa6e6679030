"""What a pickle holds, read as data: nothing it names is imported or called, so a file from anywhere cannot run anything.

A small stack machine follows the opcodes and builds numbers, text, bytes, lists, tuples, dictionaries and NumPy arrays of whole numbers.
Every other name or opcode is refused. Meant for published files such as CIFAR's batches, of any protocol up to 5, also those that
Python 2 wrote.
"""

import pickletools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


def read_plain_pickle(data: bytes) -> dict[str, Any]:
    """The dictionary that a pickle holds, its keys as text, its arrays as NumPy arrays.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: damaged, no dictionary, or not plain data.
    """
    record = _StackMachine().run(data)
    if not isinstance(record, dict):
        raise ValueError("it holds no dictionary")
    return {
        key.decode("latin-1") if isinstance(key, bytes) else str(key): value.array() if isinstance(value, _Array) else value
        for key, value in record.items()
    }


@dataclass
class _Type:
    """A NumPy type that a pickle describes: a code such as `u1`, then a byte order."""

    code: str
    order: str = "="

    def __post_init__(self) -> None:
        if not re.fullmatch("[biu][1248]", self.code):
            raise ValueError(f"arrays of {self.code} are not read")

    def build(self, state: Any) -> None:
        if state[1] not in ("<", ">", "=", "|"):
            raise ValueError(f"there is no byte order {state[1]}")
        self.order = state[1]


@dataclass
class _Array:
    """An array that a pickle describes."""

    shape: tuple[int, ...] = (0,)
    type: _Type | None = None
    in_columns: bool = False
    data: bytes = b""

    def build(self, state: Any) -> None:
        _, self.shape, self.type, self.in_columns, data = state
        self.data = _bytes(data)

    def array(self) -> npt.NDArray[Any]:
        if not isinstance(self.type, _Type):
            raise ValueError("an array has no type")
        flat = np.frombuffer(self.data, np.dtype(self.type.order + self.type.code))
        return flat.reshape(self.shape, order="F" if self.in_columns else "C")


def _bytes(data: object) -> bytes:
    """Strings that Python 2 wrote are bytes; they are read as Latin-1."""
    if isinstance(data, str):
        return data.encode("latin-1")
    if not isinstance(data, bytes | bytearray):
        raise ValueError("the values of an array are no bytes")
    return bytes(data)


def _call(name: object, arguments: tuple[Any, ...]) -> Any:
    """What the few known names of a pickle stand for, as data."""
    match name:
        case "numpy.core.multiarray _reconstruct" | "numpy._core.multiarray _reconstruct":
            return _Array()
        case "numpy.core.numeric _frombuffer" | "numpy._core.numeric _frombuffer":
            data, kind, shape, order = arguments
            return _Array(shape, kind, order == "F", _bytes(data))
        case "numpy dtype":
            return _Type(str(arguments[0]))
        case "_codecs encode":
            return _bytes(arguments[0])
    raise ValueError(f"it asks for {str(name).replace(' ', '.')}, which is not read")


class _StackMachine:
    """Follows the opcodes of one pickle; nothing is called beyond `_call` and `build` above."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self, data: bytes) -> Any:
        """What the pickle holds; arrays as `_Array`."""
        for opcode, argument, _ in pickletools.genops(data):
            self._follow(opcode.name, argument)
        return self._stack.pop()

    def _follow(self, name: str, argument: Any) -> None:
        stack, memo = self._stack, self._memo
        if name in _VALUES:
            stack.append(argument)
        elif name in _FRESH:
            stack.append(_FRESH[name]())
        elif name in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"):
            memo[len(memo) if name == "MEMOIZE" else argument] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name == "MARK":
            self._marks.append(len(stack))
        elif name in ("TUPLE", "LIST", "DICT"):
            values = self._since_mark()
            stack.append(dict(_pairs(values)) if name == "DICT" else tuple(values) if name == "TUPLE" else values)
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            stack.append(tuple(self._pop(int(name[-1]))))
        elif name in ("APPEND", "APPENDS"):
            values = self._pop(1) if name == "APPEND" else self._since_mark()
            stack[-1].extend(values)
        elif name in ("SETITEM", "SETITEMS"):
            values = self._pop(2) if name == "SETITEM" else self._since_mark()
            stack[-1].update(_pairs(values))
        elif name == "STACK_GLOBAL":
            stack.append(_Name(" ".join(self._pop(2))))
        elif name == "GLOBAL":
            stack.append(_Name(argument))
        elif name == "REDUCE":
            called, arguments = self._pop(2)
            stack.append(_call(called.name, arguments))
        elif name == "BUILD":
            (state,) = self._pop(1)
            stack[-1].build(state)
        elif name not in ("PROTO", "FRAME", "STOP"):
            raise ValueError(f"the opcode {name} is not read")

    def _pop(self, count: int) -> list[Any]:
        if count > len(self._stack):
            raise ValueError("the stack is empty")
        values = self._stack[-count:]
        del self._stack[-count:]
        return values

    def _since_mark(self) -> list[Any]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values


@dataclass(frozen=True)
class _Name:
    """Something a pickle names: module, space, name."""

    name: str


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(values[::2], values[1::2], strict=True))


_VALUES = {"INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "STRING", "SHORT_BINSTRING", "BINSTRING"}
_VALUES |= {"UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"}
_FRESH: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
}
