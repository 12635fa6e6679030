"""Joints of a run over time, few enough to keep: the picture of how groups came about.

A moment is taken every few steps. When there are more than fit, every other one is dropped and the interval doubles, so a run of any
length leaves between half and all of the room filled, evenly spread. The file lies beside the checkpoints and is written with them. It is
for looking at only: a run goes on without it.
"""

import logging
import math
import os
import zipfile
from pathlib import Path
from typing import Self

import numpy as np

from iic_studio.iic.networks import HEADS
from iic_studio.records import FloatArray, JointMoment, LiveArrays, halve_joints

log = logging.getLogger(__name__)

FILE = "joints_over_time.npz"
MOST_MOMENTS = 200
FEWEST_MOMENTS = 16
MOST_BYTES = 16 << 20
FIRST_INTERVAL = 2


class JointLog:
    """Moments of one run, oldest first.

    Attributes:
        moments: what is kept.
        interval: steps from one moment to the next.
    """

    def __init__(self, folder: Path) -> None:
        self.moments: list[JointMoment] = []
        self.interval = FIRST_INTERVAL
        self._path = folder / FILE
        self._too_large = False

    def is_due(self, step: int) -> bool:
        """Whether this step is a moment."""
        return not self._too_large and step % self.interval == 0

    def add(self, live: LiveArrays, elapsed_s: float) -> None:
        """Keep a moment, unless its joints are no numbers. A head too large for `FEWEST_MOMENTS` to fit is left out."""
        kept: dict[str, FloatArray] = {}
        for head, joints in live.joints.items():
            if FEWEST_MOMENTS * _bytes(kept | {head: joints}) <= MOST_BYTES:
                kept[head] = joints
        self._too_large = not kept
        if not kept or not all(np.isfinite(joints).all() for joints in kept.values()):
            return
        self.moments.append(JointMoment(live.step, elapsed_s, {head: halve_joints(joints) for head, joints in kept.items()}))
        while len(self.moments) > min(MOST_MOMENTS, MOST_BYTES // _bytes(kept)):
            self.interval *= 2
            self.moments = [moment for moment in self.moments if moment.step % self.interval == 0]

    def save(self) -> None:
        """Write the file whole or not at all.

        Raises:
            OSError: no room; the file that was there is untouched.
        """
        arrays = {
            "interval": np.array(self.interval),
            "steps": np.array([moment.step for moment in self.moments], np.int64),
            "elapsed_s": np.array([moment.elapsed_s for moment in self.moments], np.float64),
        }
        for head in HEADS:
            held = [place for place, moment in enumerate(self.moments) if head in moment.halves]
            if held:
                arrays[f"{head}/at"] = np.array(held, np.int64)
                arrays[f"{head}/halves"] = np.stack([self.moments[place].halves[head] for place in held])
        fresh = self._path.with_name(f"{FILE}.new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type] # its other parameters are no arrays
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    @classmethod
    def load(cls, folder: Path, until: float = math.inf) -> Self:
        """The log of a run up to a step; an empty one if there is no file or it cannot be read."""
        found = cls(folder)
        try:
            with found._path.open("rb") as file, np.load(file, allow_pickle=False) as pack:
                steps, elapsed_s, interval = pack["steps"].tolist(), pack["elapsed_s"].tolist(), int(pack["interval"])
                halves: list[dict[str, np.ndarray]] = [{} for _ in steps]
                for head in HEADS:
                    if f"{head}/at" in pack.files:
                        for place, half in zip(pack[f"{head}/at"].tolist(), pack[f"{head}/halves"], strict=True):
                            halves[place][head] = half
        except FileNotFoundError:
            return found
        except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
            log.warning("cannot read %s", found._path, exc_info=True)
            return found
        found.interval = max(interval, 1)
        kept = zip(steps, elapsed_s, halves, strict=True)
        found.moments = [JointMoment(int(step), float(spent), held) for step, spent, held in kept if step <= until]
        return found


def _bytes(joints: dict[str, FloatArray]) -> int:
    """Size of a moment with these joints, as it is kept."""
    return sum(len(one) * one.shape[-1] * (one.shape[-1] + 1) for one in joints.values())
