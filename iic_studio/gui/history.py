"""The curves of a run as numbers: what events told, kept small enough to draw at any length. No Qt.

Times in seconds of training, losses in nats, information in bits. A series that grows past `LIMIT` points drops every other one, so a
run of days costs what a run of minutes does.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from iic_studio.events import DiagnosisChanged, EpochFinished, Event, HealthMeasured, RunStarted, StepsFinished
from iic_studio.records import FloatArray, JointMoment

LIMIT = 4000
SIZES_LIMIT = 400
DRAWN = 300
SMOOTH = 20
MAIN = "main"
OVERCLUSTERING = "overclustering"
HEADS = (MAIN, OVERCLUSTERING)

Array = npt.NDArray[np.float64]


HEALTH = ("chance", "churn", "nmi", "agreement", "consistency")
"""Columns of `History.health`: bits by chance, then shares and indices in 0–1; NaN where not known."""


class Series:
    """A growing table: one row per moment, columns (step, elapsed_s, values…). Past `limit` rows every other one goes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._rows = np.zeros((64, 0))
        self._count = 0
        self._limit = limit

    def __len__(self) -> int:
        return self._count

    def append(self, step: int, elapsed_s: float, values: Iterable[float]) -> None:
        """Add a moment. A change in the number of values starts the series anew."""
        row = np.array([step, elapsed_s, *values], dtype=np.float64)
        if self._rows.shape[1] != len(row):
            self._rows, self._count = np.zeros((64, len(row))), 0
        while self._count and self._rows[self._count - 1, 0] >= step:
            self._count -= 1  # resumed from a checkpoint: what came after it is done anew
        if self._count == len(self._rows):
            if self._count >= self._limit:
                self._count = (self._count + 1) // 2
                self._rows[: self._count] = self._rows[::2].copy()
            else:
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._count] = row
        self._count += 1

    def thinned(self) -> npt.NDArray[np.int64]:
        """Places of at most `DRAWN` points that stand for all, with the last one."""
        return np.unique(np.linspace(0, self._count - 1, min(self._count, DRAWN)).round().astype(np.int64))

    @property
    def steps(self) -> Array:
        """(n,) optimiser steps."""
        return self._rows[: self._count, 0] if self._count else np.zeros(0)

    @property
    def minutes(self) -> Array:
        """(n,) minutes of training."""
        return self._rows[: self._count, 1] / 60 if self._count else np.zeros(0)

    @property
    def values(self) -> Array:
        """(n, columns)."""
        return self._rows[: self._count, 2:] if self._count else np.zeros((0, 0))


@dataclass
class HeadHistory:
    """One head: the loss of each sub-head; I, H(z), H(z|z′) in bits of the best one."""

    losses: Series = field(default_factory=Series)
    information: Series = field(default_factory=Series)
    ceiling: float = 0.0
    best: int = 0
    best_is_told: bool = False

    def guess_best(self) -> None:
        """Until an epoch told which sub-head is best: the one with the lowest mean loss of late, one step alone is noise."""
        recent = self.losses.values[-SMOOTH:]
        if not self.best_is_told and np.isfinite(recent).all():
            self.best = int(recent.mean(axis=0).argmin())


class History:
    """Both heads of one run, fed with events (live or from `events.jsonl`) and with live joints.

    Attributes:
        health: after each pass, see `HEALTH`.
        sizes: (n, 1 + K): the sub-head shown, or -1 where that is not known, and the share of the images in each of its clusters.
        diagnosis: the last one.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything: a new run begins."""
        self.heads = {name: HeadHistory() for name in HEADS}
        self.health, self.sizes = Series(), Series(SIZES_LIMIT)
        self._epoch_sizes: tuple[float, ...] = ()
        self.diagnosis: DiagnosisChanged | None = None
        self.elapsed_s = 0.0
        self.step = 0
        self._live = False

    def add(self, event: Event) -> bool:
        """Take an event in; whether it changed a curve."""
        if isinstance(event, RunStarted) and event.run and event.job != "resume":
            self.clear()
            return True
        if isinstance(event, StepsFinished):
            self._add_steps(event)
            return True
        if isinstance(event, EpochFinished):
            self._add_epoch(event)
            return True
        if isinstance(event, HealthMeasured):
            self._add_health(event)
            return True
        if isinstance(event, DiagnosisChanged):
            self.diagnosis = event
            return True
        return False

    def _add_steps(self, event: StepsFinished) -> None:
        self.step, self.elapsed_s = event.step, event.elapsed_s
        for name, losses in ((MAIN, event.main_losses), (OVERCLUSTERING, event.overclustering_losses)):
            finite = [math.nan if loss is None else float(loss) for loss in losses]
            if finite:
                self.heads[name].losses.append(event.step, event.elapsed_s, finite)
                self.heads[name].guess_best()
        self.heads[MAIN].ceiling = event.ceiling

    def _add_epoch(self, event: EpochFinished) -> None:
        self.step, self.elapsed_s = max(self.step, event.step), max(self.elapsed_s, event.elapsed_s)
        self._epoch_sizes = event.cluster_sizes
        for report in event.heads:
            head = self.heads.get(report.head)
            if head is None or not report.sub_heads:
                continue
            head.ceiling, head.best, head.best_is_told = report.ceiling, report.best_sub_head, True
            if not self._live:
                best = report.sub_heads[min(report.best_sub_head, len(report.sub_heads) - 1)]
                head.information.append(
                    event.step, event.elapsed_s, (best.mutual_information, best.marginal_entropy, best.conditional_entropy)
                )

    def _add_health(self, event: HealthMeasured) -> None:
        chance = event.mutual_information - event.mutual_information_excess
        told = (chance, event.churn, event.nmi_previous, event.agreement, event.consistency)
        self.health.append(event.step, self.elapsed_s, told)
        sizes = event.cluster_sizes or self._epoch_sizes
        if sizes:
            self.sizes.append(event.step, self.elapsed_s, (event.sub_head, *sizes))

    def add_joints(self, step: int, joints: dict[str, FloatArray]) -> None:
        """Take live joints in: information between two ends of an epoch."""
        self._live = True
        for name, stack in joints.items():
            head = self.heads.get(name)
            if head is None or not len(stack):
                continue
            head.ceiling = math.log2(stack.shape[-1])
            head.information.append(step, self.elapsed_s, information_bits(stack[min(head.best, len(stack) - 1)]))

    def add_moments(self, moments: Iterable[JointMoment]) -> None:
        """Take kept joints in where the log has told of information at the end of an epoch only."""
        for name, head in self.heads.items():
            found = Series()
            for moment in moments:
                joints = moment.joints(name)
                if joints is not None:
                    head.ceiling = math.log2(joints.shape[-1])
                    found.append(moment.step, moment.elapsed_s, information_bits(joints[min(head.best, len(joints) - 1)]))
            if len(found) > len(head.information):
                head.information = found
                self._live = True


def information_bits(joint: FloatArray) -> tuple[float, float, float]:
    """I(z, z′), H(z), H(z|z′) in bits of one (K, K) joint."""
    share = joint.astype(np.float64)
    share = (share + share.T) / 2
    share = share / max(float(share.sum()), 1e-12)

    def entropy(part: Array) -> float:
        positive = part[part > 0]
        return float(-(positive * np.log2(positive)).sum())

    marginal, whole = entropy(share.sum(axis=1)), entropy(share)
    return 2 * marginal - whole, marginal, whole - marginal
