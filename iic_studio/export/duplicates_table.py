"""Near-duplicates as a CSV: `group,path,width,height`, group by group, by the rules of `csv_table`."""

import csv
import io
from collections.abc import Sequence

from iic_studio.export.csv_table import printable_path
from iic_studio.project.records import ImageRow

COLUMNS = ("group", "path", "width", "height")


def duplicates_text(groups: Sequence[Sequence[ImageRow]]) -> str:
    """The whole table; the largest picture of each group comes first, because it is the one to keep."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, rows in enumerate(groups):
        for row in sorted(rows, key=lambda row: (-row.width * row.height, row.path)):
            writer.writerow((number, printable_path(row.path), row.width, row.height))
    return lines.getvalue()
