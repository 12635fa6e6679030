"""From a trained run to masks in a folder: predict each picture, write its mask and what goes with it, add up what covers how much.

People's corrections hold here as in every other result: clusters that were merged are one class, with its name and colour.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from iic_studio.config import MaskForm, TrainSettings
from iic_studio.curation import Curated, curate, load_curation
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import AssignmentsSaved, Event, WarningRaised
from iic_studio.export import masks as files
from iic_studio.export.files import printable_path, write_json, write_text
from iic_studio.images.worker import Facts
from iic_studio.jobs.features import model_digest
from iic_studio.jobs.mask_formats import write_forms
from iic_studio.jobs.mask_writer import Classes, Counted, MasksWritten, MaskWriter
from iic_studio.jobs.pictures import read_pictures
from iic_studio.jobs.pixel_parts import AREAS_EXACT, division_for
from iic_studio.jobs.results import current_groups
from iic_studio.jobs.running import JobBody, Outcome, Pace, run_job
from iic_studio.jobs.tiles import scale_of
from iic_studio.project.disk import disk_errors, writing
from iic_studio.project.folder import is_inside
from iic_studio.project.records import OK, ImageRow, RunRow
from iic_studio.project.store import Project
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.plan import choose_device
from iic_studio.training.segment import Segmenter

_NATIVE_SIDE = 2_048  # a guess, for the number of pictures that are handed over at once


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


def check_masks_folder(project: Project, target: Path, plan: str = "") -> None:
    """Find out before the work, not after it, whether masks can be written.

    Args:
        plan: of these masks, as `masks_plan` says, if others in this folder shall not be replaced.

    Raises:
        StudioError: the target lies in the folder of images or the other way round, holds other files or other masks, cannot be there, or
            may not be written.
    """
    with writing(target):
        _check_masks_folder(project, target, plan)


def _check_masks_folder(project: Project, target: Path, plan: str) -> None:
    if is_inside(target, project.folder) or is_inside(project.folder, target):
        raise UsageError("The masks would lie among the images, where nothing is ever written.", "Choose another folder for --masks.")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file, not a folder.", "Choose another place for --masks.")
    if target.is_dir() and any(target.iterdir()):
        if not (target / files.META).is_file():
            raise UsageError(f"{target} holds other files.", "Name a new or an empty folder after --masks.")
        if plan and files.plan_in(target) != plan:
            raise UsageError(f"{target} holds other masks.", "Name a new folder, or delete that one first.")
    place = next(place for place in (target.absolute(), *target.absolute().parents) if place.exists())
    if not os.access(place, os.W_OK):
        raise StudioError(f"No permission to write in {place}.", "Choose another place.")


def masks_plan(home: Project, run: RunRow, curated: Curated, rows: list[ImageRow], classes: Classes, sub_head: int) -> str:
    """The same for the same masks: a folder that holds them, whole or cut off, may be written again, in further forms too.

    Args:
        home, run, curated: as for `write_masks`.
        rows: the pictures.
        classes: what the clusters become.
        sub_head: of the clusters.
    """
    pictures = [(os.fsencode(row.path).hex(), bytes(row.quick_hash or b"").hex()) for row in rows]
    clusters = run.id, model_digest(home, run.id), sub_head, [asdict(part) for part in curated.model.parts]
    said = classes.kind, classes.of_cluster.tolist(), classes.all_names(), classes.colours
    return hashlib.blake2b(json.dumps([clusters, said, pictures]).encode(), digest_size=16).hexdigest()


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
    by: tuple[Segmenter, Classes] | None = None,
    replaces: bool = True,
) -> Generator[Event, None, MasksWritten]:
    """Write masks and the table of areas; files that cannot be read any more are told and left out.

    Args:
        project, rows: the pictures.
        home, run, curated: the project with the run, which may be another one, and what people made of its clusters.
        by: who speaks, and what its clusters are; None: the run, in groups.
        replaces: other masks that the program wrote there before.

    Raises:
        StudioError: there is no room, the model is not of these clusters, or the folder holds other masks, and `replaces` is false.
    """
    segmenter, classes = by or (load_segmenter(home, run, curated), Classes.of(curated))
    plan = masks_plan(home, run, curated, rows, classes, segmenter.sub_head)
    check_masks_folder(project, target, "" if replaces else plan)
    writer = MaskWriter(segmenter, target, classes, probabilities=probabilities, forms=forms)
    names = dict(zip((row.id for row in rows), files.mask_names(row.path for row in rows), strict=True))
    failed: list[dict[str, str]] = []
    with disk_errors(f"writing to {target}"):
        write_json(target / files.META, {"program": "iic-studio", "state": "writing", "plan": plan})
        done = yield from _each_picture(
            project, rows, segmenter.settings, "masks", lambda facts: writer.write(names[facts.image_id], facts), failed
        )
        written = writer.written([(row, names[row.id]) for row in rows if row.id in done], done, failed)
        masks = written.masks
        write_text(target / files.AREAS, files.areas_text(written.areas(), classes.names))
        failed += yield from write_forms(project, target, masks, classes.colours, classes.all_names(), forms, classes.kind)
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
        "plan": files.plan_in(target),
        "run_state": meta["state"],
        "classes": [{"id": one, "name": classes.name_of(one), "colour": classes.colours[one]} for one in range(len(classes))],
        "num_masks": len(written.masks),
        "problems": meta["problems"] + written.failed,
        "num_problems": meta["num_problems"] + len(written.failed),
    }
    with disk_errors(f"writing to {target}"):
        write_json(target / files.META, record)


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
        writer = MaskWriter(segmenter, None, Classes.of(curated))
        failed: list[dict[str, str]] = []
        done = yield from _each_picture(project, rows, segmenter.settings, "areas", lambda facts: writer.write("", facts), failed)
        measured = [(row, "") for row in rows if row.id in done]
        written = writer.written(measured, done, failed)
        keep_areas(project, run, written)
        yield AssignmentsSaved(run=run.id, num_images=len(measured), sub_head=segmenter.sub_head, final=True)
        return Outcome(len(measured), len(failed), summary={"area_shares": written.area_shares})

    return run_job("measure", body(), project=project)
