"""From a trained run to masks in a folder: predict each picture, write its mask and what goes with it, add up what covers how much.

People's corrections hold here as in every other result: clusters that were merged are one class, with its name and colour.
"""

import contextlib
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.config import MaskForm, TrainSettings
from iic_studio.curation import Curated, curate, load_curation
from iic_studio.curation.colours import colour_of, rgb
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.pixel_parts import Division, overlaps_from
from iic_studio.events import AssignmentsSaved, Event, WarningRaised
from iic_studio.export import masks as files
from iic_studio.export.files import printable_path, write_json, write_text
from iic_studio.export.png_bands import PngBands
from iic_studio.images.worker import Facts
from iic_studio.jobs.mask_formats import write_forms
from iic_studio.jobs.pictures import pixels_of, read_pictures
from iic_studio.jobs.pixel_parts import division_for
from iic_studio.jobs.results import current_groups
from iic_studio.jobs.running import JobBody, Outcome, Pace, run_job
from iic_studio.jobs.tiles import scale_of
from iic_studio.project.folder import is_inside
from iic_studio.project.records import OK, ImageRow, RunRow
from iic_studio.project.store import Project, disk_errors
from iic_studio.records import Assignments, FloatArray, IntArray
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.plan import choose_device
from iic_studio.training.segment import Picture, Segmenter, entropy

_NATIVE_SIDE = 2_048  # a guess, for the number of pictures that are handed over at once
_MOST_CLASSES = 256
# In the summary of a run: whether its assignments count every pixel.
AREAS_EXACT = "areas_exact"
Pairs = tuple[IntArray, IntArray]
Counted = tuple[IntArray, Pairs]


