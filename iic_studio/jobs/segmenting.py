"""Masks of a folder of images in one go: index, train on pixels, predict and write; and masks of another folder by a trained project."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from iic_studio.config import MaskForm, TrainSettings
from iic_studio.curation import of_new_images
from iic_studio.events import AssignmentsSaved, Event
from iic_studio.images.samples import write_scenes
from iic_studio.jobs.indexing import index_folder
from iic_studio.jobs.mask_reports import write_mask_report
from iic_studio.jobs.mask_writing import check_masks_folder, finish_masks, keep_areas, pixel_groups, with_mask, write_masks
from iic_studio.jobs.results import check_target, meta_of, proposed_groups, result_rows
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.training import train_run
from iic_studio.project.records import OK
from iic_studio.project.store import SUFFIX, Project, disk_errors
from iic_studio.records import LiveArrays
from iic_studio.training.live import Control, LatestSlot


def segment(
    project: Project,
    settings: TrainSettings,
    target: Path,
    *,
    probabilities: bool = False,
    forms: tuple[MaskForm, ...] = (),
    report: Path | None = None,
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
    """
    run = project.add_run(settings.as_dict(), settings.device)

    def body() -> JobBody:
        check_masks_folder(project, target)
        if report is not None:
            check_target(project, report)
        outcome = yield from train_run(project, run, settings, live, control)
        done, curated = proposed_groups(project)
        rows = with_mask(project, curated)
        written = yield from write_masks(project, rows, project, done, curated, target, probabilities=probabilities, forms=forms)
        keep_areas(project, done, written)
        yield AssignmentsSaved(run=done.id, num_images=len(written.masks), sub_head=written.segmenter.sub_head, final=True)
        done, curated = proposed_groups(project)  # now that areas are exact
        table = result_rows(project, curated)
        meta = meta_of(project, done, curated, table)
        finish_masks(target, written, meta)
        summary = outcome.summary | written.summary(target)
        if report is not None:
            with disk_errors(f"writing {report}"):
                yield from write_mask_report(project, done, curated, table, meta, report, (target, written))
            summary["report"] = str(report)
        return Outcome(len(written.masks), meta["num_problems"] + len(written.failed), outcome.stopped_early, summary)

    return run_job("segment", body(), project=project, run=run.id, settings=settings)


def segment_more(
    project: Project, folder: Path, target: Path, *, probabilities: bool = False, forms: tuple[MaskForm, ...] = ()
) -> Iterator[Event]:
    """Masks of the images in another folder, by the classes of a project that was trained on pixels."""

    def body() -> JobBody:
        run, trained = pixel_groups(project)
        with (
            tempfile.TemporaryDirectory(prefix="segment-", dir=project.cache) as place,
            Project.create(Path(place) / f"new{SUFFIX}", folder) as other,
        ):
            check_masks_folder(other, target)
            for key in ("cache_side", "high_bit_range"):
                other.set_meta(key, project.meta(key))
            yield from index_folder(other)
            written = yield from write_masks(
                other, other.images(OK), project, run, trained, target, probabilities=probabilities, forms=forms
            )
            curated = of_new_images(written.assignments(trained.model), trained)
            meta = meta_of(other, run, curated, result_rows(other, curated))
            finish_masks(target, written, meta)
            return Outcome(len(written.masks), meta["num_problems"] + len(written.failed), summary=written.summary(target))

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
