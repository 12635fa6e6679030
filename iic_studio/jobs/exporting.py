"""Taking results away: any of the formats in one go, all from the same rows, for all pictures or some.

What can go wrong is looked for before anything is written; what is quickly done is written first.
"""

import importlib.util
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.curation import Curated
from iic_studio.curation.colours import colour_of
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import Event, ProgressMade
from iic_studio.export.coco import coco_text
from iic_studio.export.csv_table import csv_text, meta_path
from iic_studio.export.files import printable_path, write_json, write_text
from iic_studio.export.folders import FolderPlan, check_folder, plan_folders, write_folders
from iic_studio.export.json_lines import jsonl_text
from iic_studio.export.onnx_folder import HowSeen, check_model_folder, model_file, write_model
from iic_studio.export.report import ReportFacts, report_html
from iic_studio.export.request import MASKS, MODEL, REPORT, TREES, ExportRequest, chosen_rows, ids_in, link_note, planned_record
from iic_studio.export.result_rows import ResultRows
from iic_studio.export.run_story import tell_story
from iic_studio.iic.networks import MAIN
from iic_studio.images.thumbs import Thumbs
from iic_studio.jobs.class_masks import ClassSpeaker, check_by_class, class_speaker
from iic_studio.jobs.indexing import high_bit_range
from iic_studio.jobs.mapping import saved_maps
from iic_studio.jobs.mask_reports import write_mask_report
from iic_studio.jobs.mask_writer import Classes, MasksWritten
from iic_studio.jobs.mask_writing import check_masks_folder, finish_masks, keep_areas, masks_plan, pixel_groups, with_mask, write_masks
from iic_studio.jobs.networks import network_folder
from iic_studio.jobs.results import check_target, current_groups, meta_of, result_rows
from iic_studio.jobs.running import JobBody, Outcome, read_run_log, run_job
from iic_studio.project.arrays import kept_arrays
from iic_studio.project.disk import writing
from iic_studio.project.maps import METHODS, SOURCES, Layout
from iic_studio.project.records import ImageRow, RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray
from iic_studio.training.plan import choose_device
from iic_studio.training.run_state import load_image_model

_NEEDED_FOR_ONNX = ("onnx", "onnxscript")


@dataclass
class _Work:
    """What all formats are made of."""

    project: Project
    request: ExportRequest
    run: RunRow
    curated: Curated
    rows: ResultRows
    meta: dict[str, Any]
    targets: dict[str, Path]
    plan: FolderPlan | None
    masks: tuple[Path, MasksWritten] | None = None
    speaker: ClassSpeaker | None = None


def export(project: Project, request: ExportRequest) -> Iterator[Event]:
    """Write the newest clusters of a project in each format that is asked for.

    Args:
        project: may be open for reading only.
        request: what and where to; with `dry_run` nothing is written and the summary says what would be.
    """

    def body() -> JobBody:
        work = _prepare(project, request)
        if request.dry_run:
            return Outcome(len(work.rows), summary={"dry_run": True, "run": work.run.id, "planned": _planned(work)})
        task = work.run.settings.get("task", "images")
        summary: dict[str, Any] = {"run": work.run.id, "of": task, "rows": len(work.rows), "written": {}, "failed": []}
        for done, (name, target) in enumerate(work.targets.items()):
            yield ProgressMade(stage=name, done=done, total=len(work.targets), unit="done")
            with writing(target):
                yield from _WRITERS[name](work, target, summary)
            summary["written"][name] = str(target)
        num_unreadable = work.meta["num_problems"] if request.is_whole and set(work.targets) != {MODEL} else 0
        summary["num_unreadable"] = num_unreadable
        return Outcome(len(work.rows), num_unreadable + len(summary["failed"]), summary=summary)

    return run_job("export", body(), project=project)


def listed_ids(project: Project, file: Path) -> np.ndarray:
    """Ids of the pictures that a text file lists, a path or an id on each line.

    Raises:
        StudioError: it cannot be read, or names what is not there.
    """
    _, curated = current_groups(project)
    try:
        with file.open(encoding="utf-8-sig") as lines:
            return ids_in(lines, result_rows(project, curated))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise UsageError(f"{file} cannot be read: {reason}.", "Name a text file with a path or an id on each line.") from error


# Before anything is written -----------------------------------------------------------------------------------------------------------


