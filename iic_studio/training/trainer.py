"""The training loop: one screen, top-down, yielding what happens.

A generator: not advanced it is paused, closed it is cancelled (and leaves a checkpoint), `Control.stop_and_keep` ends it early with
its result. Same seed, device, number of threads and a budget in steps give the same weights, also when the run was cut in two: order and
transforms are functions of (seed, step), and the checkpoint holds weights, optimiser, and where each image belonged last: which pass
counts as the best, what is said of the run, and where a plateau ends it are the same too.

Both heads learn in every step unless asked for the paper's form, which alternates them by passes. Source: paper, sections 3 and 4.1.
"""

import dataclasses
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, StartTried, SubHeadsReseeded, WarningRaised
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.records import Assignments, FloatArray, IntArray, LiveArrays, Overclusters
from iic_studio.training import checkpoint as ckpt
from iic_studio.training.batches import Batches, Images, Neighbours
from iic_studio.training.diagnosis import COLLAPSED
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.memory import is_out_of_memory, memory_warning, refuse_if_several, use_less_memory
from iic_studio.training.narrator import CHECKPOINT_INTERVAL_S, Clock, Narrator
from iic_studio.training.neighbours import neighbours_by_features, neighbours_by_pixels
from iic_studio.training.objective import compute_gradients
from iic_studio.training.plan import check_shares
from iic_studio.training.predict import SetResult, to_assignments
from iic_studio.training.processes import Processes
from iic_studio.training.reseed import reseed_main_head
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState, start_seed
from iic_studio.training.task import images_of, task_of
from iic_studio.training.tiles import TileBatches
from iic_studio.training.views import ViewBatches

INTERIM_INTERVAL_S = 3.0
_INTERIM_SHARE = 0.02
# When neighbours stand in for copies, as shares of the budget; learned features come first.
NEIGHBOURS_FROM = {"pixels": 0.0, "features": 0.4}
NEIGHBOURS_UNTIL = 0.75
_START_SHARE = 0.04
_FEWEST_START_STEPS = 60
_MOST_SETBACKS = 1


