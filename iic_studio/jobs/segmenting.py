"""Masks of a folder of images: index, train on pixels, predict and write in one go; and masks of a project that is trained."""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio import __version__
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import AssignmentsSaved, Event, ProgressMade, WarningRaised
from iic_studio.export import masks as files
from iic_studio.export.csv_table import printable_path
from iic_studio.images.ingest import read_all
from iic_studio.images.samples import write_scenes
from iic_studio.images.worker import Facts, Setup
from iic_studio.jobs.indexing import high_bit_range, index_folder
from iic_studio.jobs.mask_formats import MaskForm, write_forms
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.tiles import scale_of, tasks_of
from iic_studio.jobs.training import train_run
from iic_studio.project.records import OK, PROBLEM, RunRow
from iic_studio.project.store import SUFFIX, Project, disk_errors
from iic_studio.records import Assignments, LiveArrays
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.plan import choose_device
from iic_studio.training.segment import Picture, Segmenter, entropy

_TELL_INTERVAL_S = 0.1
_NATIVE_SIDE = 2_048  # a guess, for the number of pictures that are handed over at once


def segment(
    project: Project,
    settings: TrainSettings,
    target: Path,
    *,
    probabilities: bool = False,
    forms: tuple[MaskForm, ...] = (),
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
) -> Iterator[Event]:
    """Index, train on pixels, and write a mask for each image.

    Args:
        settings: as asked for, with the task "pixels".
        target: folder for the masks.
        probabilities: write probabilities and entropies too.
        forms: other forms of the masks to be written beside them.
    """
    run = project.add_run(settings.as_dict(), settings.device)

    def body() -> JobBody:
        check_masks_folder(project, target)
        outcome = yield from train_run(project, run, settings, live, control)
        written = yield from write_masks(project, project.run(run.id), target, probabilities=probabilities, forms=forms)
        return Outcome(written.num_images, written.num_problems, outcome.stopped_early, {**outcome.summary, **written.summary})

    return run_job("segment", body(), project=project, run=run.id, settings=settings)


def export_masks(project: Project, target: Path, *, probabilities: bool = False, forms: tuple[MaskForm, ...] = ()) -> Iterator[Event]:
    """Write masks by the newest run of a project that was trained on pixels."""

    def body() -> JobBody:
        check_masks_folder(project, target)
        return (yield from write_masks(project, newest_pixel_run(project), target, probabilities=probabilities, forms=forms))

    return run_job("export", body(), project=project)


def segment_more(
    project: Project, folder: Path, target: Path, *, probabilities: bool = False, forms: tuple[MaskForm, ...] = ()
) -> Iterator[Event]:
    """Masks of the images in another folder, by the newest run of a project that was trained on pixels."""

    def body() -> JobBody:
        run = newest_pixel_run(project)
        with (
            tempfile.TemporaryDirectory(prefix="segment-", dir=project.cache) as place,
            Project.create(Path(place) / f"new{SUFFIX}", folder) as other,
        ):
            check_masks_folder(other, target)
            other.set_meta("high_bit_range", project.meta("high_bit_range"))
            other.set_meta("cache_side", project.meta("cache_side"))
            yield from index_folder(other)
            return (yield from _write_masks(other, project, run, target, probabilities=probabilities, forms=forms))

    return run_job("assign", body(), project=project)


def demo_scenes(place: Path, settings: TrainSettings) -> Iterator[Event]:
    """Segment the two photographs that come with scikit-learn.

    Args:
        place: folder for the sample, the project and the folder `masks`.
    """
    folder = place / "scenes"
    write_scenes(folder)
    with Project.open_or_create(place / f"scenes{SUFFIX}", folder) as project:
        yield from segment(project, settings, place / "masks")


def newest_pixel_run(project: Project) -> RunRow:
    """The newest run with a model that was trained on pixels.

    Raises:
        StudioError: there is none.
    """
    for run in reversed(project.runs()):
        if run.settings.get("task") == "pixels" and (project.run_dir(run.id) / MODEL).is_file():
            return run
    raise StudioError("This project has no segmentation yet.", "Make one: `iic-studio segment FOLDER --masks DIR`.")


def check_masks_folder(project: Project, target: Path) -> None:
    """Find out before the work, not after it, whether masks can be written.

    Raises:
        StudioError: the target lies in the folder of images or the other way round, holds other files, or may not be written.
    """
    place, images = target.resolve(), project.folder.resolve()
    if place.is_relative_to(images) or images.is_relative_to(place):
        raise UsageError("The masks would lie among the images, where nothing is ever written.", "Choose another folder for --masks.")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file, not a folder.", "Choose another place for --masks.")
    if target.is_dir() and any(target.iterdir()) and not (target / files.META).is_file():
        raise UsageError(f"{target} holds other files.", "Name a new or an empty folder after --masks.")
    with disk_errors(f"making {target}"):
        target.mkdir(parents=True, exist_ok=True)
    if not os.access(target, os.W_OK):
        raise StudioError(f"No permission to write in {target}.", "Choose another place.")


def write_masks(project: Project, run: RunRow, target: Path, *, probabilities: bool, forms: tuple[MaskForm, ...] = ()) -> JobBody:
    """Write masks, the table of areas and what there is to know about them; files that cannot be read any more are counted as problems.

    Raises:
        StudioError: the run has no model for pixels, or there is no room.
    """
    outcome = yield from _write_masks(project, project, run, target, probabilities=probabilities, forms=forms)
    return outcome


