"""The colours of the points as the raster wants them: one byte for each point, and a table of colours."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from iic_studio.gui.colouring import Colouring
from iic_studio.gui.raster import Bytes, Pixels, blend, palette_of
from iic_studio.gui.table import Mask, Rows

_LAYERS = 8
_MOST = 127
_FADED = 0.2


@dataclass(frozen=True)
class Ink:
    """Colours of some points.

    Attributes:
        numbers: (M,) 1 to `step`: a faded colour of the palette; `step` more is the same in full.
        palette: (256,).
        step: how many colours there are, faded or full.
    """

    numbers: Bytes
    palette: Pixels
    step: int

    def of(self, selected: Mask) -> Bytes:
        """(M,) numbers to draw: all in full, or the selected ones in full and above the others."""
        if not selected.any():
            return self.numbers + np.uint8(self.step)
        return self.numbers + selected * np.uint8(self.step)


def make_ink(colouring: Colouring, rows: Rows, ground: QColor) -> Ink:
    """Ink for the points of some rows.

    Where points overlap, the higher number is seen. So each colour gets several numbers, and each point one of them by its row: then
    no cluster lies over all others.

    Args:
        ground: what unselected points fade into.
    """
    count = len(colouring.colours)
    layers = max(min(_LAYERS, _MOST // count), 1)
    layer = (rows.astype(np.uint64) * np.uint64(2_654_435_761) >> np.uint64(16)) % np.uint64(layers)
    numbers = (1 + colouring.numbers[rows] + count * layer.astype(np.int64)).astype(np.uint8)
    full = [colour.rgb() & 0xFFFFFF for colour in colouring.colours] * layers
    faded = [blend(colour, ground.rgb() & 0xFFFFFF, _FADED) for colour in full]
    return Ink(numbers, palette_of(full, faded), count * layers)
