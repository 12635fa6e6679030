"""What a person asked to take away: which formats, where to, which pictures; and what that will make, told before anything is made."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.config import Link, MaskForm
from iic_studio.errors import UsageError
from iic_studio.export.files import printable_path
from iic_studio.export.folders import LINK_NAMES, FolderPlan
from iic_studio.export.onnx_folder import LABELS, PREDICT, PREPROCESSING
from iic_studio.export.result_rows import ResultRows
from iic_studio.records import IntArray

TREES = ("folders", "hugging_face")
MODEL, MASKS, REPORT = "onnx", "masks", "report"


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """One export: a target for each format that is wanted.

    Attributes:
        csv, jsonl, coco, report: files.
        folders, hugging_face: new folders that get a folder for each cluster; the second one also `metadata.csv`.
        onnx: file of the model, or a folder for it.
        masks: new folder that gets a mask for each picture, of a project trained on pixels.
        also: other forms of the masks.
        by_class: masks, and a report, of the classes that labelled pixels make of the clusters, instead of the clusters.
        link: how pictures get into the folders.
        probabilities: columns `p_0 …` in CSV and JSON Lines; beside masks the probabilities of each pixel.
        clusters, image_ids: only these; a picture must fit both. None: all.
        dry_run: say what would be made, make nothing.
    """

    csv: Path | None = None
    jsonl: Path | None = None
    coco: Path | None = None
    masks: Path | None = None
    report: Path | None = None
    onnx: Path | None = None
    hugging_face: Path | None = None
    folders: Path | None = None
    also: tuple[MaskForm, ...] = ()
    by_class: bool = False
    link: Link = "copy"
    probabilities: bool = False
    clusters: tuple[int, ...] | None = None
    image_ids: IntArray | None = None
    dry_run: bool = False

    def targets(self) -> dict[str, Path]:
        """Format -> target, of those that are wanted, what is quickly done first; but masks before the report, which shows them."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Path)}

    @property
    def is_whole(self) -> bool:
        """All pictures are wanted."""
        return self.clusters is None and self.image_ids is None


def chosen_rows(rows: ResultRows, request: ExportRequest) -> ResultRows:
    """The rows that are wanted.

    Raises:
        UsageError: there is no such cluster, or no picture fits.
    """
    if request.is_whole:
        return rows
    chosen = np.ones(len(rows), np.bool_)
    if request.clusters is not None:
        unknown = [one for one in request.clusters if not 0 <= one < rows.num_clusters]
        if unknown:
            raise UsageError(f"There is no cluster {unknown[0]}.", f"The clusters are 0 to {rows.num_clusters - 1}.")
        chosen &= np.isin(rows.cluster, request.clusters)
    if request.image_ids is not None:
        chosen &= np.isin(rows.image_ids, request.image_ids)
    if not chosen.any():
        raise UsageError("No picture is chosen.", "Choose pictures that could be read, or export all.")
    return rows.part(chosen)


def ids_in(lines: Iterator[str], rows: ResultRows) -> IntArray:
    """Ids of the pictures that a list names.

    Args:
        lines: a path as in the CSV, or an id, on each.
        rows: all pictures of the project.

    Raises:
        UsageError: a line names none.
    """
    known = set(rows.image_ids.tolist())
    by_path = {printable_path(path): image_id for path, image_id in zip(rows.paths, rows.image_ids.tolist(), strict=True)}
    found = []
    for line in filter(None, (line.rstrip("\r\n") for line in lines)):
        image_id = by_path.get(line) or (int(line) if line.strip().isdecimal() and int(line) in known else None)
        if image_id is None:
            raise UsageError(f"There is no readable picture {line} in this project.", "Write a path as in the CSV, or an id, on each line.")
        found.append(image_id)
    return np.array(found, dtype=np.int64)


# What will be made --------------------------------------------------------------------------------------------------------------------


def planned_record(request: ExportRequest, name: str, target: Path, rows: ResultRows, plan: FolderPlan | None, note: str) -> dict[str, Any]:
    """What one format will make, for people and programs.

    Args:
        name: of the format.
        target: as it will be written.
        rows: those that are wanted.
        plan: of a format that fills folders.
        note: one more sentence, or empty.
    """
    link = request.link
    record: dict[str, Any] = {"format": name, "path": str(target), "exists": target.is_file(), "note": note}
    if name == MASKS:
        record |= {"files": int((~rows.excluded).sum()), "left_out": int(rows.excluded.sum())}
        return record | {"probabilities": request.probabilities, "also": list(request.also)}
    if plan is None:
        others = [str(target.parent / other) for other in (PREPROCESSING, LABELS, PREDICT)] if name == MODEL else []
        return record | {"files": 1 + len(others), "rows": 0 if name == MODEL else len(rows), "others": others}
    counts: dict[str, int] = {}
    for wanted in plan.targets:
        folder = wanted.partition("/")[0]
        counts[folder] = counts.get(folder, 0) + 1
    copied = plan.num_bytes if link == "copy" or note else 0
    return record | {"files": len(plan.targets), "bytes": copied, "link": link, "folders": counts, "left_out": plan.left_out}


def link_note(link: Link, source: Path, target: Path) -> str:
    """What can be said beforehand about links that will not work."""
    if link != "hard":
        return ""
    nearest = next(place for place in (target.absolute(), *target.absolute().parents) if place.exists())
    apart = source.exists() and source.stat().st_dev != nearest.stat().st_dev
    return f"{LINK_NAMES[link]} do not reach another disk, so files will be copied." if apart else ""
