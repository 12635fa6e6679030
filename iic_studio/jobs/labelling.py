"""Labels for a project: from a file or from the names of folders, what they make of the clusters, and what to label next."""

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from iic_studio.curation import Curator
from iic_studio.curation import label_edits as edits
from iic_studio.curation.classes import heads_of, load_overclusters, questions
from iic_studio.curation.curated import Curated
from iic_studio.curation.edits import typed_name
from iic_studio.curation.labels import METHOD, NOT_SURE, PRIOR, SKIPPED
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.class_maps import METHODS
from iic_studio.evaluation.label_files import LabelReport, read_columns, read_weights, sort_labels
from iic_studio.evaluation.label_queue import REASONS, suggest
from iic_studio.events import Event, WarningRaised
from iic_studio.export.csv_table import safe_cell, table_text
from iic_studio.export.files import printable_path, write_text
from iic_studio.jobs.class_learning import LEARNERS, learn_classes
from iic_studio.jobs.classes import class_summary, share_record
from iic_studio.jobs.label_report import import_record, warnings_of
from iic_studio.jobs.label_request import LabelRequest, correct
from iic_studio.jobs.pixel_labelling import is_of_pixels, label_pixels
from iic_studio.jobs.results import check_target
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.project.store import Project, disk_errors
from iic_studio.words import numbered

MAPS = ("auto", *METHODS, *LEARNERS)


def label(project: Project, request: LabelRequest) -> Iterator[Event]:
    """Take over labels, and say what they make of the clusters; all of it is the job's summary.

    Args:
        project: may be open for reading only if nothing is to be changed.
        request: what to do.
    """

    def body() -> JobBody:
        _check(request)
        if request.queue is not None:
            check_target(project, request.queue)
        curator = Curator.of(project)
        if is_of_pixels(project, curator.curated):
            return (yield from label_pixels(project, curator, request))
        summary: dict[str, Any] = {}
        if request.classes:
            curator.apply(edits.define_classes(curator.curated, request.classes, fixed=True))
        if request.labels is not None or request.from_folders:
            summary["import"] = yield from _import(project, curator, request)
        for text in request.corrections:
            correct(curator, text)
        if request.fine_tune:
            learned = yield from learn_classes(project, curator, request.seed, request.consistency)
            summary["learned"] = {method: share_record(one) for method, one in learned.items()}
        if request.method is not None or request.prior is not None:
            settings = curator.curated.curation.known.settings
            method, prior = request.method or settings.get(METHOD, "auto"), request.prior or settings.get(PRIOR, "")
            curator.apply(edits.choose_map(curator.curated, method, "" if prior == "even" else prior))
        summary |= class_summary(project, curator.curated)
        if request.next_count:
            summary["next"] = suggestions(project, curator.curated, request.next_count, request.seed)
        if request.queue is not None:
            with disk_errors(f"writing {request.queue}"):
                write_text(request.queue, queue_text(summary["next"]))
            summary["queue"] = str(request.queue)
        return Outcome(summary.get("num_images", 0), summary=summary)

    return run_job("label", body(), project=project)


def _check(request: LabelRequest) -> None:
    if request.labels is not None and request.from_folders:
        raise UsageError("Labels come from a file or from folders, not from both.", "Leave out --labels or --from-folders.")
    if request.truth and request.labels is None and not request.from_folders:
        raise UsageError("There is no truth given.", "Name a file after --labels, or add --from-folders.")
    if request.consistency and not request.fine_tune:
        raise UsageError("Pictures without a label are learned from in fine-tuning only.", "Add --fine-tune.")
    if not 0 <= request.consistency < float("inf"):
        raise UsageError(f"Pictures cannot count {request.consistency} times.", "Choose 1, or another number from 0 on.")
    if request.queue is not None and not request.next_count:
        raise UsageError("It is not said how many pictures to write.", "Add --next 20.")
    if request.method is not None and request.method not in MAPS:
        raise UsageError(f"There is no map {request.method}.", f"Choose one of: {', '.join(MAPS)}.")
    if request.prior not in (None, "even", "labels"):
        raise UsageError(f"There is no prior {request.prior}.", "Choose even or labels.")


