"""Masks in other forms beside the indexed PNG, made from the masks that were written: 16-bit labels, overlays, COCO."""

import contextlib
import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, get_args

import numpy as np

from iic_studio.config import MaskForm
from iic_studio.errors import UsageError
from iic_studio.events import Event, ProgressMade, WarningRaised
from iic_studio.export import masks as files
from iic_studio.export.files import printable_path, write_text
from iic_studio.images.decode import MAX_PIXELS
from iic_studio.images.ingest import read_all
from iic_studio.images.masks import read_mask
from iic_studio.images.tiles import Scale
from iic_studio.images.worker import Setup
from iic_studio.jobs.indexing import high_bit_range
from iic_studio.jobs.tiles import tasks_of
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project

_TELL_INTERVAL_S = 0.1
_SIDE = 2_048
_TOO_LARGE = "is too large for other forms of its mask"


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
    """Write other forms of masks that lie in `target`; returns path and reason of what failed.

    Args:
        rows: images, each with the name of its mask.
        colours, names: of the classes.
    """
    failed = [{"path": printable_path(row.path), "reason": _TOO_LARGE} for row, _ in rows if forms and _is_too_large(row)]
    rows = [(row, name) for row, name in rows if not _is_too_large(row)]
    for one in failed:
        yield WarningRaised(message=f"{one['path']} {one['reason']}.", hint="It has its mask as PNG only.")
    told = 0.0
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, (row, name) in enumerate(rows if {"labels", "coco"} & set(forms) else [], start=1):
        ids = read_mask(target / name).astype(np.uint8)
        if "labels" in forms:
            files.save_labels(target / f"{name.removesuffix('.png')}{files.LABELS}", ids)
        if "coco" in forms:
            images.append({"id": row.id, "file_name": printable_path(row.path), "width": ids.shape[1], "height": ids.shape[0]})
            annotations += files.coco_annotations(ids, row.id, len(annotations) + 1)
        if time.monotonic() - told > _TELL_INTERVAL_S or number == len(rows):
            told = time.monotonic()
            yield ProgressMade(stage="forms", done=number, total=len(rows))
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
    setup = Setup(os.fspath(project.cache / "picture"), _SIDE, high_bit_range(project), pictures=Scale(0))
    failed: list[dict[str, str]] = []
    done, told = 0, 0.0
    with contextlib.closing(read_all(tasks_of(project, [row for row, _ in rows]), setup)) as batches:
        for facts in (one for batch in batches for one in batch):
            row, name = of[facts.image_id]
            done += 1
            if facts.picture is None:
                failed.append({"path": printable_path(row.path), "reason": facts.reason})
                yield WarningRaised(message=f"{failed[-1]['path']} {facts.reason}.", hint="It has no overlay.")
                continue
            pixels = np.load(facts.picture, allow_pickle=False) if isinstance(facts.picture, Path) else facts.picture
            if isinstance(facts.picture, Path):
                facts.picture.unlink(missing_ok=True)
            ids = read_mask(target / name).astype(np.uint8)
            files.save_overlay(target / f"{name.removesuffix('.png')}{files.OVERLAY}", pixels, ids, colours)
            if time.monotonic() - told > _TELL_INTERVAL_S or done == len(rows):
                told = time.monotonic()
                yield ProgressMade(stage="forms", done=done, total=len(rows))
    return failed
