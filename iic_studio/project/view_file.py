"""What an encoder sees in each image, in `cache/encoded/`: some views of it, each as so many numbers; one record an image, as in
`record_file`."""

import json
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from iic_studio.project.disk import replacing
from iic_studio.project.record_file import Marks, RecordFile
from iic_studio.records import FloatArray, IntArray


class ViewFile(RecordFile):
    """Records of one encoder: `num_views` views of `width` numbers for each image."""

    def __init__(self, path: Path, num_views: int, width: int) -> None:
        super().__init__(path, {"views": (num_views, width)})

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
        made._path.unlink(missing_ok=True)
        with replacing(folder / f"{digest}.json") as file:
            file.write(json.dumps({"num_views": num_views, "width": width}).encode())
        return made

    def append(self, ids: IntArray, marks: Marks, views: FloatArray) -> None:
        """Add (B, V, D) records.

        Raises:
            OSError: no room; what was there before stays good.
        """
        self._append(ids, marks, {"views": views})

    def views(self) -> npt.NDArray[np.float16]:
        """(M, V, D) of all records, memory-mapped."""
        return np.asarray(self._records()["views"])
