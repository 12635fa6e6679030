"""Kind, date and camera of pictures that were decoded before these were kept: the heads of the files are read, nothing is decoded."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from iic_studio.events import Event, ProgressMade
from iic_studio.images.exif import read_head
from iic_studio.project.records import OK, ImageRow
from iic_studio.project.store import Project

_BATCH_S = 0.25


def read_missing_shots(project: Project) -> Iterator[Event]:
    """Look at the heads of the usable files whose kind is not known; each batch is kept at once, so a stop loses nothing."""
    if all(project.image_columns("kind")[0]):
        return
    unknown = [row for row in project.images(OK) if not row.kind]
    batch: list[ImageRow] = []
    began = time.monotonic()
    for done, row in enumerate(unknown, start=1):
        head = read_head(str(project.folder / row.path))
        if head is None:  # gone since: its name has to do, or it would be looked at every time
            batch.append(replace(row, kind=Path(row.path).suffix.lstrip(".").upper() or "?"))
        else:
            batch.append(replace(row, kind=head.kind, taken=head.shot.taken, camera=head.shot.camera))
        if time.monotonic() - began > _BATCH_S or done == len(unknown):
            project.record_shots(batch)
            batch, began = [], time.monotonic()
            yield ProgressMade(stage="heads", done=done, total=len(unknown), unit="files")