@dataclass(frozen=True, eq=False)
class Classes:
    """What the clusters of a run are in its masks.

    Attributes:
        of_cluster: (K,) class id of each cluster.
        names: class -> name that a person gave.
        colours: of the classes.
    """

    of_cluster: IntArray
    names: dict[int, str]
    colours: list[tuple[int, int, int]]

    @classmethod
    def of(cls, curated: Curated) -> Self:
        """The groups as classes, with the numbers they have in the CSV.

        Raises:
            StudioError: there are too many for a mask.
        """
        if len(curated.groups) > _MOST_CLASSES:
            raise StudioError(f"A mask holds at most {_MOST_CLASSES} classes, not {len(curated.groups)}.", "Merge some.")
        return cls(curated.grouping.of_cluster, dict(curated.names), [rgb(colour_of(group)) for group in curated.groups])

    def __len__(self) -> int:
        return len(self.colours)

    def name_of(self, number: int) -> str:
        """What a person called a class, or "Cluster 3"."""
        return self.names.get(number) or f"Cluster {number}"

    def all_names(self) -> list[str]:
        """(G,) names."""
        return [self.name_of(one) for one in range(len(self))]

    def add_up(self, of_clusters: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sums over the clusters of each class, along the first axis."""
        sums = np.zeros((len(self), *of_clusters.shape[1:]), of_clusters.dtype)
        np.add.at(sums, self.of_cluster, of_clusters)
        return sums


@dataclass(frozen=True, eq=False)
class MasksWritten:
    """What came of writing masks.

    Attributes:
        masks: (image, name of its mask) of each that was written.
        pixels: (N, K) pixels of each cluster, and of each part of one, in these.
        classes: see there.
        segmenter: whose clusters they are.
        failed: path and reason of each picture that got no mask, or not in every form.
        pairs: of each picture pairs of clusters and overclusters, and pixels of each; empty where no cluster has parts.
    """

    masks: list[tuple[ImageRow, str]]
    pixels: IntArray
    classes: Classes
    segmenter: Segmenter
    failed: list[dict[str, str]]
    pairs: list[Pairs]

    def assignments(self, before: Assignments | None = None) -> Assignments:
        """The pictures by what covers most of them; their probabilities are the shares."""
        ids = np.array([row.id for row, _ in self.masks], dtype=np.int64)
        order = np.argsort(ids)
        division, pixels, overlaps = self.segmenter.division, self.pixels, None
        if division is not None:
            pixels = np.zeros((len(ids), len(division.table)), np.int64)
            np.add.at(pixels.T, division.owners, self.pixels.T)
            overlaps = overlaps_from([self.pairs[one] for one in order], division.table.shape[1], division.sub_head, is_exact=True)
        shares = (pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).astype(np.float32)[order]
        most = shares.argmax(axis=1)
        labels = None if before is None else (before.whole or before).labels
        return Assignments(
            ids[order], shares, most, most[:, None], np.ones(len(ids), np.float32), self.segmenter.sub_head, labels, overlaps
        )

    def areas(self) -> list[tuple[str, str, int, int, IntArray]]:
        """Path, name of the mask, width, height, and (G,) pixels of each class."""
        found = zip(self.masks, self.pixels, strict=True)
        return [(row.path, name, row.width, row.height, self.classes.add_up(pixels)) for (row, name), pixels in found]

    @property
    def area_shares(self) -> list[float]:
        """(G,) share of each class of all pixels."""
        total = self.classes.add_up(self.pixels.sum(axis=0))
        return (total / max(int(total.sum()), 1)).tolist()  # type: ignore[no-any-return] # numpy's tolist is untyped

    def summary(self, target: Path) -> dict[str, Any]:
        """For the end of a job."""
        return {"masks": str(target), "num_masks": len(self.masks), "area_shares": self.area_shares}


def with_mask(project: Project, curated: Curated) -> list[ImageRow]:
    """Images that get a mask: all that can be read, but for those that people left out."""
    left_out = set(curated.image_ids[curated.excluded].tolist())
    return [row for row in project.images(OK) if row.id not in left_out]


def pixel_groups(project: Project) -> tuple[RunRow, Curated]:
    """The groups of a project as far as they are of pixels: those in force, or what the newest run on pixels says.

    Raises:
        StudioError: no run on pixels has finished.
    """
    newest = next((run for run in reversed(project.runs()) if _gives_masks(project, run)), None)
    if newest is None:
        raise StudioError("This project has no segmentation yet.", "Make one: `iic-studio segment FOLDER --masks DIR`.")
    run, curated = current_groups(project)
    if _gives_masks(project, run):
        return run, curated
    assignments = project.load_assignments(newest.id)
    assert assignments is not None, "a finished run has assignments"
    return newest, curate(assignments, load_curation(project), newest.id)


def _gives_masks(project: Project, run: RunRow) -> bool:
    return run.settings.get("task") == "pixels" and (project.run_dir(run.id) / MODEL).is_file()


def check_masks_folder(project: Project, target: Path) -> None:
    """Find out before the work, not after it, whether masks can be written.

    Raises:
        StudioError: the target lies in the folder of images or the other way round, holds other files, or may not be written.
    """
    if is_inside(target, project.folder) or is_inside(project.folder, target):
        raise UsageError("The masks would lie among the images, where nothing is ever written.", "Choose another folder for --masks.")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file, not a folder.", "Choose another place for --masks.")
    if target.is_dir() and any(target.iterdir()) and not (target / files.META).is_file():
        raise UsageError(f"{target} holds other files.", "Name a new or an empty folder after --masks.")
    place = next(place for place in (target.absolute(), *target.absolute().parents) if place.exists())
    if not os.access(place, os.W_OK):
        raise StudioError(f"No permission to write in {place}.", "Choose another place.")


def write_masks(
    project: Project,
    rows: list[ImageRow],
    home: Project,
    run: RunRow,
    curated: Curated,
    target: Path,
    *,
    probabilities: bool,
    forms: tuple[MaskForm, ...] = (),
) -> Generator[Event, None, MasksWritten]:
    """Write masks and the table of areas; files that cannot be read any more are told and left out.

    Args:
        project, rows: the pictures.
        home, run, curated: the project with the run, which may be another one, and what people made of its clusters.

    Raises:
        StudioError: there is no room, or the model is not of these clusters.
    """
    segmenter, classes = load_segmenter(home, run, curated), Classes.of(curated)
    writer = _Writer(segmenter, target, classes, probabilities=probabilities)
    names = dict(zip((row.id for row in rows), files.mask_names(row.path for row in rows), strict=True))
    failed: list[dict[str, str]] = []
    with disk_errors(f"writing to {target}"):
        write_json(target / files.META, {"program": "iic-studio", "state": "writing"})
        done = yield from _each_picture(
            project, rows, segmenter.settings, "masks", lambda facts: writer.write(names[facts.image_id], facts), failed
        )
        written = writer.written([(row, names[row.id]) for row in rows if row.id in done], done, failed)
        masks = written.masks
        write_text(target / files.AREAS, files.areas_text(written.areas(), classes.names))
        failed += yield from write_forms(project, target, masks, classes.colours, classes.all_names(), forms)
    return written


def load_segmenter(home: Project, run: RunRow, curated: Curated) -> Segmenter:
    """The network of a run, with its clusters divided as people split them.

    Raises:
        StudioError: it is not of these clusters.
    """
    settings = TrainSettings.from_dict(run.settings)
    segmenter = Segmenter.load(home.run_dir(run.id), choose_device("auto" if settings.device == "cpu" else settings.device))
    if segmenter.sub_head != curated.sub_head:
        raise StudioError("Training goes on, and its model is not of these clusters.", "Write the masks when training has ended.")
    model = curated.model
    segmenter.division = division_for(segmenter, model.parts, (model.whole or model).cluster_labels)
    return segmenter


def _each_picture(
    project: Project,
    rows: list[ImageRow],
    settings: TrainSettings,
    stage: str,
    work: Callable[[Facts], Counted],
    failed: list[dict[str, str]],
) -> Generator[Event, None, dict[int, Counted]]:
    """Do something with each picture at the scale of a run; what came of it by image id. Those that cannot be read go into `failed`."""
    scale, path_of = scale_of(settings), {row.id: row.path for row in rows}
    done: dict[int, Counted] = {}
    pace = Pace(stage, len(rows))
    pictures = read_pictures(project, rows, scale, scale.short_side or _NATIVE_SIDE, settings.channels or 3)
    with contextlib.closing(pictures):
        for seen, facts in enumerate(pictures, start=1):
            if facts.reason:
                failed.append({"path": printable_path(path_of[facts.image_id]), "reason": facts.reason})
                yield WarningRaised(message=f"{failed[-1]['path']} {facts.reason}.", hint="It has no mask.")
            else:
                done[facts.image_id] = work(facts)
            yield from pace.at(seen)
    return done


def finish_masks(target: Path, written: MasksWritten, meta: dict[str, Any]) -> None:
    """Write what there is to know about the masks beside them; until then their folder counts as unfinished."""
    classes = written.classes
    record = meta | {
        "state": "finished",
        "run_state": meta["state"],
        "classes": [{"id": one, "name": classes.name_of(one), "colour": classes.colours[one]} for one in range(len(classes))],
        "num_masks": len(written.masks),
        "problems": meta["problems"] + written.failed,
        "num_problems": meta["num_problems"] + len(written.failed),
    }
    with disk_errors(f"writing to {target}"):
        write_json(target / files.META, record)


class _Writer:
    """Predicts pictures, counts their pixels, and writes what comes out, if there is a target."""

    def __init__(self, segmenter: Segmenter, target: Path | None, classes: Classes, *, probabilities: bool) -> None:
        self._segmenter, self._target, self._classes, self._probabilities = segmenter, target, classes, probabilities
        self._lookup = classes.of_cluster.astype(np.uint8)

    def written(self, masks: list[tuple[ImageRow, str]], done: dict[int, Counted], failed: list[dict[str, str]]) -> MasksWritten:
        """What came of it all."""
        of_each = [done[row.id] for row, _ in masks]
        pixels = np.stack([one for one, _ in of_each]) if of_each else np.zeros((0, len(self._lookup)), np.int64)
        return MasksWritten(masks, pixels, self._classes, self._segmenter, failed, [pairs for _, pairs in of_each])

    def write(self, name: str, facts: Facts) -> Counted:
        """The mask of one picture; returns its pixels."""
        with pixels_of(facts) as picture:
            return self._predict(name, picture, facts.width, facts.height)

    def _predict(self, name: str, picture: Picture, width: int, height: int) -> Counted:
        counts = _Counts(len(self._lookup), self._segmenter.division)
        if self._target is None:
            for _, band, overclusters in self._segmenter.bands(picture, width, height):
                counts.add(band.argmax(axis=0), overclusters)
            return counts.found()
        stem = self._target / name.removesuffix(".png")
        mask = PngBands(self._target / name, width, height, self._classes.colours)
        unsure = PngBands(_with(stem, files.ENTROPY), width, height) if self._probabilities else None
        whole = files.ProbabilityFile(_with(stem, files.PROBABILITIES), len(self._classes), height, width) if self._probabilities else None
        parts = [part for part in (mask, unsure, whole) if part is not None]
        try:
            for row, band, overclusters in self._segmenter.bands(picture, width, height):
                clusters = band.argmax(axis=0)
                counts.add(clusters, overclusters)
                mask.add(self._lookup[clusters])
                if whole is not None and unsure is not None:
                    by_class: FloatArray = self._classes.add_up(band)
                    whole.add(row, by_class)
                    unsure.add(np.rint(entropy(by_class) * 255).astype(np.uint8))
            for part in parts:
                part.close()
        finally:
            for part in parts:
                part.discard()
        return counts.found()


class _Counts:
    """Adds up the pixels of a picture.

    Args:
        num_places: clusters and parts of such.
        division: which of the places are parts; then pairs with overclusters are counted too.
    """

    def __init__(self, num_places: int, division: Division | None) -> None:
        self._pixels, self._division = np.zeros(num_places, np.int64), division
        self._pairs = np.zeros(0 if division is None else division.table.size, np.int64)

    def add(self, places: IntArray, overclusters: IntArray | None) -> None:
        """(h, w) place and overcluster of some pixels."""
        self._pixels += np.bincount(places.ravel(), minlength=len(self._pixels))
        if self._division is not None and overclusters is not None:
            pairs = self._division.owners[places] * self._division.table.shape[1] + overclusters
            self._pairs += np.bincount(pairs.ravel(), minlength=len(self._pairs))

    def found(self) -> Counted:
        """Pixels of each place, and pairs with the pixels of each."""
        pairs = np.flatnonzero(self._pairs)
        return self._pixels, (pairs, self._pairs[pairs])


def _with(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def keep_areas(project: Project, run: RunRow, written: MasksWritten) -> None:
    """The store's assignments become exact: how much of each picture each cluster covers."""
    before = project.load_assignments(run.id)
    if written.masks and (before is None or set(before.image_ids.tolist()) <= {row.id for row, _ in written.masks}):
        project.save_assignments(run.id, written.assignments(before))
        project.update_run(run.id, summary={AREAS_EXACT: True})


def measure_areas(project: Project) -> Iterator[Event]:
    """Count the pixels of each cluster in every picture, so that the areas of the whole folder are exact; no mask is written."""

    def body() -> JobBody:
        run, curated = pixel_groups(project)
        segmenter, rows = load_segmenter(project, run, curated), project.images(OK)
        writer = _Writer(segmenter, None, Classes.of(curated), probabilities=False)
        failed: list[dict[str, str]] = []
        done = yield from _each_picture(project, rows, segmenter.settings, "areas", lambda facts: writer.write("", facts), failed)
        measured = [(row, "") for row in rows if row.id in done]
        written = writer.written(measured, done, failed)
        keep_areas(project, run, written)
        yield AssignmentsSaved(run=run.id, num_images=len(measured), sub_head=segmenter.sub_head, final=True)
        return Outcome(len(measured), len(failed), summary={"area_shares": written.area_shares})

    return run_job("measure", body(), project=project)