def _write_masks(
    project: Project, home: Project, run: RunRow, target: Path, *, probabilities: bool, forms: tuple[MaskForm, ...] = ()
) -> JobBody:
    """As `write_masks`; `home` has the run, `project` the images."""
    settings = TrainSettings.from_dict(run.settings)
    segmenter = Segmenter.load(home.run_dir(run.id), choose_device("auto" if settings.device == "cpu" else settings.device))
    rows = project.images(OK)
    names = dict(zip((row.id for row in rows), files.mask_names(row.path for row in rows), strict=True))
    writer = _Writer(segmenter, target, settings.clusters, probabilities=probabilities)
    problems = [{"path": printable_path(row.path), "reason": row.reason} for row in project.images(PROBLEM)]
    path_of = {row.id: row.path for row in rows}
    areas: dict[int, tuple[str, str, int, int, npt.NDArray[np.int64]]] = {}
    _write_meta(target, project, home, run, "writing", 0, problems)
    scale = scale_of(settings)
    setup = Setup(os.fspath(project.cache / "picture"), scale.short_side or _NATIVE_SIDE, high_bit_range(project), pictures=scale)
    done, told = 0, 0.0
    with contextlib.closing(read_all(tasks_of(project, rows), setup)) as batches, disk_errors(f"writing to {target}"):
        for facts in (one for batch in batches for one in batch):
            if facts.reason:
                problems.append({"path": printable_path(path_of[facts.image_id]), "reason": facts.reason})
                yield WarningRaised(message=f"{printable_path(path_of[facts.image_id])} {facts.reason}.", hint="It has no mask.")
            else:
                pixels = writer.write(names[facts.image_id], facts)
                areas[facts.image_id] = (path_of[facts.image_id], names[facts.image_id], facts.width, facts.height, pixels)
            done += 1
            if time.monotonic() - told > _TELL_INTERVAL_S or done == len(rows):
                told = time.monotonic()
                yield ProgressMade(stage="masks", done=done, total=len(rows))
        files.write_text(target / files.AREAS, files.areas_text(list(areas.values()), home.cluster_names(run.id)))
        written = [(row, names[row.id]) for row in rows if row.id in areas]
        failed = yield from write_forms(project, target, written, settings.clusters, home.cluster_names(run.id), forms)
        _write_meta(target, project, home, run, "finished", len(areas), problems)
    if project is home and project.writable and areas:
        _keep_areas(project, run, {image_id: row[4] for image_id, row in areas.items()})
        yield AssignmentsSaved(run=run.id, num_images=len(areas), sub_head=segmenter.sub_head, final=True)
    total = np.sum([row[4] for row in areas.values()], axis=0) if areas else np.zeros(settings.clusters)
    summary = {"masks": str(target), "num_masks": len(areas), "area_shares": (total / max(total.sum(), 1)).tolist()}
    return Outcome(len(areas), len(problems) + failed, summary=summary)


class _Writer:
    """Predicts pictures and writes what comes out."""

    def __init__(self, segmenter: Segmenter, target: Path, num_clusters: int, *, probabilities: bool) -> None:
        self._segmenter, self._target, self._num_clusters, self._probabilities = segmenter, target, num_clusters, probabilities

    def write(self, name: str, facts: Facts) -> npt.NDArray[np.int64]:
        """The mask of one picture; returns (K,) pixels of each cluster."""
        assert facts.picture is not None
        if isinstance(facts.picture, Path):
            try:
                mapped = np.load(facts.picture, mmap_mode="r", allow_pickle=False)
                return self._predict(name, mapped, facts.width, facts.height)
            finally:
                facts.picture.unlink(missing_ok=True)
        return self._predict(name, facts.picture, facts.width, facts.height)

    def _predict(self, name: str, picture: Picture, width: int, height: int) -> npt.NDArray[np.int64]:
        ids = np.empty((height, width), np.uint8)
        stem = self._target / name.removesuffix(".png")
        unsure = np.empty((height, width), np.uint8) if self._probabilities else None
        whole = files.ProbabilityFile(_with(stem, files.PROBABILITIES), self._num_clusters, height, width) if self._probabilities else None
        try:
            for row, band in self._segmenter.probabilities(picture, width, height):
                ids[row : row + band.shape[1]] = band.argmax(axis=0)
                if whole is not None and unsure is not None:
                    whole.add(row, band)
                    unsure[row : row + band.shape[1]] = np.rint(entropy(band) * 255)
            if whole is not None and unsure is not None:
                whole.close()
                files.save_grey(_with(stem, files.ENTROPY), unsure)
        finally:
            if whole is not None:
                whole.discard()
        files.save_mask(self._target / name, ids, self._num_clusters)
        return np.bincount(ids.ravel(), minlength=self._num_clusters)


def _with(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _keep_areas(project: Project, run: RunRow, areas: dict[int, npt.NDArray[np.int64]]) -> None:
    """The store's assignments become exact: how much of each image each cluster covers."""
    before = project.load_assignments(run.id)
    ids = np.array(sorted(areas), dtype=np.int64)
    shares = np.stack([areas[int(one)] / max(int(areas[int(one)].sum()), 1) for one in ids]).astype(np.float32)
    most = shares.argmax(axis=1)
    agreement = np.ones(len(ids), np.float32)
    sub_head = before.sub_head if before is not None else 0
    project.save_assignments(run.id, Assignments(ids, shares, most, most[:, None], agreement, sub_head))


def _write_meta(
    target: Path, project: Project, home: Project, run: RunRow, state: str, num_masks: int, problems: list[dict[str, str]]
) -> None:
    record: dict[str, Any] = {
        "program": "iic-studio",
        "version": __version__,
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "state": state,
        "folder": printable_path(str(project.folder)),
        "run": run.id,
        "settings": run.settings,
        "losses": run.summary.get("losses"),
        "cluster_names": home.cluster_names(run.id),
        "palette": files.palette(int(run.settings["clusters"])),
        "num_masks": num_masks,
        "problems": problems,
    }
    files.write_text(target / files.META, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