def _prepare(project: Project, request: ExportRequest) -> _Work:
    targets = request.targets()
    if not targets:
        raise UsageError("Nothing is asked for.", "Say what to write, for example --csv OUT.csv or --folders NEW_FOLDER.")
    if MODEL in targets:
        targets[MODEL] = model_file(targets[MODEL])
    for name, target in targets.items():
        check_target(project, target, is_folder=name in (*TREES, MASKS))
    _check_apart(targets)
    if request.by_class and not {MASKS, REPORT} & set(targets):
        raise UsageError("Classes of pixels go into masks and reports.", "Name a new folder after --masks, or leave out --by-class.")
    run, curated = pixel_groups(project) if MASKS in targets or request.by_class else current_groups(project)
    if request.by_class:
        check_by_class(curated)
    if MODEL in targets:
        network_folder(project, run.id)
        _check_onnx(targets[MODEL])
    whole = result_rows(project, curated)
    meta, rows = meta_of(project, run, curated, whole), chosen_rows(whole, request)
    if not request.is_whole:
        meta["selection"] = {"clusters": request.clusters, "num_images": len(rows)}
    if MASKS in targets:
        check_masks_folder(project, targets[MASKS], "" if request.by_class else _plan_of_masks(project, run, curated, rows))
    plan = plan_folders(rows) if set(targets) & set(TREES) else None
    if plan is not None:
        for name in TREES:
            if name in targets:
                check_folder(plan, targets[name], request.link)
    return _Work(project, request, run, curated, rows, meta, targets, plan)


def _with_mask(project: Project, curated: Curated, rows: ResultRows) -> list[ImageRow]:
    """The images of some rows that get a mask."""
    wanted = set(rows.image_ids.tolist())
    return [row for row in with_mask(project, curated) if row.id in wanted]


def _plan_of_masks(project: Project, run: RunRow, curated: Curated, rows: ResultRows) -> str:
    return masks_plan(project, run, curated, _with_mask(project, curated, rows), Classes.of(curated), curated.sub_head)


def _check_apart(targets: dict[str, Path]) -> None:
    places = [target.resolve() for target in targets.values()]
    if len(set(places)) < len(places):
        raise UsageError("Two formats have the same target.", "Give each one a name of its own.")
    trees = [target.resolve() for name, target in targets.items() if name in (*TREES, MASKS)]
    inside = [place for place in places for tree in trees if place != tree and place.is_relative_to(tree)]
    if inside:
        raise UsageError(f"{inside[0]} would lie in the folder of another format.", "Give each format a place of its own.")


def _check_onnx(file: Path) -> None:
    missing = [name for name in _NEEDED_FOR_ONNX if importlib.util.find_spec(name) is None]
    if missing:
        raise StudioError(f"ONNX needs {' and '.join(missing)}.", "Install them with: pip install 'iic-studio[onnx]'")
    check_model_folder(file)


def _planned(work: _Work) -> list[dict[str, Any]]:
    request, folder = work.request, work.project.folder
    return [
        planned_record(
            request,
            name,
            target,
            work.rows,
            work.plan if name in TREES else None,
            link_note(request.link, folder, target) if name in TREES else "",
        )
        for name, target in work.targets.items()
    ]


# One format each ----------------------------------------------------------------------------------------------------------------------

Writing = Generator[Event, None, None]


