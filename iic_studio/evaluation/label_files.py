"""Reading `path,label` and assignment tables, and finding out which of their rows fit."""

import codecs
import csv
import io
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from iic_studio.errors import UsageError

_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class LabelMatch:
    """Labels in the order of some paths (None where there is none), the paths of the label file that fitted none of them, and those that
    have different labels there."""

    labels: list[str | None]
    unknown: list[str]
    contradicting: list[str]


@dataclass
class LabelReport:
    """What became of the rows of a label file.

    Attributes:
        rows: all of them.
        matched: path -> label, of the rows that fit; each path once.
        without_label: rows whose label is empty.
        unknown_paths: paths that are not there.
        unknown_classes: label -> rows that name it although it is not among the classes that are allowed.
        doubles: paths that are there again with the same label.
        conflicts: path -> its different labels, in order; none of them is taken.
    """

    rows: int = 0
    matched: dict[str, str] = field(default_factory=dict)
    without_label: int = 0
    unknown_paths: list[str] = field(default_factory=list)
    unknown_classes: dict[str, int] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)
    conflicts: dict[str, list[str]] = field(default_factory=dict)


def read_columns(path: Path, *columns: str) -> list[tuple[str, ...]]:
    """The named columns of a CSV with a header, row by row.

    Spreadsheets write tables in many ways: semicolons and tabs between the columns are read too, UTF-16 with its mark, and columns whose
    names are in capitals.

    Raises:
        UsageError: the file is missing, in another encoding, lacks a column, or has no rows.
    """
    named = ",".join(columns)
    try:
        text = _decoded(path.read_bytes())
        tables = [csv.reader(io.StringIO(text, newline=""), delimiter=separator) for separator in _SEPARATORS]
        headers = [[name.strip().lower() for name in next(table, [])] for table in tables]
        lacking = [[column for column in columns if column not in header] for header in headers]
        best = min(range(len(tables)), key=lambda place: len(lacking[place]))
        if lacking[best]:
            raise UsageError(f"{path} has no column {', '.join(lacking[best])}.", f"Its first line must name {named}.")
        places = [headers[best].index(column) for column in columns]
        rows = [tuple(row[place] if place < len(row) else "" for place in places) for row in tables[best] if row]
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", f"Name a CSV in UTF-8 with the columns {named}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text in UTF-8.", f"It must be a CSV in UTF-8 with the columns {named}.") from error
    except (OSError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {reason}.", f"It must be a CSV in UTF-8 with the columns {named}.") from error
    if not rows:
        raise UsageError(f"{path} has no rows below its first line.", f"It must be a CSV in UTF-8 with the columns {named}.")
    return rows


def _decoded(table: bytes) -> str:
    encoding = "utf-16" if table.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return table.decode(encoding)


def read_weights(path: Path) -> dict[str, float]:
    """path -> weight of its label, of a file that the queue wrote; empty for any other.

    Raises:
        UsageError: a weight is no number, or below 0.
    """
    return {name: weight for (name,), weight in weighted_rows(path, "path")}


def weighted_rows(path: Path, *columns: str) -> list[tuple[tuple[str, ...], float]]:
    """The named columns of the rows that have a weight, and the weight, of a file that the queue wrote; none of any other.

    Raises:
        UsageError: a weight is no number, or below 0.
    """
    try:
        rows = read_columns(path, *columns, "weight")
    except UsageError:
        return []
    try:
        found = [(tuple(named), float(weight)) for *named, weight in rows if weight]
    except ValueError as error:
        raise UsageError(f"{path} has a weight that is no number: {error}.", "Leave the column weight as it was.") from error
    if not all(0 <= weight < math.inf for _, weight in found):
        raise UsageError(f"{path} has a weight below 0.", "Leave the column weight as it was.")
    return found


def as_known(path: str, known: Collection[str]) -> str:
    """A path of a table as it is known here: one that Windows wrote has backslashes, which elsewhere may be part of a name."""
    return path if path in known or "\\" not in path else path.replace("\\", "/")


def match_labels(paths: list[str], rows: list[tuple[str, ...]]) -> LabelMatch:
    """Find the label of each path; an empty label counts as none, the last of doubles wins."""
    known = set(paths)
    rows = [(as_known(path, known), label) for path, label in rows]
    labels = {path: label for path, label in rows if label}
    contradicting = dict.fromkeys(path for path, label in rows if label and labels[path] != label)
    return LabelMatch([labels.get(path) for path in paths], [path for path in labels if path not in known], list(contradicting))


def sort_labels(rows: Sequence[tuple[str, ...]], known_paths: Collection[str], allowed: Collection[str] | None = None) -> LabelReport:
    """See which rows of a label file can be used. Unlike in `match_labels`, rows that contradict each other are no labels at all.

    Args:
        rows: path and label of each.
        known_paths: those that are there.
        allowed: class names; None allows any.
    """
    report = LabelReport(rows=len(rows))
    for written, typed in rows:
        path, label = as_known(written, known_paths), typed.strip()
        if not label:
            report.without_label += 1
        elif path not in known_paths:
            report.unknown_paths.append(path)
        elif allowed is not None and label not in allowed:
            report.unknown_classes[label] = report.unknown_classes.get(label, 0) + 1
        elif path in report.conflicts:
            if label not in report.conflicts[path]:
                report.conflicts[path].append(label)
        elif path not in report.matched:
            report.matched[path] = label
        elif report.matched[path] == label:
            report.doubles.append(path)
        else:
            report.conflicts[path] = [report.matched.pop(path), label]
    return report
