"""The rows of the paper's table of segmentations, as data.

`full` is the paper's form of training (the presets of the same names); `quick` seeks the same classes with the small network, in minutes.
Source: Ji, Henriques, Vedaldi, ICCV 2019, table 4; numbers of steps from the logs that were published with it.

What differs from the published training in `full`:
- Pixels are paired on the network's map of half the size, where the paper enlarged the probabilities first: its displacement of up to 10
  pixels is 5 cells here, and that of 5 pixels (potsdam-6) 2 cells, which are 4 pixels.
- The map lies exactly upon the picture and has no border of equal probabilities (see `iic.pixel_networks`).
- Brightness, contrast, saturation and hue change in one linear step, in the paper one after the other in a random order, hue in HSV.
- Red and blue of COCO-Stuff are not swapped before they become grey.
- Statistics of batches are tracked; what is scored does not depend on the batch that it is in.
- Checkpoint and sub-head are those of the last step and of the lowest loss; the paper took the epoch that its labels liked best.
"""

from dataclasses import dataclass, field
from typing import Any

from iic_studio.config import TrainSettings, load_preset, pixel_settings


@dataclass(frozen=True, kw_only=True)
class PixelRow:
    """A row of the table.

    Attributes:
        paper: the printed accuracy, the best epoch's by labels, and what the last epoch gave by the logs, as shares.
        steps: until the best epoch.
        crop_side: of what is scored, in pixels: the middle of each picture.
        quick: settings that are not our defaults.
    """

    name: str
    paper: dict[str, float]
    steps: int
    crop_side: int
    quick: dict[str, Any] = field(default_factory=dict)

    @property
    def classes(self) -> int:
        """How many classes are sought."""
        return int(load_preset(self.name, "pixels").settings["clusters"])

    def settings(self, budget: str, seed: int, device: str, steps: int | None) -> TrainSettings:
        """Settings for a budget; `steps` replaces its number of steps. Pictures come at their scale, so no further scaling is asked for."""
        own = {"short_side": 0, "shrink": 1.0, "seed": seed, "device": device}
        if budget == "full":
            own |= {"preset": self.name, "steps": self.steps, "stop_on_plateau": False, "tiles_per_image": 4}
        else:
            own |= {"clusters": self.classes, "minutes": 15.0, "tiles_per_image": 4, "guess_until": 0.0, "standardised": False}
            own |= self.quick
        if steps is not None:
            own = {name: value for name, value in own.items() if name != "minutes"} | {"steps": steps}
        return pixel_settings(**own)


# Steps: the number of the best epoch × optimiser steps of the one head that learned in an epoch.
PIXEL_ROWS = {
    row.name: row
    for row in (
        PixelRow(
            name="coco-stuff-3",
            paper={"accuracy": 0.723, "last_epoch": 0.705},
            steps=27 * 306,
            crop_side=128,
            quick={"preset": "street", "image_size": 96},
        ),
        PixelRow(
            name="coco-stuff-15",
            paper={"accuracy": 0.277, "last_epoch": 0.254},
            steps=7 * 864,
            crop_side=128,
            quick={"preset": "street", "image_size": 96},
        ),
        PixelRow(
            name="potsdam-3",
            paper={"accuracy": 0.651, "last_epoch": 0.629},
            steps=5 * 114,
            crop_side=200,
            quick={"preset": "aerial", "image_size": 96, "inputs": "all"},
        ),
        PixelRow(
            name="potsdam-6",
            paper={"accuracy": 0.454, "last_epoch": 0.374},
            steps=4 * 143,
            crop_side=200,
            quick={"preset": "aerial", "image_size": 96, "inputs": "all"},
        ),
    )
}
