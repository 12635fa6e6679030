"""Near-duplicates as a CSV: `group,path,width,height`, group by group, by the rules of `csv_table`."""

from collections.abc import Sequence

from iic_studio.export.csv_table import table_text
from iic_studio.export.files import printable_path
from iic_studio.project.records import ImageRow

COLUMNS = ("group", "path", "width", "height")


def duplicates_text(groups: Sequence[Sequence[ImageRow]]) -> str:
    """The whole table; the largest picture of each group comes first, because it is the one to keep."""
    ordered = ((number, sorted(rows, key=lambda row: (-row.width * row.height, row.path))) for number, rows in enumerate(groups))
    return table_text(COLUMNS, ((number, printable_path(row.path), row.width, row.height) for number, rows in ordered for row in rows))
