"""From a mask to what is laid over its picture: classes as flat colours or outlines, uncertainty as heat. NumPy only.

Layers are RGBA and opaque where there is something to see; how strongly they cover the picture is the painter's business.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.integer]
Layer = npt.NDArray[np.uint8]

# From certain to uncertain: dark violet over red to pale yellow, rising in lightness for every kind of sight.
_HEAT = ((0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164))
_LINES_IN_HEIGHT = 360


def class_layer(ids: Ids, colours: Layer, shown: npt.NDArray[np.bool_], *, outline: bool = False) -> Layer:
    """(h, w, 4) colours of classes.

    Args:
        ids: (h, w) class of each pixel, 0…G-1.
        colours: (G, 3).
        shown: (G,) classes that are visible; the picture shows through where the others are.
        outline: only borders between classes.
    """
    table = np.zeros((len(colours), 4), np.uint8)
    table[:, :3], table[:, 3] = colours, np.where(shown, 255, 0)
    layer: Layer = table[ids]
    if outline:
        layer[~borders(ids, max(1, round(max(ids.shape) / _LINES_IN_HEIGHT)))] = 0
    return layer


def borders(ids: Ids, thickness: int = 1) -> npt.NDArray[np.bool_]:
    """(h, w) pixels that lie within so many pixels of another class, across or down."""
    found = np.zeros(ids.shape, np.bool_)
    for step in range(1, thickness + 1):
        for axis in (0, 1):
            if ids.shape[axis] <= step:
                continue
            first, second = _apart(ids, step, axis)
            differs = first != second
            near, far = _apart(found, step, axis)
            near |= differs
            far |= differs
    return found


def _apart(array: npt.NDArray[Any], step: int, axis: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Two views, the second of what lies so many pixels further on."""
    return (array[:-step], array[step:]) if axis == 0 else (array[:, :-step], array[:, step:])


def heat_colours() -> Layer:
    """(256, 3) colours of uncertainty, from none to the most there can be."""
    at = np.linspace(0, len(_HEAT) - 1, 256)
    stops = np.array(_HEAT, np.float64)
    return np.stack([np.interp(at, np.arange(len(_HEAT)), stops[:, channel]) for channel in range(3)], axis=1).round().astype(np.uint8)


def heat_layer(entropy: npt.NDArray[np.uint8]) -> Layer:
    """(h, w, 4) uncertainty as heat.

    Args:
        entropy: (h, w), 255 for the most there can be.
    """
    table = np.full((256, 4), 255, np.uint8)
    table[:, :3] = heat_colours()
    layer: Layer = table[entropy]
    return layer