def _write_csv(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from ()
    write_text(target, csv_text(work.rows, probabilities=work.request.probabilities))
    write_json(meta_path(target), work.meta)
    summary["csv"] = str(target)


def _write_jsonl(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from ()
    write_text(target, jsonl_text(work.rows, probabilities=work.request.probabilities))
    write_json(meta_path(target), work.meta)


def _write_coco(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from ()
    write_text(target, coco_text(work.rows, work.meta))


def _write_report(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    if work.run.settings.get("task") == "pixels":
        speaker = yield from _speaker(work)
        meta = work.meta | ({} if speaker is None else speaker.meta)
        yield from write_mask_report(work.project, work.run, work.curated, work.rows, meta, target, work.masks, speaker)
        return
    project, run_dir = work.project, work.project.run_dir(work.run.id)
    ids, offsets, lengths = project.image_columns("id", "thumb_offset", "thumb_length")
    places = dict(zip(ids, zip(offsets, lengths, strict=True), strict=True))
    thumbs = Thumbs(project.cache)
    try:
        facts = ReportFacts(
            rows=work.rows,
            meta=work.meta,
            story=tell_story(read_run_log(run_dir / "events.jsonl")),
            thumbnail=lambda image_id: thumbs.read(*places[image_id]),
            joint=_joint(run_dir / "joints.npz", work.curated.sub_head),
            layout=_layout(work.project, work.run.id),
            colours=tuple(colour_of(group) for group in work.curated.groups),
        )
        write_text(target, report_html(facts))
    finally:
        thumbs.close()


def _layout(project: Project, run: str) -> Layout | None:
    """The map of a run that says most; None when none was made or it is damaged: a report is worth having without it."""
    try:
        layouts = saved_maps(project, run).layouts
    except StudioError:
        return None
    return next((layouts[method, of] for method in METHODS for of in SOURCES if (method, of) in layouts), None)


def _joint(file: Path, sub_head: int) -> FloatArray | None:
    """(K, K) of the main head; None before the run has finished or when the file is damaged: a report is worth having without it."""
    found = kept_arrays(file, "reading the clusters", MAIN).get(MAIN)
    return found[sub_head].astype(np.float32) if found is not None and sub_head < len(found) else None


def _write_onnx(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from ()
    from iic_studio.training.onnx_graph import onnx_graph

    network, settings, saved = load_image_model(work.project.run_dir(work.run.id), choose_device("cpu"))
    if settings.is_pretrained:
        raise StudioError("This run's network is not of this program's own, and ONNX holds only those.", "Leave out --onnx.")
    if saved.facts.get("sub_head") != work.curated.sub_head:
        raise StudioError("Training goes on, and its model is not of these clusters.", "Export the model when training has ended.")
    assert settings.transforms is not None, "a trained run has planned settings"
    assert settings.image_size is not None, "a trained run has planned settings"
    seen = HowSeen(
        channels=int(saved.facts["channels"]),
        square_side=int(work.project.meta("cache_side")),
        crop=settings.transforms.base_crop,
        image_size=settings.image_size,
        high_bit_range=high_bit_range(work.project),
    )
    graph = onnx_graph(network, work.curated.sub_head, settings.image_size)
    write_model(target, graph, seen, work.rows, work.meta)


def _write_tree(work: _Work, target: Path, summary: dict[str, Any], *, metadata: bool) -> Writing:
    assert work.plan is not None
    result = yield from write_folders(work.plan, work.project.folder, target, work.request.link, work.meta, metadata=metadata)
    summary["failed"] += [
        {"path": printable_path(work.plan.rows.paths[row]), "reason": reason, "target": str(target)}
        for row, reason in result.failed.items()
    ]
    summary["files"] = summary.get("files", 0) + result.made + result.already
    summary["copied_instead_of_linked"] = summary.get("copied_instead_of_linked", 0) + result.fell_back
    summary["left_out"] = work.plan.left_out


def _write_folders(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from _write_tree(work, target, summary, metadata=False)


def _write_hugging_face(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    yield from _write_tree(work, target, summary, metadata=True)


def _speaker(work: _Work) -> Generator[Event, None, ClassSpeaker | None]:
    """Who gives pixels their class, found out once; None where clusters are wanted."""
    if work.request.by_class and work.speaker is None:
        work.speaker = yield from class_speaker(work.project, work.run, work.curated)
    return work.speaker


def _write_masks(work: _Work, target: Path, summary: dict[str, Any]) -> Writing:
    request, rows = work.request, _with_mask(work.project, work.curated, work.rows)
    speaker = yield from _speaker(work)
    written = yield from write_masks(
        work.project,
        rows,
        work.project,
        work.run,
        work.curated,
        target,
        probabilities=request.probabilities,
        forms=request.also,
        by=None if speaker is None else speaker.by,
        replaces=False,
    )
    finish_masks(target, written, work.meta | ({} if speaker is None else speaker.meta))
    work.masks = target, written
    if work.project.writable and speaker is None:
        keep_areas(work.project, work.run, written)
    summary.update(written.summary(target))
    summary["failed"] += written.failed


_WRITERS: dict[str, Callable[[_Work, Path, dict[str, Any]], Writing]] = {
    "masks": _write_masks,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "coco": _write_coco,
    "report": _write_report,
    "onnx": _write_onnx,
    "hugging_face": _write_hugging_face,
    "folders": _write_folders,
}
