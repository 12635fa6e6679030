"""What a trained network sees in each image, kept in `cache/features/`: one record an image, as in `record_file`.

`<run>.npz` says for which network the records are, how features were shortened, and how wide records are; `<run>.rows` holds them.
"""

import zipfile
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from iic_studio.project.disk import replacing
from iic_studio.project.record_file import Marks, RecordFile
from iic_studio.records import FloatArray, IntArray


class FeatureFile(RecordFile):
    """Records of one run. Use `open` or `create`.

    Attributes:
        mean, components: (D,) and (P, D): features are kept as their P principal components.
        num_sampled: images from which these were computed.
    """

    def __init__(self, path: Path, mean: FloatArray, components: FloatArray, num_probabilities: int, num_sampled: int) -> None:
        super().__init__(path, {"features": (len(components),), "probabilities": (num_probabilities,)})
        self.mean, self.components, self.num_sampled = mean, components, num_sampled

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
        self._append(ids, marks, {"features": features, "probabilities": probabilities})

    def features(self, rows: IntArray) -> npt.NDArray[np.float16]:
        """(N, P) of records by number."""
        return np.asarray(self._records()["features"][rows])

    def probabilities(self, rows: IntArray) -> npt.NDArray[np.float16]:
        """(N, H * K) of all sub-heads of the main head."""
        return np.asarray(self._records()["probabilities"][rows])
