"""Positions on the map as a CSV: `path,x,y`, in path order, by the rules of `csv_table`."""

import csv
from collections.abc import Sequence

from iic_studio.export.csv_table import printable_path
from iic_studio.records import FloatArray

COLUMNS = ("path", "x", "y")


class _Lines(list[str]):
    """Rows of a `csv.writer`, ended by LF; the writer itself ends them by CRLF, because only then does it quote a lone CR in a name."""

    def write(self, row: str) -> None:
        self.append(row.removesuffix("\r\n") + "\n")


def map_text(paths: Sequence[str], positions: FloatArray) -> str:
    """The whole table.

    Args:
        paths: relative to the folder, as the store keeps them.
        positions: (N, 2) of the images with these paths.
    """
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    rows = sorted(zip(paths, positions.tolist(), strict=True))
    writer.writerows((printable_path(path), f"{x:.6g}", f"{y:.6g}") for path, (x, y) in rows)
    return "".join(lines)
