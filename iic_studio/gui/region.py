"""Which points lie inside a shape drawn by hand: exact, and fast for shapes with hundreds of corners. NumPy only."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from iic_studio.gui.table import Mask, Rows
from iic_studio.records import FloatArray

Corners = npt.NDArray[np.float64]


def inside_polygon(x: FloatArray, y: FloatArray, by_height: Rows, corners: Sequence[tuple[float, float]]) -> Mask:
    """(N,) whether each point lies inside a closed shape; where it crosses itself, parts enclosed twice are outside (even-odd).

    Each edge looks only at the points between its two heights, which lie side by side in the order `by_height`.

    Args:
        x, y: (N,).
        by_height: (N,) rows in ascending order of y; the same as long as points stay where they are.
        corners: of the shape, at least three.
    """
    shape: Corners = np.asarray(corners, np.float64)
    inside = np.zeros(len(x), np.bool_)
    if len(shape) < 3:
        return inside
    heights = y[by_height]
    first, last = np.searchsorted(heights, (shape[:, 1].min(), shape[:, 1].max()), side="left")
    rows = by_height[first:last]
    rows = rows[(x[rows] >= shape[:, 0].min()) & (x[rows] <= shape[:, 0].max())]
    across, up = x[rows].astype(np.float64), y[rows].astype(np.float64)
    odd = np.zeros(len(rows), np.bool_)
    for (x0, y0), (x1, y1) in zip(shape, np.roll(shape, -1, axis=0), strict=True):
        low, high = np.searchsorted(up, (min(y0, y1), max(y0, y1)), side="left")  # low <= y < high
        if low < high:
            crossing = x0 + (up[low:high] - y0) * ((x1 - x0) / (y1 - y0))
            odd[low:high] ^= across[low:high] < crossing
    inside[rows] = odd
    return inside


def nearest(x: FloatArray, y: FloatArray, at: tuple[float, float], within: float) -> int:
    """The point closest to a place and not farther than `within`, or -1."""
    if not len(x):
        return -1
    away = np.square(x - np.float32(at[0]))
    away += np.square(y - np.float32(at[1]))
    best = int(away.argmin())
    return best if away[best] <= within * within else -1
