"""A report of a segmentation: one page with pictures and their masks, areas, and how the run went."""

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.curation import Curated
from iic_studio.curation.colours import colour_of, rgb
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
from iic_studio.jobs.mask_writer import MasksWritten
from iic_studio.jobs.mask_writing import write_masks
from iic_studio.jobs.running import read_run_log
from iic_studio.project.records import OK, RunRow
from iic_studio.project.store import Project


def write_mask_report(
    project: Project,
    run: RunRow,
    curated: Curated,
    rows: ResultRows,
    meta: dict[str, Any],
    target: Path,
    masks: tuple[Path, MasksWritten] | None,
) -> Generator[Event, None, None]:
    """Write the page.

    Args:
        rows: the pictures it is about.
        meta: as of other results.
        masks: folder and names of the masks of all pictures; None: those that are shown are made anew, and thrown away.
    """
    shares = rows.probabilities_of(slice(None))
    wanted = {int(rows.image_ids[row]) for row in shown_rows(shares)}
    with tempfile.TemporaryDirectory(prefix="report-", dir=project.cache) as place:
        if masks is None:
            chosen = [row for row in project.images(OK) if row.id in wanted]
            written = yield from write_masks(project, chosen, project, run, curated, Path(place), probabilities=False)
            masks = Path(place), written
        folder, names = masks[0], {row.id: name for row, name in masks[1].masks}

        def mask(row: int) -> npt.NDArray[np.integer] | None:
            name = names.get(int(rows.image_ids[row]))
            if rows.width[row] * rows.height[row] > MAX_PIXELS:
                return None
            try:
                return None if name is None else read_mask(folder / name)
            except StudioError:  # it was told when it could not be written
                return None

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
                masks=MaskFacts([rgb(colour_of(group)) for group in curated.groups], shares, mask),
            )
            write_text(target, report_html(facts))
        finally:
            thumbs.close()