@dataclass(frozen=True)
class TrainingData:
    """What a run learns from.

    Attributes:
        pixels: (M, C, S, S) uint8 training cache, C from 1 to 16, or (M, V, D) float16 views by an encoder; may be memory-mapped.
        rows: (N,) rows of `pixels` that take part.
        image_ids: (N,) ids under which results are returned; tiles of one image have the same.
        is_grey: all images are grey: only the first channel is used.
        extra_pixels, extra_rows: more images, for the overclustering head only; `pixels` if only rows are given.
        marks: (M, 1, S, S) uint8, for pixels: 0 where a pixel of a tile takes no part; None: all do.
        frames: (N, 4) float32, for pixels: left, top, width, height of each tile, as shares of its picture; None: not known.
    """

    pixels: npt.NDArray[Any]
    rows: IntArray
    image_ids: IntArray
    is_grey: bool
    extra_pixels: npt.NDArray[np.uint8] | None = None
    extra_rows: IntArray | None = None
    marks: npt.NDArray[np.uint8] | None = None
    frames: FloatArray | None = None

    @property
    def channels(self) -> int:
        """Of the images as the network gets them."""
        if self.pixels.ndim == 3:
            return int(self.pixels.shape[2])
        return 1 if self.is_grey else self.pixels.shape[1]


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run leaves beside its model: where every image belongs, joints and losses (nats) over the whole set.

    Attributes:
        overclusters: None if the overclustering head did not learn.
        stopped_early: a person ended it.
        ended_at_plateau: it ended before its budget was spent, because nothing new was learned.
    """

    assignments: Assignments
    overclusters: Overclusters | None
    joints: LiveArrays
    losses: dict[str, list[float]]
    elapsed_s: float
    stopped_early: bool
    ended_at_plateau: bool = False


def make_batches(data: TrainingData, settings: TrainSettings, device: torch.device, processes: Processes | None = None) -> Batches:
    """The images of a run, or their tiles, on a device, as batches of pairs."""
    extra = None
    if data.extra_rows is not None and len(data.extra_rows):
        pixels = data.pixels if data.extra_pixels is None else data.extra_pixels
        extra = Images(pixels, data.extra_rows, data.channels, device)
    images = images_of(data.pixels, data.rows, data.channels, device)
    batches = task_of(settings).batches(images, settings, extra, processes)
    if data.marks is not None:
        batches.marks = Images(data.marks, data.rows, 1, device)
    batches.frames = data.frames
    return batches


def train(
    data: TrainingData,
    settings: TrainSettings,
    folder: Path,
    *,
    resume: bool = False,
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
    processes: Processes | None = None,
) -> Iterator[Event | Assignments | TrainingResult]:
    """Train until the budget is spent. Interim `Assignments` come in between, `TrainingResult` comes last.

    Args:
        data: the images.
        settings: planned settings (`training.plan`), without gaps.
        folder: of the run; checkpoints and the model are written there.
        resume: go on from the last checkpoint in `folder`.
        live, control: get the running joints ten times a second; end the run early.
        processes: those that share the work; only the first yields anything.

    Raises:
        StudioError: all images are the same, the loss is not finite for good, or there is nothing to resume.
    """
    processes, control = processes or Processes(), control or Control()
    run, batches, clock = _begin(data, settings, folder, processes, resume=resume)
    yield from _refuse_equal_images(batches)
    run = yield from _try_starts(run, batches, clock)
    try:
        narrator = Narrator(run, batches, clock, live)
        while (spent := processes.from_first(1.0 if control.stop_requested else run.fraction_done(clock.elapsed_s))) < 1:
            yield from chain(_choose_partners(run, batches, clock, spent), _make_pseudo_labels(run, batches, clock))
            if run.reseed_is_due(spent) and (stuck := reseed_main_head(run.network, run.optimiser, batches, run.step, processes)):
                yield SubHeadsReseeded(step=run.step, sub_heads=tuple(stuck))
            with clock:
                run.set_learning_rate(spent)
                told = take_step(run, batches, narrator.rolling, spent)
            control.answer(run.weights)
            yield from chain(told.warnings, narrator.after_step(told.losses, spent))
            if processes.from_first(narrator.must_go_back):
                yield _go_back(run, batches, narrator)
            if clock.is_due("interim", INTERIM_INTERVAL_S, share=_INTERIM_SHARE) and processes.is_first:
                yield narrator.rolling.assignments(batches.place_ids(data.image_ids))
                clock.finished("interim")
            if clock.is_due("checkpoint", CHECKPOINT_INTERVAL_S) and (kept := run.save(clock.elapsed_s)):
                yield kept
    except GeneratorExit:
        run.save(clock.elapsed_s)
        raise
    yield from narrator.at_end(stopped_early=control.stop_requested)
    yield from _finish(run, batches, data, clock.elapsed_s, stopped_early=control.stop_requested)


def _begin(
    data: TrainingData, settings: TrainSettings, folder: Path, processes: Processes, *, resume: bool
) -> tuple[RunState, Batches, Clock]:
    check_shares(settings, processes.size)
    device = torch.device(settings.device)
    batches = make_batches(data, settings, device, processes)
    run = RunState(settings, batches.channels, device, folder, processes)
    saved = processes.from_first(ckpt.load_last(folder) if processes.is_first else None) if resume else None
    if saved is None and isinstance(batches, ViewBatches):  # a checkpoint holds what was found
        batches.fit(run.network)
    clock = Clock(_take_up(run, batches, saved) if saved else 0.0)
    if isinstance(batches, TileBatches) and settings.guess_until:
        batches.guess = processes.from_first(batches.make_guess() if processes.is_first else None)
    return run, batches, clock


def _take_up(run: RunState, batches: Batches, saved: ckpt.Checkpoint) -> float:
    """Go on where a checkpoint was written, the batches too; returns the seconds it had trained."""
    elapsed_s = run.restore(saved)
    batches.neighbours = run.partners
    if run.pseudo is not None:
        run.pseudo.restore_draw(batches)
    return elapsed_s


@dataclass(frozen=True)
class Told:
    """What a step has to say: (H,) losses of each head that learned, and a warning if memory ran short."""

    losses: dict[str, Tensor]
    warnings: tuple[WarningRaised, ...] = ()


def take_step(run: RunState, batches: Batches, rolling: RollingAssignments, spent: float) -> Told:
    """One optimiser step on one batch of pairs.

    Args:
        spent: share of the budget, 0–1.
    """
    objective = run.objective(batches.steps_per_epoch, spent)
    batch = batches.at(run.step, with_extra=OVERCLUSTERING in objective.heads)
    parts = run.parts
    while True:
        run.optimiser.zero_grad(set_to_none=True)
        try:
            result = compute_gradients(run.network, batch, objective, run.processes, run.parts)
            break
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            refuse_if_several(run.processes, error)
        use_less_memory(run, len(batch.x))
    run.processes.sum_gradients(run.network)
    run.optimiser.step()
    run.step += 1

    run.meter.add(result.counts, result.shuffled)
    if result.soft is not None and result.soft_transformed is not None:
        rolling.add(result.places, result.soft, result.soft_transformed)
    if run.pseudo is not None:
        run.pseudo.remember(batch.positions, result)
    return Told(result.losses, (memory_warning(run.parts, batches.batch_size),) if run.parts > parts else ())


def _choose_partners(run: RunState, batches: Batches, clock: Clock, spent: float) -> Iterator[Event]:
    """Make copies of an image's neighbours too, until late in the run: then of itself alone, for neighbours are wrong now and then."""
    batches.copies_of_neighbours = spent < NEIGHBOURS_UNTIL or batches.are_vectors
    count, seed = run.settings.neighbours, run.settings.seed
    by = "pixels" if batches.are_vectors else run.settings.neighbours_by or "pixels"  # what an encoder saw is there from the start
    if not count or batches.neighbours is not None or spent < NEIGHBOURS_FROM[by]:
        return
    search = neighbours_by_features(run.network, batches, count, seed) if by == "features" else neighbours_by_pixels(batches, count, seed)
    while batches.neighbours is None:
        with clock:
            found = next(search)
        if not isinstance(found, Neighbours):
            yield ProgressMade(stage="neighbours", done=found, total=len(batches))
        elif by == "features":
            batches.neighbours = run.partners = run.processes.from_first(found)
        else:
            batches.neighbours = found


