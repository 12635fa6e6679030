"""A report of a segmentation: one page with pictures and their masks, areas, and how the run went; by cluster or by class."""

import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.curation import Curated
from iic_studio.errors import StudioError
from iic_studio.events import Event
from iic_studio.export.files import write_text
from iic_studio.export.mask_report import MaskFacts, shown_rows
from iic_studio.export.report import ReportFacts, report_html
from iic_studio.export.result_rows import ResultRows
from iic_studio.export.run_story import tell_story
from iic_studio.images.decode import MAX_PIXELS
from iic_studio.images.masks import read_mask
from iic_studio.images.thumbs import Thumbs
from iic_studio.jobs.class_masks import ClassSpeaker
from iic_studio.jobs.mask_writer import Classes, MasksWritten
from iic_studio.jobs.mask_writing import with_mask, write_masks
from iic_studio.jobs.running import read_run_log
from iic_studio.project.records import OK, RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray


def write_mask_report(
    project: Project,
    run: RunRow,
    curated: Curated,
    rows: ResultRows,
    meta: dict[str, Any],
    target: Path,
    masks: tuple[Path, MasksWritten] | None,
    speaker: ClassSpeaker | None = None,
) -> Generator[Event, None, None]:
    """Write the page.

    Args:
        rows: the pictures it is about.
        meta: as of other results.
        masks: folder and names of the masks of all pictures; None: those that are needed are made anew, and thrown away.
        speaker: gives classes, of which the masks are; None: they are of the clusters. How much a class covers is counted in the masks, so
            those of all pictures are needed.
    """
    shares = rows.probabilities_of(slice(None))
    wanted = set((rows.image_ids if speaker is not None else rows.image_ids[shown_rows(shares)]).tolist())
    with tempfile.TemporaryDirectory(prefix="report-", dir=project.cache) as place:
        if masks is None:
            images, by = (project.images(OK), None) if speaker is None else (with_mask(project, curated), speaker.by)
            chosen = [row for row in images if row.id in wanted]
            written = yield from write_masks(project, chosen, project, run, curated, Path(place), probabilities=False, by=by)
            masks = Path(place), written
        if speaker is not None:
            shares = _counted(rows, masks[1])
        classes = Classes.of(curated) if speaker is None else speaker.classes
        mask = _reader(rows, *masks)
        thumbs = Thumbs(project.cache)
        ids, offsets, lengths = project.image_columns("id", "thumb_offset", "thumb_length")
        places = dict(zip(ids, zip(offsets, lengths, strict=True), strict=True))
        try:
            facts = ReportFacts(
                rows=rows,
                meta=meta,
                story=tell_story(read_run_log(project.run_dir(run.id) / "events.jsonl")),
                thumbnail=lambda image_id: thumbs.read(*places[image_id]),
                joint=None,
                masks=MaskFacts(classes.colours, classes.all_names(), shares, mask),
            )
            write_text(target, report_html(facts))
        finally:
            thumbs.close()


def _reader(rows: ResultRows, folder: Path, written: MasksWritten) -> Callable[[int], npt.NDArray[np.integer] | None]:
    """Gives the mask of a row, if it has one that can be shown."""
    names = {row.id: name for row, name in written.masks}

    def mask(row: int) -> npt.NDArray[np.integer] | None:
        name = names.get(int(rows.image_ids[row]))
        if name is None or rows.width[row] * rows.height[row] > MAX_PIXELS:
            return None
        try:
            return read_mask(folder / name)
        except StudioError:  # it was told when it could not be written
            return None

    return mask


def _counted(rows: ResultRows, written: MasksWritten) -> FloatArray:
    """(N, G) share of each class in each picture; NaN where there is no mask."""
    shares = np.full((len(rows), len(written.classes)), np.nan, np.float32)
    place_of = {image_id: place for place, image_id in enumerate(rows.image_ids.tolist())}
    for (image, _), (*_, pixels) in zip(written.masks, written.areas(), strict=True):
        if image.id in place_of:
            shares[place_of[image.id]] = pixels / max(int(pixels.sum()), 1)
    return shares
