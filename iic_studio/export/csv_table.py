"""The CSV of results, and `table_text`, which writes every other table too.

UTF-8, RFC 4180, LF, one header, a row for every readable image in path order. Paths stay exact, except that bytes which are no UTF-8
are written as `\\xNN`, because one of them would make the whole file unreadable elsewhere. Names that people typed are made safe for
spreadsheets.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from iic_studio.export.files import printable_path
from iic_studio.export.result_rows import ResultRows
from iic_studio.records import FloatArray

COLUMNS = (
    "path",
    "cluster",
    "cluster_name",
    "class",
    "label",
    "confidence",
    "margin",
    "agreement",
    "source",
    "excluded",
    "width",
    "height",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
_STEPS = 10_000
# Formatting a number is several times slower than looking it up; the last one stands for what is not known.
_SHARES = [step / _STEPS for step in range(_STEPS + 1)] + [None]
_SHARE_TEXTS = ["" if share is None else f"{share:.4f}" for share in _SHARES]


def safe_cell(text: str) -> str:
    """A typed text that no spreadsheet takes for a formula (OWASP: leading `'`)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def shares(values: FloatArray) -> list[float | None]:
    """Numbers of 0–1 with four decimals; None where they are NaN."""
    return [_SHARES[step] for step in _steps(values)]


def _steps(values: FloatArray) -> list[int]:
    """Whole ten-thousandths; the place after the last one for NaN."""
    known = ~np.isnan(values)
    steps = np.rint(np.where(known, values, 0.0).astype(np.float64) * _STEPS).clip(0, _STEPS)
    places: list[int] = np.where(known, steps, _STEPS + 1).astype(np.int64).tolist()
    return places


def csv_text(rows: ResultRows, *, probabilities: bool = False, file_names: Sequence[str] | None = None) -> str:
    """The whole table as text; empty cells where an image has no cluster.

    Args:
        rows: those to write.
        probabilities: add `p_0 …` columns, one for each cluster.
        file_names: (N,) texts of a first column `file_name`.
    """
    num_columns = rows.probabilities.shape[1] if probabilities else 0
    columns = [*_columns(rows), *_class_columns(rows), *_probability_columns(rows, num_columns)]
    header = [*COLUMNS, *class_header(rows), *(f"p_{cluster}" for cluster in range(num_columns))]
    if file_names is not None:
        columns.insert(0, file_names)
        header.insert(0, "file_name")
    return table_text(header, zip(*columns, strict=True))


def table_text(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A table as text; lines end with LF."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(header)
    writer.writerows(rows)
    return "".join(lines)


def _columns(rows: ResultRows) -> list[Sequence[object]]:
    """Plain lists: taking single values out of arrays is several times slower."""
    nothing = [""] * len(rows)
    clusters = rows.cluster.tolist()
    names = {cluster: safe_cell(name) for cluster, name in rows.names.items()}
    return [
        [printable_path(path) for path in rows.paths],
        [cluster if cluster >= 0 else "" for cluster in clusters],
        [names.get(cluster, "") for cluster in clusters],
        nothing if rows.classes is None else [safe_cell(name) for name in rows.classes],
        nothing if rows.labels is None else [safe_cell(name) for name in rows.labels],
        *([_SHARE_TEXTS[step] for step in _steps(values)] for values in (rows.confidence, rows.margin, rows.agreement)),
        rows.sources(),
        rows.excluded.astype(np.int64).tolist(),
        rows.width.tolist(),
        rows.height.tolist(),
    ]


def class_header(rows: ResultRows) -> list[str]:
    """Columns that stand after the fixed ones when there are classes."""
    return [] if rows.class_probability is None else ["class_probability"]


def _class_columns(rows: ResultRows) -> list[list[str]]:
    return [] if rows.class_probability is None else [[_SHARE_TEXTS[step] for step in _steps(rows.class_probability)]]


def _probability_columns(rows: ResultRows, count: int) -> list[list[str]]:
    if not count:
        return []
    return [[_SHARE_TEXTS[step] for step in _steps(column)] for column in rows.probabilities_of(slice(None)).T]


class _Lines(list[str]):
    """Rows of a `csv.writer`, ended by LF. The writer itself ends them by CRLF: only then does it quote a lone CR in a name."""

    def write(self, row: str) -> None:
        self.append(row[:-2] + "\n")


def meta_path(table: Path) -> Path:
    """`OUT.meta.json` beside `OUT.csv`."""
    return table.with_suffix(".meta.json")
