"""Points as a picture, made in NumPy: hundreds of thousands of discs in a few milliseconds on one core.

Each point writes one byte, the number of its colour, at the pixel it falls on. All discs are then drawn at once by growing the bytes into
their surroundings, the higher number winning; a table turns numbers into colours. Drawn at twice the size and averaged, edges come out
smooth. So a frame costs the points once and the pixels a few times, whatever the size of the discs. Qt has no part in it.
"""

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from iic_studio.records import FloatArray

Bytes = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int32]

MOST_PIXELS, MOST_STILL_PIXELS = 5_000_000, 20_000_000
MOST_SMOOTH_MS = 3.0  # of the 16 of a frame; where the window is resized, the rest of it takes up to ten
_HALF = np.uint32(0xFEFEFEFE)


@dataclass(frozen=True)
class Place:
    """Where points fall: a point (x, y) at (`scale` x + `left`, `top` - `scale` y), in pixels of a picture `width` by `height`."""

    width: int
    height: int
    scale: float
    left: float
    top: float


class _Scratch:
    """Room for what is worked out about N points; asking the system for it anew would take as long as the work."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.exact = np.empty(count, np.float32)
        self.columns, self.lines = np.empty(count, np.int32), np.empty(count, np.int32)
        self.seen, self.seen_down = np.empty(count, np.bool_), np.empty(count, np.bool_)
        self.pixels = np.empty(count, np.intp)  # an index of another type is converted each time, which takes longer than to use it


class PointRaster:
    """Draws points; keeps its grid from one frame to the next, and remembers how long smooth edges took."""

    def __init__(self) -> None:
        self._grid: Bytes = np.zeros((0, 0), np.uint8)
        self._scratch = _Scratch(0)
        self._smooth_ms = 0.0

    def draw(
        self, x: FloatArray, y: FloatArray, numbers: Bytes, place: Place, radius: float, palette: Pixels, *, still: bool = False
    ) -> Pixels:
        """A picture of all points.

        Args:
            x, y: (N,) float32.
            numbers: (N,) 1–255; where discs overlap, the highest is seen.
            place: where they fall.
            radius: of a disc, in pixels.
            palette: (256,) colours as 0xAARRGGBB with alpha multiplied in; the first is the ground.
            still: nothing moves, so that a picture may take its time and have smooth edges, also a large one or on a slow machine.

        Returns:
            (height, width) colours, contiguous.
        """
        begun, finer = perf_counter(), 2 if self.is_fine(place, still=still) else 1
        reach = max(round(radius * finer - 0.5), 0)
        grid = self._scatter(x, y, numbers, place, finer, reach)
        grown = grow(grid, reach)[reach : grid.shape[0] - reach, reach : grid.shape[1] - reach]
        if finer == 1:
            return np.take(palette, grown, mode="wrap")  # no byte is outside, and so none is looked at twice
        pixels = _averaged(grown, palette)
        self._smooth_ms = 1000 * (perf_counter() - begun)
        return pixels

    def is_fine(self, place: Place, *, still: bool) -> bool:
        """Whether a picture is drawn at twice its size, for smooth edges: one that moves only if that is quick enough here."""
        if still:
            return 4 * place.width * place.height <= MOST_STILL_PIXELS
        return 4 * place.width * place.height <= MOST_PIXELS and self._smooth_ms <= MOST_SMOOTH_MS

    def _scatter(self, x: FloatArray, y: FloatArray, numbers: Bytes, place: Place, finer: int, reach: int) -> Bytes:
        """One byte for each point, on a grid with a margin for discs that reach in from outside."""
        width, height = place.width * finer + 2 * reach, place.height * finer + 2 * reach
        if self._grid.shape != (height, width):
            self._grid = np.zeros((height, width), np.uint8)
        self._grid.fill(0)
        if self._scratch.count != len(x):
            self._scratch = _Scratch(len(x))
        room, scale = self._scratch, np.float32(place.scale * finer)
        columns = _pixels(x, scale, np.float32(place.left * finer + reach), room.exact, room.columns)
        lines = _pixels(y, -scale, np.float32(place.top * finer + reach), room.exact, room.lines)
        # As unsigned numbers those left of and above the grid are too large as well.
        np.less(columns.view(np.uint32), width, out=room.seen)
        np.less(lines.view(np.uint32), height, out=room.seen_down)
        room.seen &= room.seen_down
        lines *= width
        lines += columns
        room.pixels[...] = lines
        if room.seen.all():
            self._grid.ravel()[room.pixels] = numbers
        else:
            rows = np.flatnonzero(room.seen)
            self._grid.ravel()[room.pixels[rows]] = numbers[rows]
        return self._grid


def _pixels(places: FloatArray, scale: np.float32, first: np.float32, exact: FloatArray, whole: Whole) -> Whole:
    """The pixel of each place along one axis, in `whole`; `exact` is room for it on the way."""
    np.multiply(places, scale, out=exact)
    exact += first
    np.copyto(whole, exact, casting="unsafe")
    return whole


def grow(grid: Bytes, reach: int) -> Bytes:
    """Every number spread over a disc of `reach` pixels around it; the highest number wins. (H, W) to (H, W)."""
    if not reach:
        return grid
    half_widths = [math.floor(math.sqrt((reach + 0.5) ** 2 - line * line)) for line in range(reach + 1)]
    grown, row = grid.copy(), grid.copy()
    for half in range(1, reach + 1):
        # `row` holds the maximum over `half` pixels to either side.
        np.maximum(row[:, half:], grid[:, :-half], out=row[:, half:])
        np.maximum(row[:, :-half], grid[:, half:], out=row[:, :-half])
        for line, wanted in enumerate(half_widths):
            if wanted != half:
                continue
            np.maximum(grown[line:], row[: len(row) - line], out=grown[line:])
            if line:
                np.maximum(grown[:-line], row[line:], out=grown[:-line])
    return grown


def _averaged(numbers: Bytes, palette: Pixels) -> Pixels:
    """(2H, 2W) numbers to (H, W) colours: the mean of four. Two neighbours are one number of 16 bits, whose mean a table knows."""
    pairs = _mean(palette[:, np.newaxis], palette[np.newaxis, :]).ravel()
    upper, lower = (np.take(pairs, numbers[first::2].view(np.uint16), mode="wrap") for first in (0, 1))
    return _mean(upper, lower)


def _mean(one: Pixels, other: Pixels) -> Pixels:
    """Mean of each of the four bytes, rounded down."""
    return (one & other) + (((one ^ other) & _HALF) >> np.uint32(1))


def blend(colour: int, ground: int, share: float) -> int:
    """0xRRGGBB between two colours; `share` of the first."""
    parts = [round(share * ((colour >> shift) & 255) + (1 - share) * ((ground >> shift) & 255)) for shift in (16, 8, 0)]
    return (parts[0] << 16) | (parts[1] << 8) | parts[2]


def palette_of(colours: list[int], faded: list[int]) -> Pixels:
    """(256,): the ground, then the faded colours, then the full ones, so that points in full colour lie on top."""
    palette = np.zeros(256, np.uint32)
    both = [*faded, *colours]
    palette[1 : 1 + len(both)] = np.array(both, np.uint32) | np.uint32(0xFF000000)
    return palette
