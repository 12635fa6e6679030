"""What a trained network sees in each image, kept in `cache/features/`: one record an image, appended as they are computed.

`<run>.npz` says for which network the records are, how features were shortened, and how wide records are; `<run>.rows` holds them. A crash
leaves at most a torn last record, which is cut off; an image whose contents changed gets a second record, and the last one counts. Like
everything in the cache it may be deleted at any time.
"""

import contextlib
import os
import zipfile
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.project.disk import replacing
from iic_studio.records import FloatArray, IntArray

Marks = npt.NDArray[np.uint64]
_LARGEST = float(np.finfo(np.float16).max)


class FeatureFile:
    """Records of one run. Use `open` or `create`.

    Attributes:
        mean, components: (D,) and (P, D): features are kept as their P principal components.
        num_sampled: images from which these were computed.
    """

    def __init__(self, path: Path, mean: FloatArray, components: FloatArray, num_probabilities: int, num_sampled: int) -> None:
        self.mean, self.components, self.num_sampled = mean, components, num_sampled
        self._path = path
        self._kind = np.dtype(
            [("id", "<i8"), ("mark", "<u8"), ("features", "<f2", (len(components),)), ("probabilities", "<f2", (num_probabilities,))]
        )

    @classmethod
    def open(cls, folder: Path, run: str, model: str) -> Self | None:
        """The records of a run, or None when there are none for this network."""
        try:
            with (folder / f"{run}.npz").open("rb") as file, np.load(file, allow_pickle=False) as pack:
                if str(pack["model"]) != model:
                    return None
                return cls(
                    folder / f"{run}.rows",
                    pack["mean"],
                    pack["components"],
                    int(pack["num_probabilities"]),
                    int(pack["num_sampled"]),
                )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    @classmethod
    def create(
        cls, folder: Path, run: str, model: str, mean: FloatArray, components: FloatArray, num_probabilities: int, num_sampled: int
    ) -> Self:
        """Begin anew; records of another network are dropped first, so that they are never taken for these."""
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder / f"{run}.rows", mean, components, num_probabilities, num_sampled)
        made._path.unlink(missing_ok=True)
        with replacing(folder / f"{run}.npz") as file:
            np.savez(
                file,
                mean=mean,
                components=components,
                model=np.array(model),
                num_probabilities=np.array(num_probabilities),
                num_sampled=np.array(num_sampled),
            )
        return made

    def append(self, ids: IntArray, marks: Marks, features: FloatArray, probabilities: FloatArray) -> None:
        """Add records.

        Raises:
            OSError: no room; what was there before stays good.
        """
        records = np.empty(len(ids), self._kind)
        records["id"], records["mark"] = ids, marks
        records["features"], records["probabilities"] = np.clip(features, -_LARGEST, _LARGEST), probabilities
        with self._path.open("ab") as file:
            file.truncate(self._whole(file.seek(0, os.SEEK_END)))
            file.write(records.tobytes())

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

    def features(self, rows: IntArray) -> npt.NDArray[np.float16]:
        """(N, P) of records by number."""
        return np.asarray(self._records()["features"][rows])

    def probabilities(self, rows: IntArray) -> npt.NDArray[np.float16]:
        """(N, H * K) of all sub-heads of the main head."""
        return np.asarray(self._records()["probabilities"][rows])

    def _whole(self, size: int) -> int:
        return size - size % self._kind.itemsize

    def _records(self) -> npt.NDArray[Any]:
        count = 0
        with contextlib.suppress(FileNotFoundError):
            count = self._path.stat().st_size // self._kind.itemsize
        return np.memmap(self._path, self._kind, "r", shape=(count,)) if count else np.zeros(0, self._kind)
