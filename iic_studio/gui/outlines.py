"""Where the clusters are on a map: a line around most of each, and the place for its name. NumPy and SciPy, no Qt."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from iic_studio.records import FloatArray, IntArray

Grid = npt.NDArray[np.float64]
Lines = npt.NDArray[np.float32]

_SIDE = 128
_MARGIN = 12
_BLUR, _SHARPEST, _SOFTEST = 11.0, 1.8, 5.0
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
        centre: centre of mass of its dense part, (x, y).
        lines: (S, 4) pieces x0, y0, x1, y1 of the line around four fifths of its points; empty for a handful.
    """

    cluster: int
    size: int
    centre: tuple[float, float]
    lines: Lines


def outlines(x: FloatArray, y: FloatArray, clusters: IntArray) -> tuple[Outline, ...]:
    """An outline for each cluster that has points, the largest first; below zero means no cluster."""
    if not len(x) or not (clusters >= 0).any():
        return ()
    low = np.array([x.min(), y.min()], np.float64)
    step = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9) / (_SIDE - 2 * _MARGIN - 1)
    origin = low - _MARGIN * step
    columns, lines = (((values - start) / step).round().astype(np.int64) for values, start in zip((x, y), origin, strict=True))
    place = lines * _SIDE + columns
    sizes = np.bincount(clusters[clusters >= 0])
    found = []
    for cluster in np.argsort(-sizes, kind="stable")[: int((sizes > 0).sum())].tolist():
        counts = np.bincount(place[clusters == cluster], minlength=_SIDE * _SIDE).reshape(_SIDE, _SIDE)
        # The fewer points, the softer: else each would get a ring of its own.
        blur = min(max(_BLUR * float(sizes[cluster]) ** (-1 / 6), _SHARPEST), _SOFTEST)
        density = ndimage.gaussian_filter(counts.astype(np.float64), blur, mode="constant")
        level = _level(density)
        around = contour(density, level) * step + np.tile(origin, 2) if sizes[cluster] >= _FEWEST else np.zeros((0, 4))
        dense = np.where(density >= level, density, 0.0)
        middle = ndimage.center_of_mass(dense)
        centre = (float(origin[0] + step * middle[1]), float(origin[1] + step * middle[0]))
        found.append(Outline(cluster, int(sizes[cluster]), centre, around.astype(np.float32)))
    return tuple(found)


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
