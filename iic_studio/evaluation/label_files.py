"""Reading `path,label` and assignment tables for evaluation."""

import csv
from dataclasses import dataclass
from pathlib import Path

from iic_studio.errors import UsageError


@dataclass(frozen=True)
class LabelMatch:
    """Labels in the order of some paths (None where there is none), and the paths of the label file that fitted none of them."""

    labels: list[str | None]
    unknown: list[str]


def read_columns(path: Path, *columns: str) -> list[tuple[str, ...]]:
    """The named columns of a CSV with a header, row by row.

    Raises:
        UsageError: the file is missing, not UTF-8, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"{path} has no column {' and no column '.join(missing)}.", f"Its first line must name {','.join(columns)}."
                )
            return [tuple(row[column] or "" for column in columns) for row in reader]
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", f"Name a CSV in UTF-8 with the columns {','.join(columns)}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}.", f"It must be a CSV in UTF-8 with the columns {','.join(columns)}.") from error


def match_labels(paths: list[str], rows: list[tuple[str, ...]]) -> LabelMatch:
    """Find the label of each path; an empty label counts as none, the last of doubles wins."""
    labels = {path: label for path, label in rows if label}
    known = set(paths)
    return LabelMatch([labels.get(path) for path in paths], [path for path in labels if path not in known])
