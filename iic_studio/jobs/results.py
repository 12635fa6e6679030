"""Taking results away and judging them: CSV with its meta file, assigning other folders, scores against labels."""

import dataclasses
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio import __version__
from iic_studio.curation import Curated, corrections, load_curated, of_new_images, propose_in
from iic_studio.curation.classes import Classified, heads_of, of_other_images
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.label_files import match_labels, read_columns
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import Event, WarningRaised
from iic_studio.export.csv_table import csv_text, meta_path
from iic_studio.export.files import printable_path, write_json, write_text
from iic_studio.export.result_rows import ResultRows, build_rows
from iic_studio.jobs.assigning import TrainedModel
from iic_studio.jobs.classes import class_summary, classes_of
from iic_studio.jobs.encoding import images_for
from iic_studio.jobs.indexing import index_folder
from iic_studio.jobs.networks import network_folder
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.runs import versions
from iic_studio.jobs.sharing import ASSIGN, Work, announce
from iic_studio.project.disk import writing
from iic_studio.project.folder import is_inside
from iic_studio.project.records import OK, PROBLEM, RunRow
from iic_studio.project.store import SUFFIX, Project, is_project, project_in
from iic_studio.records import Assignments
from iic_studio.training.predict import to_assignments
from iic_studio.words import counted, numbered


def export_csv(project: Project, target: Path, *, probabilities: bool = False) -> Iterator[Event]:
    """Write the groups of a project as CSV, and `.meta.json` beside it."""

    def body() -> JobBody:
        yield from ()
        run, curated = current_groups(project)
        return write_groups(project, target, run, curated, probabilities=probabilities)

    return run_job("export", body(), project=project)


def newest_assignments(project: Project) -> tuple[RunRow, Assignments]:
    """The newest run that has assignments, and these.

    Raises:
        StudioError: no run has any.
    """
    for run in reversed(project.runs()):
        assignments = project.load_assignments(run.id)
        if assignments is not None:
            return run, assignments
    raise StudioError("This project has no clusters yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")


def current_groups(project: Project) -> tuple[RunRow, Curated]:
    """The groups of a project with all that people corrected, and the run they stand on: what every result is made from.

    Raises:
        StudioError: there is none.
    """
    curated = load_curated(project)
    return (project.run(curated.run), curated) if curated.run else (newest_assignments(project)[0], curated)


def proposed_groups(project: Project) -> tuple[RunRow, Curated]:
    """The groups as the newest run would have them, if it was accepted; with no edits that is what is in force."""
    run, assignments = newest_assignments(project)
    now = load_curated(project)
    return run, now if now.run == run.id else propose_in(project, run, assignments, now).then


def check_target(project: Project, target: Path, *, is_folder: bool = False) -> None:
    """Find out before the work, not after it, whether a file, or the files of a new folder, can be written.

    Raises:
        StudioError: the target lies in the folder of images, is of the other kind, cannot be there, or may not be written.
    """
    with writing(target):
        _check_target(project, target, is_folder=is_folder)


def _check_target(project: Project, target: Path, *, is_folder: bool) -> None:
    if is_inside(target, project.folder):
        raise UsageError(f"{target} would lie inside the folder of images, where nothing is ever written.", "Choose another place.")
    if target.is_dir() and not is_folder:
        raise UsageError(f"{target} is a folder.", "Give the name of a file.")
    places = (*[target.absolute()] * is_folder, *target.absolute().parents)
    nearest = next(place for place in places if place.exists())
    if not nearest.is_dir():
        raise UsageError(f"{nearest} is a file, not a folder.", "Choose another place.")
    if not os.access(nearest, os.W_OK):
        raise StudioError(f"No permission to write in {nearest}.", "Choose another place.")


def write_groups(
    project: Project, target: Path, run: RunRow, curated: Curated, *, probabilities: bool, classified: Classified | None = None
) -> Outcome:
    """Write CSV and meta file for the readable images of a project.

    Args:
        classified: their classes; those of the project if not given.

    Raises:
        StudioError: as `check_target`, or there is no room.
    """
    check_target(project, target)
    rows = result_rows(project, curated, classified)
    meta = meta_of(project, run, curated, rows)
    with writing(target):
        write_text(target, csv_text(rows, probabilities=probabilities))
        write_json(meta_path(target), meta)
    return Outcome(len(rows), meta["num_problems"], summary={**run.summary, "csv": str(target), "rows": len(rows)})


def result_rows(project: Project, curated: Curated, classified: Classified | None = None) -> ResultRows:
    """The table that every way out reads, of all readable images of a project; with the classes of the project if none are given."""
    paths, hashes, *numbers = project.image_columns("path", "quick_hash", "id", "size", "width", "height")
    ids, sizes, width, height = (np.array(column, dtype=np.int64) for column in numbers)
    return build_rows(ids, paths, sizes, hashes, width, height, curated, classified or classes_of(project, curated))


