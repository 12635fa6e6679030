"""What may come next while a person types: fields, and the values that a field has in this project."""

from dataclasses import dataclass

import numpy as np

from iic_studio.query.columns import Columns, folded
from iic_studio.query.language import FIELDS, IS, quote, split_field
from iic_studio.words import counted

MOST = 8


@dataclass(frozen=True)
class Suggestion:
    """`text` is the whole search with the suggestion taken, `label` what the list shows, `about` what it means."""

    text: str
    label: str
    about: str


def suggest(text: str, columns: Columns) -> list[Suggestion]:
    """Suggestions for the last word of a search that is being typed."""
    head, token = _last_token(text)
    is_negated, field, rest = split_field(token)
    sign = "-" if is_negated else ""
    if field is None:
        typed = folded(rest)
        fitting = [name for name in FIELDS if name.startswith(typed)] if '"' not in rest else []
        return [Suggestion(f"{head}{sign}{name}:", f"{name}:", f"{FIELDS[name][0]}, e.g. {FIELDS[name][1]}") for name in fitting[:MOST]]
    if field not in FIELDS:
        return []
    done, comma, part = _last_alternative(rest)
    typed = folded(part.strip('"'))
    begin = f"{head}{sign}{field}:{done}{comma}"
    values = [value for value in _values(field, columns) if typed in folded(value[0]) and folded(value[0]) != typed]
    values.sort(key=lambda value: not folded(value[0]).startswith(typed))
    return [Suggestion(f"{begin}{quote(value)} ", value, about) for value, about in values[:MOST]]


def _last_token(text: str) -> tuple[str, str]:
    """What stands before the token that is being typed, and that token."""
    begin, quoted = 0, False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign.isspace() and not quoted:
            begin = place + 1
    return text[:begin], text[begin:]


def _last_alternative(text: str) -> tuple[str, str, str]:
    quoted, last = False, -1
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            last = place
    return (text[:last], ",", text[last + 1 :]) if last >= 0 else ("", "", text)


def _values(field: str, columns: Columns) -> list[tuple[str, str]]:
    """(value, meaning) of a field, the most frequent first."""
    files = columns.files
    if field == "cluster":
        sizes = np.bincount(columns.cluster[columns.cluster >= 0], minlength=len(columns.cluster_names))
        named = [(name, counted(sizes[number], "images")) for number, name in enumerate(columns.cluster_names)]
        return [*named, ("none", "not in a cluster yet")]
    if field == "is":
        return [(word, "") for word in IS]
    if field == "date":
        known = files.taken[~np.isnat(files.taken)]
        years, counts = np.unique(known.astype("datetime64[Y]"), return_counts=True)
        named = [(str(year), counted(count, "images")) for year, count in zip(years[::-1], counts[::-1], strict=True)]
        return [*named, ("none", "not known")]
    words = {"camera": files.camera, "format": files.kind, "problem": files.problem, "class": columns.classes, "source": columns.source}
    words["label"] = columns.labels
    column = words.get(field)
    if column is not None:
        return [(word, "") for word in column.used()]
    if field not in ("name", "folder", "class", "label"):
        example = FIELDS[field][1].partition(":")[2]
        return [(example, FIELDS[field][0])]
    return []
