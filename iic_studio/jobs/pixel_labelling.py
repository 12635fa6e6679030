"""Labels of pixels for a project: from a file, what they make of the clusters, and which pixels to label next."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.curation import Curator, pixel_edits
from iic_studio.curation import label_edits as edits
from iic_studio.curation.curated import Curated
from iic_studio.curation.edits import typed_name
from iic_studio.curation.labels import PRIOR
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.label_files import read_columns
from iic_studio.evaluation.pixel_label_files import PixelLabelReport, read_place_weights, sort_pixel_labels
from iic_studio.evaluation.pixel_maps import PIXEL_METHODS
from iic_studio.events import Event, WarningRaised
from iic_studio.export.csv_table import table_text
from iic_studio.export.files import printable_path, write_text
from iic_studio.jobs.label_report import MOST_TOLD, import_record, warnings_of
from iic_studio.jobs.label_request import LabelRequest, correct
from iic_studio.jobs.pixel_classes import pixel_class_summary
from iic_studio.jobs.running import JobBody, Outcome
from iic_studio.project.records import OK
from iic_studio.project.store import Project, disk_errors
from iic_studio.project.task import PIXELS, task_of
from iic_studio.records import IntArray
from iic_studio.words import numbered

PIXEL_MAPS = ("auto", *PIXEL_METHODS)
_COLUMNS = ("path", "x", "y", "label")


def is_of_pixels(project: Project, curated: Curated) -> bool:
    """Whether the groups are of pixels; before the first run, whether they will be."""
    if curated.run:
        return project.run(curated.run).settings.get("task") == PIXELS
    return task_of(project) == PIXELS


def label_pixels(project: Project, curator: Curator, request: LabelRequest) -> JobBody:
    """The body of the job `label` for a project of pixels."""
    _check(request)
    summary: dict[str, Any] = {}
    if request.classes:
        curator.apply(edits.define_classes(curator.curated, request.classes, fixed=True))
    if request.labels is not None:
        summary["import"] = yield from _import(project, curator, request.labels)
    for text in request.corrections:
        correct(curator, text)
    if request.method is not None:
        prior = curator.curated.curation.known.settings.get(PRIOR, "")
        curator.apply(edits.choose_map(curator.curated, request.method, prior))
    summary |= yield from pixel_class_summary(project, curator.curated)
    if request.next_count:
        drawn = drawn_pixels(project, curator.curated, request.next_count, request.seed)
        path_of = dict(zip(*project.image_columns("id", "path"), strict=True))
        summary["next"] = [
            {"path": printable_path(path_of[image]), "x": x, "y": y, "reason": "drawn at random", "weight": 1.0}
            for image, x, y in drawn.tolist()
        ]
    if request.queue is not None:
        lines = ((one["path"], one["x"], one["y"], "", f"{one['weight']:.4f}") for one in summary["next"])
        with disk_errors(f"writing {request.queue}"):
            write_text(request.queue, table_text((*_COLUMNS, "weight"), lines))
        summary["queue"] = str(request.queue)
    return Outcome(summary["num_images"], summary=summary)


def _check(request: LabelRequest) -> None:
    if request.truth:
        raise UsageError("Truth of pixels is a folder of masks.", "Judge by it: iic-studio evaluate MASKS --labels TRUE_MASKS.")
    for given, name in ((request.from_folders, "--from-folders"), (request.fine_tune, "--fine-tune"), (request.prior, "--prior")):
        if given:
            raise UsageError(f"{name} is for whole pictures, and this project groups pixels.", f"Leave out {name}.")
    if request.method is not None and request.method not in PIXEL_MAPS:
        raise UsageError(f"There is no map {request.method} for pixels.", f"Choose one of: {', '.join(PIXEL_MAPS)}.")


def drawn_pixels(project: Project, curated: Curated, count: int, seed: int = 0) -> IntArray:
    """(count, 3) image, column and line of pixels drawn from all pixels of the project, each as likely as any other."""
    sizes = np.array([size for size in zip(*project.image_columns("id", "width", "height"), strict=True) if all(size)], np.int64)
    if not len(sizes):
        raise StudioError("This project has no pictures yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")
    return draw_pixels(sizes, count, np.random.default_rng((seed, len(curated.curation.known.pixels))))


def draw_pixels(sizes: IntArray, count: int, draws: np.random.Generator) -> IntArray:
    """(count, 3) image, column and line, each pixel as likely as any other.

    Args:
        sizes: (N, 3) id, width and height of the images.
    """
    areas = (sizes[:, 1] * sizes[:, 2]).astype(np.float64)
    chosen = sizes[draws.choice(len(sizes), count, p=areas / areas.sum())]
    return np.column_stack([chosen[:, 0], *(draws.integers(0, chosen[:, axis]) for axis in (1, 2))])


# Taking over ---------------------------------------------------------------------------------------------------------------------------


def _import(project: Project, curator: Curator, file: Path) -> Generator[Event, None, dict[str, Any]]:
    rows = {printable_path(row.path): row for row in project.images(OK)}
    if not rows:
        raise StudioError("This project has no pictures yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")
    known = curator.curated.curation.known
    allowed = {one.name for one in known.classes.values()} if known.are_fixed else None
    typed = [(path, x, y, typed_name(label)) for path, x, y, label in read_columns(file, *_COLUMNS)]
    found = sort_pixel_labels(typed, {path: (row.width, row.height) for path, row in rows.items()}, allowed)
    yield from _warnings(found)
    if not found.matched:
        raise StudioError(
            numbered(len(typed), "The only row could not be used.", f"None of the {len(typed):,} rows could be used."),
            "Paths are relative to the folder of pictures; x and y are columns and lines of the picture, from 0 on.",
        )
    places = np.array([(rows[path].id, x, y) for path, x, y in found.matched], np.int64)
    names = list(found.matched.values())
    before = [_name_of(curator.curated, row) for row in known.pixels.rows([tuple(place) for place in places.tolist()])]
    weights = read_place_weights(file)
    curator.apply(pixel_edits.read_pixel_labels(curator.curated, places, names, [weights.get(place) for place in found.matched]))
    return _import_record(found, before, names)


def _name_of(curated: Curated, row: tuple[Any, ...] | None) -> str:
    classes = curated.curation.known.classes
    return classes[row[0]].name if row is not None and row[0] in classes else ""


def _import_record(found: PixelLabelReport, before: list[str], names: list[str]) -> dict[str, Any]:
    return import_record(found.report, before, names, read_as="labels") | {
        "of": "pixels",
        "num_outside": len(found.outside),
        "outside": found.outside[:MOST_TOLD],
        "num_no_place": found.no_place,
    }


def _warnings(found: PixelLabelReport) -> Iterator[Event]:
    report = found.report
    if report.unknown_paths:
        count, first = len(report.unknown_paths), report.unknown_paths[0]
        yield WarningRaised(
            message=numbered(
                count, f"1 row names no readable picture: {first}.", f"{count:,} rows name no readable picture, e.g. {first}."
            ),
            hint="Paths are relative to the folder of pictures.",
        )
    if found.outside:
        count, first = len(found.outside), found.outside[0]
        yield WarningRaised(
            message=numbered(
                count, f"1 place lies outside its picture: {first}.", f"{count:,} places lie outside their picture, e.g. {first}."
            ),
            hint="x and y are columns and lines of the picture as it is seen upright, from 0 on.",
        )
    if found.no_place:
        yield WarningRaised(
            message=numbered(found.no_place, "1 row names no place.", f"{found.no_place:,} rows name no place."),
            hint="x and y are whole numbers.",
        )
    yield from warnings_of(report, "place", "places")
