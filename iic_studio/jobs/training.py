"""Training a project, and going on after a stop or a crash."""

import contextlib
import os
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio import paths
from iic_studio.config import TrainSettings
from iic_studio.curation import load_curation
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.events import AssignmentsSaved, Event, SettingsChosen, WarningRaised
from iic_studio.iic.networks import MAIN
from iic_studio.images.ingest import usable_cores
from iic_studio.jobs.assigning import TrainedModel, with_left_out
from iic_studio.jobs.encoding import images_for, kmeans_beside, with_fitting_weights
from iic_studio.jobs.indexing import has_cache, index_folder
from iic_studio.jobs.pixel_parts import estimate_areas_again
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.runs import origin
from iic_studio.jobs.sharing import TRAIN, CachedImages, CachedTiles, CachedViews, Work, announce, training_data
from iic_studio.jobs.tiles import IMAGE_IDS, channels_of, cut_tiles
from iic_studio.project.command_log import is_edited, note_new_numbers
from iic_studio.project.records import OK, PROBLEM, ImageRow, RunRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments, IntArray, LiveArrays
from iic_studio.training.checkpoint import has_checkpoint
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.trainer import TrainingResult
from iic_studio.training.trainer import train as train_on

_LEFT_OUT = "left_out_ids.npy"
PROPOSAL = "The new run is a proposal: your clusters stay as they are until it is accepted."
PROPOSAL_HINT = "Review it in the window, or take it as it is with `iic-studio edits PROJECT --accept`."


def train(
    project: Project,
    settings: TrainSettings,
    *,
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
) -> Iterator[Event]:
    """Index what is new, then train a new run.

    Args:
        settings: as asked for; what is open is chosen from the images.
        live: gets the running joints.
        control: ends training early with its result.
    """
    run = project.add_run(settings.as_dict(), settings.device)
    return run_job("train", train_run(project, run, settings, live, control), project=project, run=run.id, settings=settings)


def resume(
    project: Project,
    *,
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
) -> Iterator[Event]:
    """Go on with the last run that was stopped or cut off, on the same images, from its last checkpoint.

    The job fails when there is no such run.
    """
    run = resumable_run(project)
    if run is None:
        return run_job("resume", _nothing_to_resume(), project=project)
    settings = TrainSettings.from_dict(run.settings)
    project.update_run(run.id, state="running")

    def body() -> JobBody:
        if not has_cache(project):
            yield from index_folder(project, _side_wanted(settings))
        ids = np.load(project.run_dir(run.id) / IMAGE_IDS, allow_pickle=False)
        return (yield from _train_planned(project, run.id, settings, ids, live, control, resume=True))

    return run_job("resume", body(), project=project, run=run.id, settings=settings)


def _nothing_to_resume() -> JobBody:
    yield from ()
    raise StudioError("This project has no interrupted run to go on with.", "Start a new one with `iic-studio train`.")


def resumable_run(project: Project) -> RunRow | None:
    """The newest run, if it was stopped, cut off by a crash, or ended early, and has a checkpoint."""
    run = project.last_run()
    if run is None or not has_checkpoint(project.run_dir(run.id)) or not (project.run_dir(run.id) / IMAGE_IDS).is_file():
        return None
    return run if run.state != "finished" or run.summary.get("stopped_early") else None


def train_run(
    project: Project,
    run: RunRow,
    settings: TrainSettings,
    live: LatestSlot[LiveArrays] | None,
    control: Control | None,
) -> JobBody:
    """Body of `train`: index, plan, train."""
    settings = with_fitting_weights(settings)
    yield from index_folder(project, _side_wanted(settings))
    rows, left_out = taking_part(project)
    side = int(project.meta("cache_side", "0"))
    facts = DataFacts(len(rows), side, bool(rows) and all(row.is_grey for row in rows))
    if settings.task == "pixels":
        settings = replace(settings, channels=channels_of(project, rows, settings))
        facts = replace(facts, channels=settings.channels or 3)
    planned = plan(settings, facts, choose_device(settings.device))
    project.update_run(run.id, settings=planned.as_dict(), summary=origin(rows, len(left_out)))
    yield SettingsChosen(num_images=len(rows), settings=planned.as_dict())
    if planned.clusters < settings.clusters:
        words = f"{settings.clusters} clusters cannot be made of {len(rows)} images, so {planned.clusters} are sought."
        yield WarningRaised(message=words, hint="")
    ids = np.array([row.id for row in rows], dtype=np.int64)
    np.save(project.run_dir(run.id) / IMAGE_IDS, ids)
    np.save(project.run_dir(run.id) / _LEFT_OUT, left_out)
    return (yield from _train_planned(project, run.id, planned, ids, live, control, resume=False))


