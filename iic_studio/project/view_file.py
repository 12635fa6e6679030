"""What an encoder sees in each image, in `cache/encoded/`: some views of it, each as so many numbers; appended as they are computed.

A crash leaves at most a torn last record, which is cut off; an image whose contents changed gets a second record, and the last one counts.
Like everything in the cache it may be deleted at any time.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.project.disk import replacing
from iic_studio.project.feature_file import Marks
from iic_studio.records import FloatArray, IntArray

_LARGEST = float(np.finfo(np.float16).max)


@dataclass(frozen=True)
class ViewFile:
    """Records of one encoder: `num_views` views of `width` numbers for each image."""

    path: Path
    num_views: int
    width: int

    @classmethod
    def open(cls, folder: Path, digest: str) -> Self | None:
        """The records of an encoder, or None when there are none."""
        try:
            facts = json.loads((folder / f"{digest}.json").read_text(encoding="utf-8"))
            return cls(folder / f"{digest}.rows", int(facts["num_views"]), int(facts["width"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def create(cls, folder: Path, digest: str, num_views: int, width: int) -> Self:
        """Begin anew.

        Raises:
            OSError: no room.
        """
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder / f"{digest}.rows", num_views, width)
        made.path.unlink(missing_ok=True)
        with replacing(folder / f"{digest}.json") as file:
            file.write(json.dumps({"num_views": num_views, "width": width}).encode())
        return made

    def append(self, ids: IntArray, marks: Marks, views: FloatArray) -> None:
        """Add (B, V, D) records.

        Raises:
            OSError: no room; what was there before stays good.
        """
        records = np.empty(len(ids), self._kind)
        records["id"], records["mark"], records["views"] = ids, marks, np.clip(views, -_LARGEST, _LARGEST)
        with self.path.open("ab") as file:
            size = file.seek(0, os.SEEK_END)
            file.truncate(size - size % self._kind.itemsize)
            file.write(records.tobytes())

    def rows_of(self, ids: IntArray, marks: Marks) -> IntArray:
        """(N,) number of the newest record of each image with these contents, -1 where there is none."""
        records = self._records()
        newest = {(int(one), int(mark)): row for row, (one, mark) in enumerate(zip(records["id"], records["mark"], strict=True))}
        return np.array([newest.get((int(one), int(mark)), -1) for one, mark in zip(ids, marks, strict=True)], dtype=np.int64)

    def views(self) -> npt.NDArray[np.float16]:
        """(M, V, D) of all records, memory-mapped."""
        return np.asarray(self._records()["views"])

    @property
    def _kind(self) -> np.dtype[Any]:
        return np.dtype([("id", "<i8"), ("mark", "<u8"), ("views", "<f2", (self.num_views, self.width))])

    def _records(self) -> npt.NDArray[Any]:
        try:
            count = self.path.stat().st_size // self._kind.itemsize
        except FileNotFoundError:
            count = 0
        return np.memmap(self.path, self._kind, "r", shape=(count,)) if count else np.zeros(0, self._kind)
