"""Masks of a folder of images in one go: index, train on pixels, predict and write; and masks of another folder by a trained project."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from iic_studio.config import MaskForm, TrainSettings
from iic_studio.curation import load_curated, of_new_images
from iic_studio.events import AssignmentsSaved, Event
from iic_studio.jobs.class_masks import check_by_class, class_speaker
from iic_studio.jobs.indexing import index_folder
from iic_studio.jobs.mask_reports import write_mask_report
from iic_studio.jobs.mask_writing import check_masks_folder, finish_masks, keep_areas, pixel_groups, with_mask, write_masks
from iic_studio.jobs.results import check_target, meta_of, proposed_groups, result_rows
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.training import train_run
from iic_studio.jobs.whole import sample_target
from iic_studio.project.records import OK
from iic_studio.project.store import SUFFIX, Project, disk_errors
from iic_studio.records import Assignments, LiveArrays
from iic_studio.training.live import Control, LatestSlot


def segment(
    project: Project,
    settings: TrainSettings,
    target: Path,
    *,
    probabilities: bool = False,
    forms: tuple[MaskForm, ...] = (),
    report: Path | None = None,
    by_class: bool = False,
    live: LatestSlot[LiveArrays] | None = None,
    control: Control | None = None,
) -> Iterator[Event]:
    """Index, train on pixels, and write a mask for each image.

    Args:
        settings: as asked for, with the task "pixels".
        target: folder for the masks.
        probabilities: write probabilities and entropies too.
        forms: other forms of the masks to be written beside them.
        report: a page with pictures, areas and curves.
        by_class: masks and report show the classes that labelled pixels make of the clusters, instead of the clusters.
    """
    run = project.add_run(settings.as_dict(), settings.device)

    def body() -> JobBody:
        check_masks_folder(project, target)
        _check(project, report, by_class=by_class)
        outcome = yield from train_run(project, run, settings, live, control)
        done, curated = proposed_groups(project)
        rows = with_mask(project, curated)
        speaker = (yield from class_speaker(project, done, curated)) if by_class else None
        by = None if speaker is None else speaker.by
        written = yield from write_masks(project, rows, project, done, curated, target, probabilities=probabilities, forms=forms, by=by)
        if speaker is None:
            keep_areas(project, done, written)
        yield AssignmentsSaved(run=done.id, num_images=len(written.masks), sub_head=written.segmenter.sub_head, final=True)
        done, curated = proposed_groups(project)  # now that areas are exact
        table = result_rows(project, curated)
        meta = meta_of(project, done, curated, table) | ({} if speaker is None else speaker.meta)
        finish_masks(target, written, meta)
        summary = outcome.summary | written.summary(target)
        if report is not None:
            with disk_errors(f"writing {report}"):
                yield from write_mask_report(project, done, curated, table, meta, report, (target, written), speaker)
            summary["report"] = str(report)
        return Outcome(len(written.masks), meta["num_problems"] + len(written.failed), outcome.stopped_early, summary)

    return run_job("segment", body(), project=project, run=run.id, settings=settings)


def _check(project: Project, report: Path | None, *, by_class: bool) -> None:
    if report is not None:
        check_target(project, report)
    if by_class:
        check_by_class(load_curated(project))


def segment_more(
    project: Project,
    folder: Path,
    target: Path,
    *,
    probabilities: bool = False,
    forms: tuple[MaskForm, ...] = (),
    by_class: bool = False,
) -> Iterator[Event]:
    """Masks of the images in another folder, by the clusters of a project that was trained on pixels, or by what its labels make of them.

    Args:
        by_class: by the classes that labelled pixels of the project make of its clusters.
    """

    def body() -> JobBody:
        run, trained = pixel_groups(project)
        if by_class:
            check_by_class(trained)
        with (
            tempfile.TemporaryDirectory(prefix="segment-", dir=project.cache) as place,
            Project.create(Path(place) / f"new{SUFFIX}", folder) as other,
        ):
            check_masks_folder(other, target)
            for key in ("cache_side", "high_bit_range"):
                other.set_meta(key, project.meta(key))
            yield from index_folder(other)
            speaker = (yield from class_speaker(project, run, trained)) if by_class else None
            by = None if speaker is None else speaker.by
            written = yield from write_masks(
                other, other.images(OK), project, run, trained, target, probabilities=probabilities, forms=forms, by=by
            )
            known = written.assignments(trained.model) if speaker is None else _of_no_image(trained.model)
            curated = of_new_images(known, trained)
            meta = meta_of(other, run, curated, result_rows(other, curated)) | ({} if speaker is None else speaker.meta)
            finish_masks(target, written, meta)
            return Outcome(len(written.masks), meta["num_problems"] + len(written.failed), summary=written.summary(target))

    return run_job("assign", body(), project=project)


def _of_no_image(assignments: Assignments) -> Assignments:
    """The clusters, and nothing said of any image: where masks are of classes, nobody counted what each cluster covers."""
    whole = assignments.whole or assignments
    columns = {name: getattr(whole, name)[:0] for name in ("image_ids", "probabilities", "assignment", "votes", "agreement")}
    return replace(whole, **columns, overlaps=None)


def demo_scenes(place: Path, settings: TrainSettings) -> Iterator[Event]:
    """Segment the two photographs that come with scikit-learn.

    Args:
        place: folder for the sample, the project and the folder `masks`.
    """
    with Project.open_or_create(sample_target("scenes", place), place / "scenes") as project:
        yield from segment(project, settings, place / "masks")