def _make_pseudo_labels(run: RunState, batches: Batches, clock: Clock) -> Iterator[Event]:
    """Group the images anew when a round of DeepCluster begins."""
    if run.pseudo is None or not run.pseudo.is_due(run.step, batches.steps_per_epoch):
        return
    search = run.pseudo.make(run.network, run.optimiser, batches, run.step)
    while True:
        with clock:
            found = next(search)
        if not isinstance(found, int):
            yield found
            return
        yield ProgressMade(stage="pseudo-labels", done=found, total=len(batches))


def _refuse_equal_images(batches: Batches) -> Iterator[Event]:
    if batches.all_equal():
        yield dataclasses.replace(COLLAPSED, time=time.time(), remedy="")
        raise StudioError(
            f"All {len(batches)} images show the same picture: there is nothing to tell apart.", "Choose a folder with different images."
        )


def _try_starts(run: RunState, batches: Batches, clock: Clock) -> Generator[Event, None, RunState]:
    """Several short beginnings from different weights; returns the one of lowest loss, and every one is told.

    A checkpoint of the best is left after each, so a run that is cut off goes on with the next.
    """
    if run.settings.starts == 1:
        return run
    losses, best = list(run.start_losses), run
    for start in range(len(losses), run.settings.starts):
        trial = run if start == 0 else RunState(run.settings, run.channels, run.device, run.folder, run.processes, start)
        main = trial.network.head(MAIN)
        rolling = RollingAssignments(batches.num_places, main.num_sub_heads, main.num_clusters, run.device)
        began_s = clock.elapsed_s
        while run.processes.from_first(not _is_tried(trial, clock.elapsed_s - began_s)):
            with clock:
                trial.set_learning_rate(0.0)
                take_step(trial, batches, rolling, 0.0)
        loss = trial.meter.live_loss()
        is_best = not losses or loss < min(losses)
        losses.append(loss)
        best = trial if is_best else best
        best.start_losses = losses
        kept = best.save(clock.elapsed_s)
        yield StartTried(start=start, num_starts=run.settings.starts, seed=start_seed(run.settings, start), loss=loss, is_best=is_best)
        if kept:
            yield kept
    return best