# Taking over ---------------------------------------------------------------------------------------------------------------------------


def _import(project: Project, curator: Curator, request: LabelRequest) -> Generator[Event, None, dict[str, Any]]:
    paths, ids = project.image_columns("path", "id")
    id_of = {printable_path(path): image_id for path, image_id in zip(paths, ids, strict=True)}
    if not id_of:
        raise StudioError("This project has no pictures yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")
    if request.labels is not None:
        rows = read_columns(request.labels, "path", "label")
    else:
        rows = [(path, path.rpartition("/")[0].rpartition("/")[2]) for path in id_of]
    known = curator.curated.curation.known
    allowed = {one.name for one in known.classes.values()} if known.are_fixed and not request.truth else None
    report = sort_labels([(path, typed_name(name)) for path, name in rows], id_of, allowed)
    yield from _warnings(report, request)
    if not report.matched:
        raise StudioError(
            numbered(report.rows, "The only row could not be used.", f"None of the {report.rows:,} rows could be used."),
            "Paths must be relative to the folder of pictures, as in the CSV of results.",
        )
    images = np.array([id_of[path] for path in report.matched], np.int64)
    names = list(report.matched.values())
    before = _before(curator.curated, images, truth=request.truth)
    if request.truth:
        curator.apply(edits.read_truth(curator.curated, images, names))
    else:
        weights = read_weights(request.labels) if request.labels is not None else {}
        curator.apply(edits.read_labels(curator.curated, images, names, [weights.get(path) for path in report.matched]))
    return import_record(report, before, names, read_as="truth" if request.truth else "labels")


def _before(curated: Curated, images: np.ndarray, *, truth: bool) -> list[str]:
    """What each image was labelled before; empty for nothing."""
    known = curated.curation.known
    if truth:
        return ["" if row is None else str(row[0]) for row in known.truth.rows(images)]
    names = {uid: one.name for uid, one in known.classes.items()} | {NOT_SURE: "not sure", SKIPPED: "skipped"}
    return [names.get(uid, "") for uid in known.labels.classes_of(images).tolist()]


def _warnings(report: LabelReport, request: LabelRequest) -> Iterator[Event]:
    if report.unknown_paths and not request.from_folders:
        count, first = len(report.unknown_paths), report.unknown_paths[0]
        yield WarningRaised(
            message=numbered(
                count,
                f"1 path is not among the readable pictures: {first}.",
                f"{count:,} paths are not among the readable pictures, e.g. {first}.",
            ),
            hint="Paths are relative to the folder of pictures.",
        )
    yield from warnings_of(report, "path", "paths")


# What to label next ---------------------------------------------------------------------------------------------------------------------


def suggestions(project: Project, curated: Curated, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """What to label next, and why.

    Raises:
        StudioError: nothing was trained yet.
    """
    if not curated.run:
        raise StudioError("This project has no clusters yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")
    heads = heads_of(curated, load_overclusters(project.run_dir(curated.run)))
    path_of = dict(zip(*project.image_columns("id", "path"), strict=True))
    return [
        {
            "path": printable_path(path_of[int(curated.image_ids[one.row])]),
            "reason": REASONS[one.reason],
            "cluster": int(heads.main[one.row]),
            "cluster_name": curated.groups[int(heads.main[one.row])].label,
            "weight": one.weight,
        }
        for one in suggest(questions(curated, heads), count, seed)
    ]


def queue_text(found: list[dict[str, Any]]) -> str:
    """Suggestions as a table whose column `label` is to be filled in; the column `weight` keeps the estimate honest."""
    header = ("path", "label", "reason", "cluster_name", "weight")
    return table_text(header, ((one["path"], "", one["reason"], safe_cell(one["cluster_name"]), f"{one['weight']:.4f}") for one in found))
