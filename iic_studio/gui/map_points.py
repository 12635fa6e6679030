"""The points of a map as the window shows them: rows of the image table with places between -1 and 1. No Qt, for a background thread."""

from dataclasses import dataclass, field, replace

import numpy as np

from iic_studio.evaluation.projection import fit_pca, on_a_plane
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.table import ImageTable, Rows
from iic_studio.project.maps import PCA, PROBABILITIES, Layout
from iic_studio.records import FloatArray, IntArray

_RARE = 0.002
_FAR = 2.0


def _nothing() -> FloatArray:
    return np.zeros(0, np.float32)


@dataclass(frozen=True)
class MapPoints:
    """Where images are.

    Attributes:
        image_ids: (M,); `rows` are theirs in the image table these points were matched with.
        x, y: (M,) float32, -1 to 1 but for a few far outliers; y grows upwards.
        by_height: (M,) points in ascending order of y.
        method, of: how they were placed; empty for none.
        run: whose network placed them.
        is_preview: made from what is at hand while there is no map of the run.
    """

    image_ids: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    rows: Rows = field(default_factory=lambda: np.zeros(0, np.int64))
    x: FloatArray = field(default_factory=_nothing)
    y: FloatArray = field(default_factory=_nothing)
    by_height: Rows = field(default_factory=lambda: np.zeros(0, np.int64))
    method: str = ""
    of: str = ""
    run: str = ""
    is_preview: bool = False

    def __len__(self) -> int:
        return len(self.rows)


def points_at(
    table: ImageTable, image_ids: IntArray, positions: FloatArray, *, method: str, of: str, run: str, is_preview: bool
) -> MapPoints:
    """Points of the images that the table still has and can show."""
    rows = table.rows_of(image_ids)
    there = (rows >= 0) & np.isfinite(positions).all(axis=1)
    there[there] = table.usable[rows[there]]
    x, y = spread(positions[there])
    return MapPoints(image_ids[there], rows[there], x, y, np.argsort(y, kind="stable"), method, of, run, is_preview)


def points_of(table: ImageTable, run: str, layout: Layout) -> MapPoints:
    """Points of a map that was kept."""
    return points_at(table, layout.image_ids, layout.positions, method=layout.method, of=layout.of, run=run, is_preview=False)


def matched(points: MapPoints, table: ImageTable) -> MapPoints:
    """The same points in another table: those of images that it still has and can show, where they were."""
    rows = table.rows_of(points.image_ids)
    there = rows >= 0
    there[there] = table.usable[rows[there]]
    if there.all():
        return replace(points, rows=rows)
    y = points.y[there]
    return replace(
        points, image_ids=points.image_ids[there], rows=rows[there], x=points.x[there], y=y, by_height=np.argsort(y, kind="stable")
    )


def preview(snapshot: Snapshot) -> MapPoints:
    """The main directions of the probabilities that are at hand: a first map, in a blink."""
    assignments = snapshot.verdicts.assignments
    if assignments is None or not len(assignments.image_ids):
        return MapPoints()
    positions = on_a_plane(fit_pca(assignments.probabilities, 2).project(assignments.probabilities))
    run = snapshot.run.id if snapshot.run else ""
    return points_at(snapshot.table, assignments.image_ids, positions, method=PCA, of=PROBABILITIES, run=run, is_preview=True)


def spread(positions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """x and y in -1 to 1, in true proportion; a few points far from all others may lie outside, so that the others are not squeezed."""
    if not len(positions):
        return _nothing(), _nothing()
    low, high = positions.min(axis=0), positions.max(axis=0)
    inner_low, inner_high = np.quantile(positions, (_RARE, 1 - _RARE), axis=0)
    if (high - low).max() > _FAR * max(float((inner_high - inner_low).max()), 1e-12):
        margin = 0.1 * (inner_high - inner_low)
        low, high = inner_low - margin, inner_high + margin
    half = max(float((high - low).max()) / 2, 1e-12)
    placed = ((positions - (low + high) / 2) / half).astype(np.float32)
    return np.ascontiguousarray(placed[:, 0]), np.ascontiguousarray(placed[:, 1])
