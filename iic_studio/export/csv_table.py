"""The CSV of assignments and the `.meta.json` beside it.

UTF-8, RFC 4180, LF, one header, a row for every readable image in path order. Paths stay exact, except that bytes which are no UTF-8
are written as `\\xNN`, because one of them would make the whole file unreadable elsewhere. Names that people typed are made safe for
spreadsheets. A file is written beside its target and moved over it.
"""

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.curation import Curated

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


@dataclass(frozen=True)
class ImageFacts:
    """What the table says of an image beside its assignment."""

    id: int
    path: str
    width: int
    height: int


def safe_cell(text: str) -> str:
    """A typed text that no spreadsheet takes for a formula (OWASP: leading `'`)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def printable_path(path: str) -> str:
    """A path as valid Unicode: bytes that are no UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace") if not path.isascii() else path


def csv_text(images: Sequence[ImageFacts], curated: Curated, *, probabilities: bool = False) -> str:
    """The whole table as text.

    Args:
        images: those that get a row; ids in no group get empty cells.
        curated: the groups.
        probabilities: add `p_0 …` columns, one for each group.
    """
    # Plain lists: taking single values out of arrays is several times slower.
    place = {image_id: row for row, image_id in enumerate(curated.image_ids.tolist())}
    groups, agreement, by_user = curated.group.tolist(), curated.agreement.tolist(), curated.by_user.tolist()
    confidence, margin, excluded = curated.confidence.tolist(), curated.margin.tolist(), curated.excluded.tolist()
    names = {group: safe_cell(name) for group, name in curated.names.items()}
    num_groups = len(curated.groups) if probabilities else 0
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow([*COLUMNS, *(f"p_{group}" for group in range(num_groups))])
    for image in sorted(images, key=lambda image: image.path):
        row = place.get(image.id)
        head, tail = [printable_path(image.path)], [image.width, image.height]
        if row is None:
            writer.writerow([*head, *[""] * 8, 0, *tail, *[""] * num_groups])
            continue
        group = groups[row]
        writer.writerow(
            [
                *head,
                group if group >= 0 else "",
                names.get(group, ""),
                "",
                "",
                f"{confidence[row]:.4f}",
                f"{margin[row]:.4f}",
                f"{agreement[row]:.4f}",
                "user" if by_user[row] else "model",
                int(excluded[row]),
                *tail,
                *(f"{value:.4f}" for value in curated.probabilities[row, :num_groups].tolist()),
            ]
        )
    return "".join(lines)


class _Lines(list[str]):
    """Rows of a `csv.writer`, ended by LF. The writer itself ends them by CRLF: only then does it quote a lone CR in a name."""

    def write(self, row: str) -> None:
        self.append(row.removesuffix("\r\n") + "\n")


def meta_path(csv_path: Path) -> Path:
    """`OUT.meta.json` beside `OUT.csv`."""
    return csv_path.with_suffix(".meta.json")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: no room, no permission; a file that was there is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_csv(path: Path, text: str, meta: dict[str, Any]) -> None:
    """Write the table and its meta file.

    Raises:
        OSError: as `write_text`.
    """
    write_text(path, text)
    write_text(meta_path(path), json.dumps(meta, indent=2, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)
