"""Numbers for each image in one file of the cache: a record an image, appended as they are computed, found by image and contents.

A crash leaves at most a torn last record, which is cut off; an image whose contents changed gets a second record, and the last one counts.
Like everything in the cache it may be deleted at any time.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.records import FloatArray, IntArray

Marks = npt.NDArray[np.uint64]
_LARGEST = float(np.finfo(np.float16).max)


class RecordFile:
    """Records of an id, a mark of the image's contents, and arrays of half floats.

    Args:
        path: of the file; it need not be there yet.
        shapes: of the arrays, by name.
    """

    def __init__(self, path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
        self._path = path
        self._kind = np.dtype([("id", "<i8"), ("mark", "<u8"), *((name, "<f2", shape) for name, shape in shapes.items())])

    def rows_of(self, ids: IntArray, marks: Marks) -> IntArray:
        """(N,) number of the record of each image with these contents, -1 where there is none."""
        records = self._records()
        found = np.full(len(ids), -1, np.int64)
        if len(records):
            order = np.argsort(records["id"], kind="stable")
            known = records["id"][order]
            place = np.searchsorted(known, ids, side="right") - 1  # the last one of an id
            rows = order[np.maximum(place, 0)]
            good = (place >= 0) & (records["id"][rows] == ids) & (records["mark"][rows] == marks)
            found[good] = rows[good]
        return found

    def _append(self, ids: IntArray, marks: Marks, arrays: dict[str, FloatArray]) -> None:
        """Add records; numbers beyond half floats are kept as the largest.

        Raises:
            OSError: no room; what was there before stays good.
        """
        records = np.empty(len(ids), self._kind)
        records["id"], records["mark"] = ids, marks
        for name, values in arrays.items():
            records[name] = np.clip(values, -_LARGEST, _LARGEST)
        with self._path.open("ab") as file:
            size = file.seek(0, os.SEEK_END)
            file.truncate(size - size % self._kind.itemsize)
            file.write(records.tobytes())

    def _records(self) -> npt.NDArray[Any]:
        """(M,) all of them, memory-mapped."""
        count = 0
        with contextlib.suppress(FileNotFoundError):
            count = self._path.stat().st_size // self._kind.itemsize
        return np.memmap(self._path, self._kind, "r", shape=(count,)) if count else np.zeros(0, self._kind)