def _is_tried(trial: RunState, elapsed_s: float) -> bool:
    if trial.settings.steps is not None:
        return trial.step >= max(_FEWEST_START_STEPS, round(_START_SHARE * trial.settings.steps))
    assert trial.settings.minutes is not None, "settings must be planned"
    return elapsed_s >= _START_SHARE * 60 * trial.settings.minutes


def _go_back(run: RunState, batches: Batches, narrator: Narrator) -> WarningRaised:
    """After a loss that is no number: once back to the last checkpoint with half the learning rate, then the end.

    Raises:
        StudioError: it happened before, or there is nothing to go back to.
    """
    step, setbacks = run.step, run.setbacks + 1
    saved = run.processes.from_first(ckpt.load_last(run.folder) if run.processes.is_first and ckpt.has_checkpoint(run.folder) else None)
    if setbacks > _MOST_SETBACKS or saved is None:
        raise StudioError(
            f"The loss is no longer a number at step {step}; training cannot go on.",
            "Train again with another --seed or fewer changes between the views; the last checkpoint is kept.",
        )
    _take_up(run, batches, saved)
    run.setbacks = setbacks
    narrator.went_back()
    return WarningRaised(
        message=f"The loss was no longer a number at step {step}; going on from the checkpoint of step {run.step}.",
        hint="The learning rate is halved. If it happens again, the run ends.",
    )


def _finish(
    run: RunState, batches: Batches, data: TrainingData, elapsed_s: float, *, stopped_early: bool
) -> Iterator[Event | TrainingResult]:
    """Assign every image with the last network, or with the best one before it if its loss over the whole set is lower."""
    processes = run.processes
    if kept := run.save(elapsed_s):
        yield kept
    chosen = yield from _evaluate(run, batches, data)
    if processes.from_first(bool(run.best) and run.best_step < run.step):
        last = {name: tensor.clone() for name, tensor in run.network.state_dict().items()}
        if processes.is_first:
            run.network.load_state_dict(run.best)
        processes.copy_from_first(list(run.network.state_dict().values()))
        best = yield from _evaluate(run, batches, data)
        if best is not None and chosen is not None and best.choice_losses.min() < chosen.choice_losses.min():
            chosen = best
        else:
            run.network.load_state_dict(last)
    if chosen is None:
        return
    run.save_model(chosen.best_sub_head)
    yield TrainingResult(
        assignments=to_assignments(chosen.soft, chosen.best_sub_head, chosen.image_ids),
        overclusters=chosen.overclusters,
        joints=LiveArrays(run.step, chosen.joints),
        losses={head: values.tolist() for head, values in chosen.losses.items()},
        elapsed_s=elapsed_s,
        stopped_early=stopped_early,
        ended_at_plateau=run.budget_share < 1 and not stopped_early,
    )


def _evaluate(run: RunState, batches: Batches, data: TrainingData) -> Generator[Event, None, SetResult | None]:
    """The result over the whole set, at the first process."""
    if run.pseudo is not None:
        for done in run.pseudo.finish(run.network, batches):
            yield ProgressMade(stage="pseudo-labels", done=done, total=len(batches))
    heads = HEADS if run.settings.overclustering_weight else (MAIN,)
    result = None
    for step in run.task.evaluate(run.network, batches, data.image_ids, run.processes, heads):
        if isinstance(step, SetResult):
            result = step
        elif run.processes.is_first:
            yield ProgressMade(stage="assign", done=step, total=len(batches))
    return result