def taking_part(project: Project) -> tuple[list[ImageRow], IntArray]:
    """The readable images that nobody excluded, and the ids of those that somebody did.

    Raises:
        StudioError: all of them are excluded.
    """
    pins = load_curation(project).pins
    excluded = set(pins.images[pins.excluded].tolist())
    rows = project.images(OK)
    kept = [row for row in rows if row.id not in excluded]
    if rows and not kept:
        raise StudioError("Every picture is excluded, so there is nothing to learn from.", "Put some of them back first.")
    return kept, np.array([row.id for row in rows if row.id in excluded], dtype=np.int64)


def train_again(project: Project, run: RunRow, settings: TrainSettings, image_ids: IntArray) -> JobBody:
    """Body of a run with settings that leave nothing open, on the very images that another run saw: to see what hangs on chance."""
    row_of = {row.id: row for row in project.images(OK)}
    if any(int(one) not in row_of for one in image_ids):
        raise StudioError("Some of the pictures that the run saw are gone.", "Train anew, then compare with that run.")
    project.update_run(run.id, summary=origin([row_of[int(one)] for one in image_ids], 0))
    np.save(project.run_dir(run.id) / IMAGE_IDS, image_ids)
    yield SettingsChosen(num_images=len(image_ids), settings=settings.as_dict())
    return (yield from _train_planned(project, run.id, settings, image_ids, None, None, resume=False))


def _train_planned(
    project: Project,
    run: str,
    settings: TrainSettings,
    image_ids: IntArray,
    live: LatestSlot[LiveArrays] | None,
    control: Control | None,
    *,
    resume: bool,
) -> JobBody:
    row_of = {row.id: row for row in project.images()}
    rows = [row_of[int(one)] for one in image_ids]
    images: CachedImages | CachedTiles | CachedViews
    if settings.task == "pixels":
        tiles = yield from cut_tiles(project, settings, image_ids)
        images = CachedTiles.of(tiles, image_ids, {row.id: (row.width, row.height) for row in rows})
    else:
        images = yield from images_for(project, settings, rows)
    extra, extra_is_grey = (yield from _index_extra(project, settings)) if settings.extra else (None, True)
    work = Work(
        kind=TRAIN,
        run_folder=project.run_dir(run),
        settings=settings.as_dict(),
        images=images,
        is_grey=extra_is_grey and all(row.is_grey for row in rows),
        extra=extra,
        resume=resume,
    )
    processes = announce(work)
    if settings.device == "cpu":
        torch.set_num_threads(training_threads())
    with training_data(work) as data, freed_memory_kept() if settings.device == "cpu" else contextlib.nullcontext():
        for item in train_on(data, settings, work.run_folder, resume=resume, live=live, control=control, processes=processes):
            if isinstance(item, Assignments):
                _save_assignments(project, run, item)
                yield AssignmentsSaved(run=run, num_images=len(item.image_ids), sub_head=item.sub_head, final=False)
            elif isinstance(item, TrainingResult):
                processes.leave()
                of_all = item.assignments if settings.task == "pixels" else (yield from _of_all(project, run, item.assignments))
                summary = _save_result(project, run, item, of_all, settings.task)
                summary |= _beside(project, run, images, item.assignments, settings)
                if settings.task == "pixels":
                    estimate_areas_again(project, run)
                yield AssignmentsSaved(run=run, num_images=len(image_ids), sub_head=item.assignments.sub_head, final=True)
                if (accepted := load_curation(project).accepted_run) and accepted != run:
                    yield WarningRaised(message=PROPOSAL, hint=PROPOSAL_HINT)
                return Outcome(len(image_ids), project.count_images(PROBLEM), item.stopped_early, summary)
            else:
                yield item
    raise AssertionError("training ends with its result")


def _index_extra(project: Project, settings: TrainSettings) -> Generator[Event, None, tuple[CachedImages, bool]]:
    """Index the folder of more images in a project of its own; returns where they lie and whether all are grey."""
    assert settings.extra is not None
    folder = Path(settings.extra)
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a folder of images after --extra.")
    if folder.resolve() == project.folder.resolve():
        raise UsageError("The extra images are those of the project.", "Name another folder after --extra, or leave it out.")
    with Project.open_or_create(paths.default_project_path(folder), folder) as other:
        yield from index_folder(other, settings.image_size)
        rows = other.images(OK)
        if not rows:
            raise StudioError(f"There is no readable image in {folder}.", "Name another folder after --extra, or leave it out.")
        ids = np.array([row.id for row in rows], dtype=np.int64)
        return CachedImages.of(other, ids), all(row.is_grey for row in rows)


