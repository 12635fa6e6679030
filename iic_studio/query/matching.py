"""Terms over columns: a mask of the rows for which all of them hold."""

from collections.abc import Callable

import numpy as np

from iic_studio.query.columns import Columns, FileColumns, Mask, Words, folded
from iic_studio.query.language import ANY, NONE, Query, QueryError, Span, Term, Value


def matches(query: Query, columns: Columns) -> Mask:
    """(N,) rows for which every term holds.

    Raises:
        QueryError: a field that this project knows nothing of yet.
    """
    found = np.ones(len(columns), np.bool_)
    for term in query.terms:
        one = _term(term, columns)
        found &= ~one if term.is_negated else one
    return found


def _term(term: Term, columns: Columns) -> Mask:
    if term.field in _IN_FILES:
        files, key = columns.files, (term.field, term.values)
        if key not in files.found:
            if len(files.found) > 64:  # a person who types leaves many half words behind
                files.found.clear()
            files.found[key] = _either([_IN_FILES[term.field](files, value) for value in term.values])
        return files.found[key]
    return _either([_IN_COLUMNS[term.field](columns, value) for value in term.values])


def _either(masks: list[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return found


def _within(values: np.typing.NDArray[np.number], span: Span | None) -> Mask:
    assert span is not None
    return np.asarray((values >= span.low) & (values < span.high))


# What files say -----------------------------------------------------------------------------------------------------------------------


def _words(words: Words, value: Value) -> Mask:
    wanted = folded(value.text)
    if wanted == NONE:
        return words.where(not word for word in words.folded)
    return words.where(wanted in word for word in words.folded)


def _date(files: FileColumns, value: Value) -> Mask:
    known = ~np.isnat(files.taken)
    if value.span is None:
        return ~known
    return np.asarray(known & _within(files.taken.astype("datetime64[s]").astype(np.int64), value.span))


def _problem(files: FileColumns, value: Value) -> Mask:
    if value.text.lower() in ("any", "yes"):
        return files.has_problem
    return files.has_problem & _words(files.problem, value)


def _format(files: FileColumns, value: Value) -> Mask:
    wanted = {"jpg": "jpeg", "tif": "tiff", "heic": "heif"}.get(value.text.lower(), value.text)
    return _words(files.kind, Value(wanted))


_IN_FILES: dict[str, Callable[[FileColumns, Value], Mask]] = {
    ANY: lambda files, value: files.paths.hold(value.text),
    "name": lambda files, value: files.paths.hold(value.text, "name"),
    "folder": lambda files, value: files.paths.hold(value.text, "folder"),
    "date": _date,
    "camera": lambda files, value: _words(files.camera, value),
    "width": lambda files, value: _within(files.width, value.span) & (files.width > 0),
    "height": lambda files, value: _within(files.height, value.span) & (files.height > 0),
    "format": _format,
    "problem": _problem,
}


# What a model and people say ----------------------------------------------------------------------------------------------------------


def _cluster(columns: Columns, value: Value) -> Mask:
    """By number, a range of numbers, or part of a name; a whole name is preferred to names that only hold it."""
    text = folded(value.text)
    if text == NONE:
        return np.asarray(columns.cluster < 0)
    low, dots, high = text.partition("..")
    if low.isdecimal() and (high.isdecimal() if dots else True):
        return np.asarray((columns.cluster >= int(low)) & (columns.cluster <= int(high or low)))
    names = [folded(name) for name in columns.cluster_names]
    fitting = [name == text for name in names]
    if not any(fitting):
        fitting = [text in name for name in names]
    # One more at the end, for the -1 of images without a cluster.
    return np.asarray(np.array([*fitting, False], np.bool_)[columns.cluster])


def _share(columns: Columns, value: Value, which: str) -> Mask:
    return _within(getattr(columns, which), value.span) & (columns.cluster >= 0)


def _class(columns: Columns, value: Value) -> Mask:
    if columns.classes is None:
        raise QueryError("No picture has a class yet.", "Classes come from labels; clusters are found with “cluster:”.")
    return _words(columns.classes, value)


def _label(columns: Columns, value: Value) -> Mask:
    if columns.labels is None:
        raise QueryError("No picture has a label yet.", "Label some first.")
    return _words(columns.labels, value)


def _is(columns: Columns, value: Value) -> Mask:
    return np.asarray(_PROPERTIES[value.text.lower()](columns))


_PROPERTIES: dict[str, Callable[[Columns], Mask]] = {
    "uncertain": lambda columns: columns.uncertain,
    "excluded": lambda columns: columns.excluded,
    "problem": lambda columns: columns.files.has_problem,
    "unclustered": lambda columns: np.asarray((columns.cluster < 0) & ~columns.files.has_problem),
    "portrait": lambda columns: np.asarray(columns.files.height > columns.files.width),
    "landscape": lambda columns: np.asarray(columns.files.width > columns.files.height),
    "square": lambda columns: np.asarray((columns.files.width == columns.files.height) & (columns.files.width > 0)),
}
_IN_COLUMNS: dict[str, Callable[[Columns, Value], Mask]] = {
    "cluster": _cluster,
    "confidence": lambda columns, value: _share(columns, value, "confidence"),
    "agreement": lambda columns, value: _share(columns, value, "agreement"),
    "margin": lambda columns, value: _share(columns, value, "margin"),
    "class": _class,
    "label": _label,
    "source": lambda columns, value: _words(columns.source, value),
    "is": _is,
}
