"""Positions on the map as a CSV: `path,x,y`, in path order, by the rules of `csv_table`."""

from collections.abc import Sequence

from iic_studio.export.csv_table import table_text
from iic_studio.export.files import printable_path
from iic_studio.records import FloatArray

COLUMNS = ("path", "x", "y")


def map_text(paths: Sequence[str], positions: FloatArray) -> str:
    """The whole table.

    Args:
        paths: relative to the folder, as the store keeps them.
        positions: (N, 2) of the images with these paths.
    """
    rows = sorted(zip(paths, positions.tolist(), strict=True))
    return table_text(COLUMNS, ((printable_path(path), f"{x:.6g}", f"{y:.6g}") for path, (x, y) in rows))