def meta_of(project: Project, run: RunRow, curated: Curated, rows: ResultRows) -> dict[str, Any]:
    """What stands in the `.meta.json`: where the rows come from, and every file that could not be read."""
    problems = [{"path": printable_path(row.path), "reason": row.reason} for row in project.images(PROBLEM)]
    return {
        "program": "iic-studio",
        "version": __version__,
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "folder": printable_path(str(project.folder)),
        "run": run.id,
        "settings": run.settings,
        "seed": run.settings.get("seed"),
        "device": run.device,
        "versions": versions(),
        "data_fingerprint": rows.fingerprint(),
        "num_images": len(rows),
        "num_left_out_of_training": run.summary.get("num_left_out", 0),
        "num_clusters": rows.num_clusters,
        "sub_head": curated.sub_head,
        "corrections": corrections(curated),
        **({"classes": class_summary(project, curated)} if rows.classes is not None else {}),
        "state": run.state,
        "losses": run.summary.get("losses", {}),
        "summary": run.summary,
        "num_problems": len(problems),
        "problems": problems,
    }


def assign(project: Project, folder: Path, target: Path, *, probabilities: bool = False) -> Iterator[Event]:
    """Apply the model behind a project's groups to the pictures of another folder and write a CSV; no training, the project stays as it is.

    The pictures are indexed in a temporary project, by the same rules as those the model learned from.
    """

    def body() -> JobBody:
        run, trained = current_groups(project)
        check_target(project, target)
        model = TrainedModel.of(network_folder(project, run.id))
        with (
            tempfile.TemporaryDirectory(prefix="assign-", dir=project.cache) as place,
            Project.create(Path(place) / f"new{SUFFIX}", folder) as other,
        ):
            for key in ("cache_side", "high_bit_range"):
                other.set_meta(key, project.meta(key))
            check_target(other, target)
            yield from index_folder(other)
            rows = other.images(OK)
            if not rows:
                raise StudioError(
                    f"There is no readable image in {folder}.", "Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files."
                )
            ids = np.array([row.id for row in rows], dtype=np.int64)
            images = yield from images_for(other, model.settings, rows)
            work = Work(ASSIGN, project.run_dir(run.id), model.settings.as_dict(), images)
            processes = announce(work)
            with images.pixels() as pixels:
                soft = yield from model.say(pixels, images.rows, ids, processes)
            processes.leave()
            new = of_new_images(to_assignments(soft, trained.sub_head, ids), trained)
            classified = of_other_images(trained, heads_of(trained, None), new)
            return write_groups(other, target, run, new, probabilities=probabilities, classified=classified)

    return run_job("assign", body(), project=project)


def evaluate(source: Path, labels: Path) -> Iterator[Event]:
    """Score a project's groups, or those in a CSV, against labels that training never saw; scores are the job's summary."""

    def body() -> JobBody:
        paths, clusters = _clusters_of(source)
        match = match_labels(paths, read_columns(labels, "path", "label"))
        if match.unknown:
            count, first = len(match.unknown), match.unknown[0]
            yield WarningRaised(
                message=numbered(
                    count,
                    f"1 labelled path is not among the clustered images: {first}.",
                    f"{count:,} labelled paths are not among the clustered images, e.g. {first}.",
                ),
                hint="Paths in the label file are relative to the folder of images.",
            )
        if wrong := match.contradicting:
            have = numbered(len(wrong), "has", "have")
            yield WarningRaised(
                message=f"{counted(len(wrong), 'paths')} {have} different labels in the label file, e.g. {wrong[0]}.",
                hint="The last label of a path counts; give each path one label.",
            )
        if not any(match.labels):
            raise StudioError("No path in the label file is among the clustered images.", "Paths must be relative to the folder of images.")
        scores = score_clustering(clusters, match.labels)
        return Outcome(len(paths), summary=dataclasses.asdict(scores))

    return run_job("evaluate", body())


def _clusters_of(source: Path) -> tuple[list[str], list[int]]:
    if source.is_dir() or is_project(source.parent):
        with Project.open(project_in(source), writable=False) as project:
            _, curated = current_groups(project)
            path_of = {row.id: printable_path(row.path) for row in project.images()}
            there = curated.group >= 0
            return [path_of[int(one)] for one in curated.image_ids[there]], curated.group[there].tolist()
    rows = [(path, cluster) for path, cluster in read_columns(source, "path", "cluster") if cluster]
    try:
        return [path for path, _ in rows], [int(cluster) for _, cluster in rows]
    except ValueError as error:
        raise StudioError(f"{source} has a cluster that is no whole number: {error}.") from error
