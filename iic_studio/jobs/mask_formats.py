"""Masks in other forms beside the indexed PNG, made from the masks that were written: overlays and COCO. They are held whole in memory.

16-bit labels are written with the masks, band by band (`jobs.mask_writer`).
"""

import contextlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, get_args

import numpy as np

from iic_studio.config import MaskForm
from iic_studio.errors import UsageError
from iic_studio.events import Event, WarningRaised
from iic_studio.export import masks as files
from iic_studio.export.files import printable_path, write_text
from iic_studio.images.decode import MAX_PIXELS
from iic_studio.images.masks import read_mask
from iic_studio.images.tiles import Scale
from iic_studio.jobs.pictures import pixels_of, read_pictures
from iic_studio.jobs.running import Pace
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project

_SIDE = 2_048
_TOO_LARGE = "is too large for an overlay or COCO"


def mask_forms(names: list[str]) -> tuple[MaskForm, ...]:
    """Forms by their names.

    Raises:
        UsageError: one is not known.
    """
    for name in names:
        if name not in get_args(MaskForm):
            raise UsageError(f"--also {name} is not known.", f"Choose from: {', '.join(get_args(MaskForm))}.")
    return tuple(form for form in get_args(MaskForm) if form in names)


def write_forms(
    project: Project,
    target: Path,
    rows: list[tuple[ImageRow, str]],
    colours: list[tuple[int, int, int]],
    names: list[str],
    forms: tuple[MaskForm, ...],
) -> Generator[Event, None, list[dict[str, str]]]:
    """Write overlays and COCO of masks that lie in `target`; returns path and reason of what failed.

    Args:
        rows: images, each with the name of its mask.
        colours, names: of the classes.
    """
    forms = tuple(form for form in forms if form != "labels")
    failed = [{"path": printable_path(row.path), "reason": _TOO_LARGE} for row, _ in rows if forms and _is_too_large(row)]
    rows = [(row, name) for row, name in rows if not _is_too_large(row)]
    for one in failed:
        yield WarningRaised(message=f"{one['path']} {one['reason']}.", hint="It has its mask, and labels where these were asked for.")
    pace = Pace("forms", len(rows))
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, (row, name) in enumerate(rows if "coco" in forms else [], start=1):
        ids = read_mask(target / name).astype(np.uint8)
        images.append({"id": row.id, "file_name": printable_path(row.path), "width": ids.shape[1], "height": ids.shape[0]})
        annotations += files.coco_annotations(ids, row.id, len(annotations) + 1)
        yield from pace.at(number)
    if "coco" in forms:
        categories = [{"id": number, "name": name, "supercategory": "cluster"} for number, name in enumerate(names)]
        record = {"images": images, "annotations": annotations, "categories": categories}
        write_text(target / files.COCO, json.dumps(record, ensure_ascii=False) + "\n")
    if "overlay" in forms:
        failed += yield from _write_overlays(project, target, rows, colours)
    return failed


def _is_too_large(row: ImageRow) -> bool:
    return row.width * row.height > MAX_PIXELS


def _write_overlays(
    project: Project, target: Path, rows: list[tuple[ImageRow, str]], colours: list[tuple[int, int, int]]
) -> Generator[Event, None, list[dict[str, str]]]:
    of = {row.id: (row, name) for row, name in rows}
    failed: list[dict[str, str]] = []
    pace = Pace("forms", len(rows))
    with contextlib.closing(read_pictures(project, [row for row, _ in rows], Scale(0), _SIDE)) as pictures:
        for done, facts in enumerate(pictures, start=1):
            row, name = of[facts.image_id]
            if facts.reason:
                failed.append({"path": printable_path(row.path), "reason": facts.reason})
                yield WarningRaised(message=f"{failed[-1]['path']} {facts.reason}.", hint="It has no overlay.")
                continue
            with pixels_of(facts) as pixels:
                ids = read_mask(target / name).astype(np.uint8)
                files.save_overlay(target / f"{name.removesuffix('.png')}{files.OVERLAY}", pixels, ids, colours)
            yield from pace.at(done)
    return failed