def _side_wanted(settings: TrainSettings) -> int | None:
    """What squares of whole images are needed for; none where tiles are used."""
    return None if settings.task == "pixels" else settings.image_size


def _save_assignments(project: Project, run: str, assignments: Assignments) -> None:
    """Keep assignments. When another sub-head speaks now and people have said something about the clusters, its clusters take over the
    labels of those that held the same images."""
    before = project.load_assignments(run)
    if before is None or before.sub_head == assignments.sub_head:
        project.save_assignments(run, replace(assignments, labels=None if before is None else before.labels))
        return
    with project.writing() as connection:  # an edit that is made meanwhile waits, and then fits or is refused
        if is_edited(connection, run):
            project.save_assignments(run, replace(assignments, labels=_labels_carried_over(before, assignments)))
        else:
            project.save_assignments(run, assignments)
            note_new_numbers(connection)


def _labels_carried_over(before: Assignments, now: Assignments) -> IntArray:
    num_clusters = now.probabilities.shape[1]
    _, old, new = np.intersect1d(before.image_ids, now.image_ids, return_indices=True)
    moved_to = hungarian_match(contingency(before.assignment[old], now.assignment[new], num_clusters, num_clusters))
    labels = np.empty(num_clusters, np.int64)
    labels[moved_to] = before.cluster_labels
    return labels


def _of_all(project: Project, run: str, trained: Assignments) -> Generator[Event, None, Assignments]:
    """What a finished run says, also of the images that people had excluded: they have a place at once when they are put back."""
    path = project.run_dir(run) / _LEFT_OUT
    left_out = np.load(path, allow_pickle=False) if path.is_file() else np.zeros(0, np.int64)
    left_out = left_out[np.isin(left_out, [row.id for row in project.images(OK)])]
    if not len(left_out):
        return trained
    model = TrainedModel.of(project.run_dir(run))
    row_of = {row.id: row for row in project.images()}

    def say(ids: IntArray) -> Generator[Event, None, Tensor]:
        images = yield from images_for(project, model.settings, [row_of[int(one)] for one in ids])
        with images.pixels() as pixels:
            return (yield from model.say(pixels, images.rows, ids))

    return (yield from with_left_out(say, trained, left_out))


def _save_result(project: Project, run: str, result: TrainingResult, of_all: Assignments, task: str) -> dict[str, Any]:
    folder = project.run_dir(run)
    _save_assignments(project, run, of_all)
    joints = result.joints.joints
    _save_arrays(folder / "joints.npz", joints)
    if (over := result.overclusters) is not None:
        arrays = {"image_ids": over.image_ids, "assignment": over.assignment, "second": over.second, "sub_head": np.array(over.sub_head)}
        _save_arrays(folder / "overclusters.npz", arrays)
    sizes = np.bincount(result.assignments.assignment, minlength=result.assignments.probabilities.shape[1])
    summary = {
        "task": task,
        "losses": result.losses,
        "sub_head": result.assignments.sub_head,
        "mutual_information_share": -min(result.losses[MAIN]) / float(np.log(len(sizes))),
        "cluster_sizes": sizes.tolist(),
        "mean_confidence": float(result.assignments.confidence.mean()),
        "mean_agreement": float(result.assignments.agreement.mean()),
        "steps": result.joints.step,
        "training_s": result.elapsed_s,
        "stopped_early": result.stopped_early,
        "ended_at_plateau": result.ended_at_plateau,
    }
    project.update_run(run, summary=summary, state="finished")  # what the same job goes on to write says so
    return summary


def _beside(
    project: Project, run: str, images: CachedImages | CachedTiles | CachedViews, found: Assignments, settings: TrainSettings
) -> dict[str, float]:
    """How far the groups are those of k-means on the same features, as an adjusted Rand index; kept with the run, if it has an encoder."""
    if not isinstance(images, CachedViews):
        return {}
    from sklearn.metrics import adjusted_rand_score

    kept = {"kmeans_ari": float(adjusted_rand_score(kmeans_beside(images, settings.clusters, settings.seed), found.assignment))}
    project.update_run(run, summary=kept)
    return kept


def _save_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """A NumPy archive; what is there at the path is replaced at once or not at all."""
    fresh = path.with_name(f"{path.stem}.new.npz")
    np.savez(fresh, **arrays)  # type: ignore[arg-type] # its other parameters are no arrays
    fresh.replace(path)


def training_threads() -> int:
    """Threads for torch on a CPU: all cores this process may use, or `OMP_NUM_THREADS`, e.g. on a shared machine."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else usable_cores()
