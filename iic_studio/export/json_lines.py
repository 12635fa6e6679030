"""The results as JSON Lines: the columns of the CSV, a JSON object a line, numbers as numbers, `null` where there is none.

Names stand as people typed them: nothing that reads JSON takes a text for a formula. Paths are written as in the CSV.
"""

import json

from iic_studio.export.csv_table import COLUMNS, class_header, shares
from iic_studio.export.files import printable_path
from iic_studio.export.result_rows import ResultRows

# JSON may hold these as they are, but some readers take them for the end of a line.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def jsonl_text(rows: ResultRows, *, probabilities: bool = False) -> str:
    """All rows.

    Args:
        rows: those to write.
        probabilities: add `p_0` …, one for each cluster.
    """
    nothing = [""] * len(rows)
    clusters = rows.cluster.tolist()
    columns = [
        [printable_path(path) for path in rows.paths],
        [cluster if cluster >= 0 else None for cluster in clusters],
        [rows.names.get(cluster, "") for cluster in clusters],
        rows.classes or nothing,
        rows.labels or nothing,
        *(shares(values) for values in (rows.confidence, rows.margin, rows.agreement)),
        rows.sources(),
        rows.excluded.astype(int).tolist(),
        rows.width.tolist(),
        rows.height.tolist(),
    ]
    keys = [*COLUMNS, *class_header(rows)]
    if rows.class_probability is not None:
        columns.append(shares(rows.class_probability))
    if probabilities:
        columns += [shares(column) for column in rows.probabilities_of(slice(None)).T]
        keys += [f"p_{cluster}" for cluster in range(rows.probabilities.shape[1])]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = [encode(dict(zip(keys, values, strict=True))) + "\n" for values in zip(*columns, strict=True)]
    return "".join(lines).translate(_LINE_ENDS)
