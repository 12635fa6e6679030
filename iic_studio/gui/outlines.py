"""Where the clusters are on a map: a line around most of each, and the place for its name. NumPy and SciPy, no Qt."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.records import FloatArray, IntArray

Grid = npt.NDArray[np.float64]
Lines = npt.NDArray[np.float32]

_SIDE = 160
_MARGIN = 16
_FIRST_BLUR, _SHARPEST, _SOFTEST = 3.0, 1.0, 6.0
_FEWEST = 4
_SHARE = 0.8
# Edges of a cell: 0 below, 1 right, 2 above, 3 left. For each pattern of corners above the level (bits: left below, right below, right
# above, left above) the edges that a line joins. Source: Lorensen and Cline 1987, in two dimensions.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((0, 2),),
    10: ((0, 1), (2, 3)),
    11: ((1, 2),),
    12: ((1, 3),),
    13: ((0, 1),),
    14: ((0, 3),),
}


@dataclass(frozen=True)
class Outline:
    """One cluster on the map.

    Attributes:
        cluster: its number.
        size: how many points.
        centre: centre of mass of its heaviest part, (x, y).
        lines: (S, 4) pieces x0, y0, x1, y1 of the line around four fifths of its points; empty for a handful.
    """

    cluster: int
    size: int
    centre: tuple[float, float]
    lines: Lines


def outlines(x: FloatArray, y: FloatArray, clusters: IntArray) -> tuple[Outline, ...]:
    """An outline for each cluster that has points, the largest first.

    Args:
        x, y: (N,) places, -1 to 1; strays outside are left out.
        clusters: (N,) below zero: none.
    """
    counted = (clusters >= 0) & (np.abs(x) <= 1) & (np.abs(y) <= 1)
    if not counted.any():
        return ()
    step = 2 / (_SIDE - 2 * _MARGIN - 1)
    origin = np.full(2, -1 - _MARGIN * step)
    columns, lines = (((values[counted] - origin[0]) / step).round().astype(np.int64) for values in (x, y))
    place, clusters = lines * _SIDE + columns, clusters[counted]
    sizes = np.bincount(clusters)
    found = []
    for cluster in np.argsort(-sizes, kind="stable")[: int((sizes > 0).sum())].tolist():
        counts = np.bincount(place[clusters == cluster], minlength=_SIDE * _SIDE).reshape(_SIDE, _SIDE).astype(np.float64)
        density, level = _smoothed(counts)
        around = contour(density, level) * step + np.tile(origin, 2) if sizes[cluster] >= _FEWEST else np.zeros((0, 4))
        line, column = _centre(density, level)
        centre = (float(origin[0] + step * column), float(origin[1] + step * line))
        found.append(Outline(cluster, int(sizes[cluster]), centre, around.astype(np.float32)))
    return tuple(found)


def _smoothed(counts: Grid) -> tuple[Grid, float]:
    """Density of points and the level above which most lie; blurred by how far they lie apart, so that none gets a ring of its own."""
    from scipy import ndimage  # here, because it loads for a quarter of a second

    first = ndimage.gaussian_filter(counts, _FIRST_BLUR, mode="constant")
    apart = math.sqrt(int((first >= _level(first)).sum()) / counts.sum())
    density = ndimage.gaussian_filter(counts, min(max(1.2 * apart, _SHARPEST), _SOFTEST), mode="constant")
    return density, _level(density)


def _centre(density: Grid, level: float) -> tuple[float, float]:
    """Centre of mass of the heaviest part, as (line, column): between two parts a name would stand for nothing."""
    from scipy import ndimage

    parts, count = ndimage.label(density >= level)
    numbers = np.arange(1, count + 1)
    heaviest = int(np.argmax(ndimage.sum_labels(density, parts, numbers))) + 1
    line, column = ndimage.center_of_mass(density, parts, heaviest)
    return float(line), float(column)


def _level(density: Grid) -> float:
    """The density above which four fifths of the points lie."""
    values = np.sort(density, axis=None)[::-1]
    total = np.cumsum(values)
    return float(values[min(int(np.searchsorted(total, _SHARE * total[-1])), len(values) - 1)])


def contour(values: Grid, level: float) -> Grid:
    """Pieces of the line where a grid crosses a level, (S, 4) as x0, y0, x1, y1 in steps of the grid; x counts columns, y lines."""
    above = values >= level
    corners = (above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1])
    pattern = sum((corner.astype(np.int8) << bit for bit, corner in enumerate(corners)), np.zeros(corners[0].shape, np.int8))
    pieces = [np.zeros((0, 4))]
    for case, joined in _CASES.items():
        lines, columns = np.nonzero(pattern == case)
        if len(lines):
            pieces += [np.hstack([_crossing(values, level, lines, columns, edge) for edge in pair]) for pair in joined]
    return np.concatenate(pieces)


def _crossing(values: Grid, level: float, lines: IntArray, columns: IntArray, edge: int) -> Grid:
    """(S, 2) where the level is crossed on one edge of some cells."""
    (line0, column0), (line1, column1) = {0: ((0, 0), (0, 1)), 1: ((0, 1), (1, 1)), 2: ((1, 0), (1, 1)), 3: ((0, 0), (1, 0))}[edge]
    one, other = values[lines + line0, columns + column0], values[lines + line1, columns + column1]
    share = (level - one) / np.where(one == other, 1.0, other - one)
    return np.stack([columns + column0 + share * (column1 - column0), lines + line0 + share * (line1 - line0)], axis=1)
