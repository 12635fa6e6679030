"""The training loop: one screen, top-down, yielding what happens.

A generator: not advanced it is paused, closed it is cancelled (and leaves a checkpoint), `Control.stop_and_keep` ends it early with
its result. Same seed, same device, same number of threads and a budget in steps give the same weights, also when the run was cut in
two: order and transforms are functions of (seed, step), and the checkpoint holds weights and optimiser.

Both heads learn in every step (the paper alternates them by epochs). Source: paper, sections 3 and 4.1.
"""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, StepsFinished, SubHeadsReseeded
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.records import Assignments, IntArray, LiveArrays
from iic_studio.training import checkpoint as ckpt
from iic_studio.training.batches import Batches
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.predict import Overclusters, SetResult, evaluate_set, to_assignments
from iic_studio.training.report import diagnose
from iic_studio.training.reseed import reseed_main_head
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState

REPORT_INTERVAL_S = 0.1
INTERIM_INTERVAL_S = 3.0
CHECKPOINT_INTERVAL_S = 30.0
FIRST_CHECKPOINT_S = 2.0
FEWEST_STEPS_PER_REPORT = 50
_INTERIM_SHARE = 0.02


@dataclass(frozen=True)
class TrainingData:
    """What a run learns from.

    Attributes:
        pixels: (M, 3, S, S) uint8 training cache, may be memory-mapped.
        rows: (N,) rows of `pixels` that take part.
        image_ids: (N,) ids under which results are returned.
        is_grey: all images are grey: the network sees one channel.
    """

    pixels: npt.NDArray[np.uint8]
    rows: IntArray
    image_ids: IntArray
    is_grey: bool


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run leaves beside its model: where every image belongs, joints and losses (nats) over the whole set."""

    assignments: Assignments
    overclusters: Overclusters
    joints: LiveArrays
    losses: dict[str, list[float]]
    elapsed_s: float
    stopped_early: bool


def train(
    data: TrainingData,
    settings: TrainSettings,
    folder: Path,
    *,
    resume: bool = False,
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
) -> Iterator[Event | Assignments | TrainingResult]:
    """Train until the budget is spent. Interim `Assignments` come in between, `TrainingResult` comes last.

    Args:
        data: the images.
        settings: planned settings (`training.plan`), without gaps.
        folder: of the run; checkpoints and the model are written there.
        resume: go on from the last checkpoint in `folder`.
        live: gets the running joints, at most ten times a second.
        control: its `stop_and_keep` ends the run early.

    Raises:
        StudioError: all images are the same, the loss is not finite, or there is nothing to resume.
    """
    device = torch.device(settings.device)
    batches = Batches(data.pixels, data.rows, 1 if data.is_grey else 3, settings, device)
    _check_not_all_equal(batches)
    run = RunState(settings, batches.channels, device, folder)
    clock = Clock(run.restore(ckpt.load_last(folder)) if resume else 0.0)
    narrator = _Narrator(run, batches, clock, live)
    control = control or Control()
    try:
        while run.fraction_done(clock.elapsed_s) < 1 and not control.stop_requested:
            if run.reseed_is_due(clock.elapsed_s) and (stuck := reseed_main_head(run.network, run.optimiser, batches, run.step)):
                yield SubHeadsReseeded(step=run.step, sub_heads=tuple(stuck))
            with clock:
                run.set_learning_rate(clock.elapsed_s)
                losses = take_step(run, batches, narrator.rolling)
            yield from narrator.after_step(losses)
            if clock.is_due("interim", INTERIM_INTERVAL_S, share=_INTERIM_SHARE):
                yield narrator.rolling.assignments(data.image_ids)
                clock.finished("interim")
            if clock.is_due("checkpoint", CHECKPOINT_INTERVAL_S):
                yield run.save(clock.elapsed_s)
    except GeneratorExit:
        run.save(clock.elapsed_s)
        raise
    yield run.save(clock.elapsed_s)
    yield from _finish(run, batches, data, clock.elapsed_s, stopped_early=control.stop_requested)


def take_step(run: RunState, batches: Batches, rolling: RollingAssignments) -> dict[str, Tensor]:
    """One optimiser step on one batch of pairs; returns the (H,) losses of each head."""
    indices = batches.indices(run.step)
    x, x_transformed = batches.pair(run.step, indices)

    # One pass through the network for x and its copies together; x goes through once, whatever the number of copies.
    soft = run.network(torch.cat([x, x_transformed]))
    counts = {head: pair_counts(z[:, : len(x)], z[:, len(x) :]) for head, z in soft.items()}
    losses = {head: iic_loss(normalise_joint(counts[head]), run.settings.marginal_weight) for head in HEADS}
    # Both heads in every step; the mean over sub-heads keeps the trunk's gradient independent of their number.
    loss = losses[MAIN].mean() + losses[OVERCLUSTERING].mean()

    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    run.optimiser.step()
    run.step += 1

    run.meter.add(counts)
    rolling.add(indices, soft[MAIN][:, : len(x)])
    return losses


class _Narrator:
    """Turns steps into events. All that changes the run happens before the first event is handed out, so that closing there is safe."""

    def __init__(self, run: RunState, batches: Batches, clock: "Clock", live: LatestSlot[LiveArrays] | None) -> None:
        settings = run.settings
        self.rolling = RollingAssignments(len(batches), settings.sub_heads, settings.clusters, batches.device)
        self._run, self._batches, self._clock, self._live = run, batches, clock, live
        self._message = ""
        passes = math.ceil(FEWEST_STEPS_PER_REPORT / batches.steps_per_epoch)
        self._steps_per_report = passes * batches.steps_per_epoch

    def after_step(self, losses: dict[str, Tensor]) -> list[Event]:
        """What there is to say after a step; mostly nothing."""
        events: list[Event] = []
        if self._clock.is_due("report", REPORT_INTERVAL_S):
            events.append(_steps_finished(self._run, self._batches, self._clock, losses))
            if self._live is not None:
                self._live.put(self._run.meter.live(self._run.step))
        if self._run.step % self._steps_per_report == 0:
            events += self._report()
        return events

    def _report(self) -> list[Event]:
        run = self._run
        report = run.meter.finish_pass(run.step // self._batches.steps_per_epoch, run.step, self._clock.elapsed_s)
        main_losses = [sub_head.loss for sub_head in report.heads[HEADS.index(MAIN)].sub_heads]
        run.remember_best(min(main_losses))
        self.rolling.choose(main_losses)
        found = diagnose(report)
        if found.message == self._message:
            return [report]
        self._message = found.message
        return [report, found]


class Clock:
    """Seconds spent training (pauses do not count), and what is due when.

    Args:
        elapsed_s: seconds already trained, when a run is resumed.
    """

    def __init__(self, elapsed_s: float) -> None:
        self.elapsed_s = self.first_s = elapsed_s
        self._since = 0.0
        now = time.monotonic()
        self._last: dict[str, float] = {"interim": now, "checkpoint": now - CHECKPOINT_INTERVAL_S + FIRST_CHECKPOINT_S}
        self._cost_s: dict[str, float] = {}

    def __enter__(self) -> None:
        self._since = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.elapsed_s += time.perf_counter() - self._since

    def is_due(self, name: str, interval_s: float, share: float = 1.0) -> bool:
        """Whether `interval_s` has passed since it was last due; longer if it took more than `share` of the time."""
        now = time.monotonic()
        if now - self._last.get(name, -math.inf) < max(interval_s, self._cost_s.get(name, 0.0) / share):
            return False
        self._last[name] = now
        return True

    def finished(self, name: str) -> None:
        """Take the time since `is_due` as the cost of `name`, a second at most: the run may have been paused meanwhile."""
        self._cost_s[name] = min(1.0, time.monotonic() - self._last[name])


def _check_not_all_equal(batches: Batches) -> None:
    if batches.all_equal():
        raise StudioError(
            f"All {len(batches)} images show the same picture: there is nothing to tell apart.", "Choose a folder with different images."
        )


def _steps_finished(run: RunState, batches: Batches, clock: Clock, losses: dict[str, Tensor]) -> StepsFinished:
    main, overclustering = (tuple(losses[head].tolist()) for head in HEADS)
    if not all(map(math.isfinite, (*main, *overclustering))):
        raise StudioError(
            f"The loss is no longer a number at step {run.step}; training cannot go on.",
            "Train again with another --seed; the last checkpoint is kept.",
        )
    information, ceiling = run.meter.live_information()
    done = run.fraction_done(clock.elapsed_s)
    return StepsFinished(
        step=run.step,
        epoch=run.step // batches.steps_per_epoch,
        main_losses=main,
        overclustering_losses=overclustering,
        mutual_information=information,
        ceiling=ceiling,
        images_per_s=(run.step - run.first_step) * batches.batch_size / max(clock.elapsed_s - clock.first_s, 1e-9),
        elapsed_s=clock.elapsed_s,
        fraction_done=done,
        eta_s=clock.elapsed_s * (1 - done) / done if done > 0 else None,
    )


def _finish(
    run: RunState, batches: Batches, data: TrainingData, elapsed_s: float, *, stopped_early: bool
) -> Iterator[Event | TrainingResult]:
    """Assign every image with the last network, or with the best one before it if its loss over the whole set is lower."""
    chosen = yield from _evaluate(run, batches, data)
    if run.best and run.best_step < run.step:
        last = {name: tensor.clone() for name, tensor in run.network.state_dict().items()}
        run.network.load_state_dict(run.best)
        best = yield from _evaluate(run, batches, data)
        if best.losses[MAIN].min() < chosen.losses[MAIN].min():
            chosen = best
        else:
            run.network.load_state_dict(last)
    run.save_model(chosen.best_sub_head)
    yield TrainingResult(
        assignments=to_assignments(chosen.soft, chosen.best_sub_head, data.image_ids),
        overclusters=chosen.overclusters,
        joints=LiveArrays(run.step, chosen.joints),
        losses={head: values.tolist() for head, values in chosen.losses.items()},
        elapsed_s=elapsed_s,
        stopped_early=stopped_early,
    )


def _evaluate(run: RunState, batches: Batches, data: TrainingData) -> Generator[Event, None, SetResult]:
    result = None
    for step in evaluate_set(run.network, batches, data.image_ids):
        if isinstance(step, SetResult):
            result = step
        else:
            yield ProgressMade(stage="assign", done=step, total=len(batches))
    assert result is not None, "the evaluation ends with its result"
    return result
