"""TIFF written band by band, for labels of pictures that are larger than memory: one channel of 16 bits, strips packed by deflate.

A picture that could need more than the 4 GiB that the places in a TIFF reach is written as BigTIFF, which has places of 64 bits.
"""

import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

_LEVEL = 4
_ROWS = 64  # of a strip
_SHORT, _LONG, _LONG8 = 3, 4, 16
_MOST_BYTES = 1 << 32  # of a TIFF that is no BigTIFF
_DEFLATE, _BLACK_IS_ZERO, _UNSIGNED = 8, 1, 1


class TiffBands:
    """A TIFF that gets its rows from the top down; it comes to its place when it is closed.

    Args:
        path: of the file.
        width, height: in pixels.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._fresh = path, path.with_name(path.name + ".new")
        self._width, self._height, self._missing = width, height, height
        self._held: list[npt.NDArray[np.uint16]] = []
        self._places: list[tuple[int, int]] = []  # of the strips: offset and bytes
        self._is_big = _most_needed(width, height) > _MOST_BYTES
        self._file = self._fresh.open("wb")
        # Where the directory lies is not known yet.
        self._file.write(struct.pack("<2sHHHQ", b"II", 43, 8, 0, 0) if self._is_big else struct.pack("<2sHI", b"II", 42, 0))

    def add(self, rows: npt.NDArray[np.integer]) -> None:
        """The next (n, width) rows."""
        self._missing -= len(rows)
        self._held.append(rows.astype("<u2"))
        if sum(map(len, self._held)) >= _ROWS:
            held = np.concatenate(self._held)
            whole = len(held) // _ROWS * _ROWS
            for start in range(0, whole, _ROWS):
                self._strip(held[start : start + _ROWS])
            self._held = [held[whole:]]

    def _strip(self, rows: npt.NDArray[np.uint16]) -> None:
        packed = zlib.compress(rows.tobytes(), _LEVEL)
        self._places.append((self._file.tell(), len(packed)))
        self._file.write(packed + b"\0" * (len(packed) % 2))

    def close(self) -> None:
        """All rows are there: bring the file to its place."""
        assert not self._missing, "every row has to be there"
        if len(rest := np.concatenate(self._held)):
            self._strip(rest)
        offsets, counts = zip(*self._places, strict=True)
        place = _LONG8 if self._is_big else _LONG
        entries: dict[int, tuple[int, tuple[int, ...]]] = {
            256: (_LONG, (self._width,)),
            257: (_LONG, (self._height,)),
            258: (_SHORT, (16,)),
            259: (_SHORT, (_DEFLATE,)),
            262: (_SHORT, (_BLACK_IS_ZERO,)),
            273: (place, offsets),
            277: (_SHORT, (1,)),
            278: (_LONG, (_ROWS,)),
            279: (place, counts),
            339: (_SHORT, (_UNSIGNED,)),
        }
        lists = {tag: self._list(values) for tag, (_, values) in entries.items() if len(values) > 1}
        directory = self._file.tell()
        number, count, entry = ("<Q", "<Q", "<HHQQ") if self._is_big else ("<I", "<H", "<HHII")
        self._file.write(struct.pack(count, len(entries)))
        for tag, (kind, values) in entries.items():
            self._file.write(struct.pack(entry, tag, kind, len(values), lists.get(tag, values[0])))
        self._file.write(struct.pack(number, 0))
        self._file.seek(8 if self._is_big else 4)
        self._file.write(struct.pack(number, directory))
        self._file.close()
        self._fresh.replace(self._path)

    def _list(self, values: tuple[int, ...]) -> int:
        """Where a list of numbers was put."""
        place = self._file.tell()
        self._file.write(struct.pack(f"<{len(values)}{'Q' if self._is_big else 'I'}", *values))
        return place

    def discard(self) -> None:
        """Leave nothing behind of a file that was not closed."""
        self._file.close()
        self._fresh.unlink(missing_ok=True)


def _most_needed(width: int, height: int) -> int:
    """Bytes that a file cannot exceed: strips that deflate makes no smaller, and what is said of them."""
    strips = -(-height // _ROWS)
    strip = 2 * width * _ROWS
    return strips * (strip + strip // 1_000 + 64) + 1_024
