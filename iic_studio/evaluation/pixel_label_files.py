"""Reading `path,x,y,label` tables, and finding out which of their rows fit; see `label_files` for whole images."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from iic_studio.evaluation.label_files import LabelReport, as_known, sort_labels, weighted_rows

Place = tuple[str, int, int]


@dataclass
class PixelLabelReport:
    """What became of the rows.

    Attributes:
        report: as of a file of images; its paths are places as `place_text` writes them, but for unknown paths.
        matched: path, column and line -> label, of the rows that fit.
        outside: places beyond the border of their picture.
        no_place: rows whose x or y is no whole number.
    """

    report: LabelReport
    matched: dict[Place, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    no_place: int = 0


def place_text(path: str, x: int | str, y: int | str) -> str:
    """A place for people."""
    return f"{path} ({x}, {y})"


def sort_pixel_labels(
    rows: Sequence[tuple[str, ...]], sizes: Mapping[str, tuple[int, int]], allowed: Collection[str] | None = None
) -> PixelLabelReport:
    """See which rows of a label file can be used.

    Args:
        rows: path, x, y and label of each.
        sizes: path -> width and height, of the pictures that are there.
        allowed: class names; None allows any.
    """
    found, unknown, kept = PixelLabelReport(LabelReport()), [], []
    places: dict[str, Place] = {}
    for written, typed_x, typed_y, label in rows:
        path, x, y = as_known(written, sizes), _whole(typed_x), _whole(typed_y)
        if path not in sizes:
            unknown.append(path)
        elif x is None or y is None:
            found.no_place += 1
        elif not (0 <= x < sizes[path][0] and 0 <= y < sizes[path][1]):
            found.outside.append(place_text(path, x, y))
        else:
            text = place_text(path, x, y)
            places[text] = (path, x, y)
            kept.append((text, label))
    found.report = sort_labels(kept, places, allowed)
    found.report.rows, found.report.unknown_paths = len(rows), unknown
    found.matched = {places[text]: label for text, label in found.report.matched.items()}
    return found


def read_place_weights(path: Path) -> dict[Place, float]:
    """Place -> weight of its label, of a file that the queue wrote; empty for any other.

    Raises:
        UsageError: a weight is no number, or below 0.
    """
    rows = (((name, _whole(x), _whole(y)), weight) for (name, x, y), weight in weighted_rows(path, "path", "x", "y"))
    return {(name, x, y): weight for (name, x, y), weight in rows if x is not None and y is not None}


def _whole(text: str) -> int | None:
    """A whole number, also as `12.0`."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None
