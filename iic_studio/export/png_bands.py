"""PNG written band by band, for masks of pictures that are larger than memory: one byte for a pixel, indexed or grey."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_START = b"\x89PNG\r\n\x1a\n"
_GREY, _INDEXED = 0, 3
_LEVEL = 4


class PngBands:
    """A PNG that gets its rows from the top down; it comes to its place when it is closed.

    Args:
        path: of the file.
        width, height: in pixels.
        colours: red, green, blue of each value, at most 256; None for grey.
    """

    def __init__(self, path: Path, width: int, height: int, colours: Sequence[tuple[int, int, int]] | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._fresh = path, path.with_name(path.name + ".new")
        self._width, self._missing = width, height
        self._packer = zlib.compressobj(_LEVEL)
        self._file = self._fresh.open("wb")
        self._file.write(_START)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _GREY if colours is None else _INDEXED, 0, 0, 0))
        if colours is not None:
            self._chunk(b"PLTE", bytes(channel for colour in colours for channel in colour))

    def add(self, rows: npt.NDArray[np.uint8]) -> None:
        """The next (n, width) rows."""
        lines = np.zeros((len(rows), self._width + 1), np.uint8)  # each begins with its filter: none
        lines[:, 1:] = rows
        self._missing -= len(rows)
        if data := self._packer.compress(lines.tobytes()):
            self._chunk(b"IDAT", data)

    def close(self) -> None:
        """All rows are there: bring the file to its place."""
        assert not self._missing, "every row has to be there"
        self._chunk(b"IDAT", self._packer.flush())
        self._chunk(b"IEND", b"")
        self._file.close()
        self._fresh.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind of a file that was not closed."""
        self._file.close()
        self._fresh.unlink(missing_ok=True)

    def _chunk(self, kind: bytes, data: bytes) -> None:
        self._file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))
