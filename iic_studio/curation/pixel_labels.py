"""What people said of single pixels, as it lies in the store: a place in an original picture, its class, and how it came to be labelled.

Places are columns and lines of the original as people see it, turned by what its camera noted. They do not depend on a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from iic_studio.project.command_log import Row
from iic_studio.records import IntArray

Mask = npt.NDArray[np.bool_]


def _no_places() -> IntArray:
    return np.zeros((0, 3), np.int64)


@dataclass(frozen=True, eq=False)
class PixelLabels:
    """Labelled pixels.

    Attributes:
        places: (L, 3) image, column and line of each, ascending, each once.
        classes: (L,) uid of a class.
        origins: (L,) as of labels of images: `labels.BY_HAND`, `FROM_FILE`, `FROM_QUEUE`.
        weights: (L,) 1 for a pixel drawn at random from all; 0 where somebody picked it, so that it says nothing of the others.
    """

    places: IntArray = field(default_factory=_no_places)
    classes: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    origins: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    weights: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.places)

    @property
    def images(self) -> IntArray:
        """(L,) image of each."""
        return np.asarray(self.places[:, 0], np.int64)

    def of_class(self, uid: int) -> IntArray:
        """(M, 3) places that were labelled with a class."""
        places: IntArray = self.places[self.classes == uid]
        return places

    def in_image(self, image: int) -> tuple[IntArray, IntArray]:
        """(M, 2) columns and lines, and (M,) classes, of one picture."""
        inside = self.images == image
        return self.places[inside, 1:], self.classes[inside]

    def counts(self) -> dict[int, int]:
        """Labels of each class that has any."""
        found, numbers = np.unique(self.classes, return_counts=True)
        return dict(zip(found.tolist(), numbers.tolist(), strict=True))

    def rows(self, keys: Sequence[Row]) -> list[Row | None]:
        """Rows of some places as they lie in the store."""
        kinds = zip(map(tuple, self.places.tolist()), self.classes.tolist(), self.origins.tolist(), self.weights.tolist(), strict=True)
        known = {place: (uid, origin, weight) for place, uid, origin, weight in kinds}
        return [known.get(tuple(key)) for key in keys]

    def having(self, keys: Sequence[Row], rows: Sequence[Row | None]) -> "PixelLabels":
        """These labels with those of some places replaced; places without a row lose theirs."""
        gone = {tuple(key) for key in keys}
        kept = np.fromiter((tuple(place) not in gone for place in self.places.tolist()), np.bool_, len(self))
        new = [(key, row) for key, row in zip(keys, rows, strict=True) if row is not None]
        places = np.concatenate([self.places[kept], np.array([key for key, _ in new], np.int64).reshape(-1, 3)])
        order = np.lexsort(places.T[::-1])
        parts = (
            (self.classes, np.array([row[0] for _, row in new], np.int64)),
            (self.origins, np.array([row[1] for _, row in new], np.int64)),
            (self.weights, np.array([row[2] for _, row in new], np.float64)),
        )
        return PixelLabels(places[order], *(np.concatenate([old[kept], added])[order] for old, added in parts))

    def part(self, chosen: Mask | IntArray) -> "PixelLabels":
        """Some of them."""
        return PixelLabels(self.places[chosen], self.classes[chosen], self.origins[chosen], self.weights[chosen])
