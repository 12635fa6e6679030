"""Rows of label files: which fit, which contradict each other, and weights that came from the queue."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.errors import UsageError
from iic_studio.evaluation.label_files import match_labels, read_columns, read_weights, sort_labels
from iic_studio.evaluation.pixel_label_files import sort_pixel_labels

ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "elsewhere"]), st.sampled_from(["", "cat", "dog", "cow"])), max_size=20)


@given(ROWS, st.booleans())
def test_every_row_is_counted_once(rows: list[tuple[str, str]], are_fixed: bool) -> None:
    report = sort_labels(rows, {"a", "b", "c"}, {"cat", "dog"} if are_fixed else None)
    usable = [(path, label) for path, label in rows if label and path != "elsewhere" and not (are_fixed and label == "cow")]
    assert report.rows == len(rows)
    assert report.without_label == sum(not label for _, label in rows)
    assert len(report.unknown_paths) == sum(bool(label) and path == "elsewhere" for path, label in rows)
    said = {path: {label for other, label in usable if other == path} for path, _ in usable}
    assert report.matched == {path: next(iter(labels)) for path, labels in said.items() if len(labels) == 1}
    assert {path: set(labels) for path, labels in report.conflicts.items()} == {path: one for path, one in said.items() if len(one) > 1}
    assert sum(report.unknown_classes.values()) == sum(are_fixed and label == "cow" and path != "elsewhere" for path, label in rows)


def test_weights_are_read_where_there_are_any(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path,label,weight\na,cat,0.5\nb,dog,\n", encoding="utf-8")
    assert read_weights(table) == {"a": 0.5}
    table.write_text("path,label\na,cat\n", encoding="utf-8")
    assert read_weights(table) == {}


@pytest.mark.parametrize("weight", ["much", "-1", "inf", "nan"])
def test_weights_that_make_no_sense_are_refused(tmp_path: Path, weight: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(f"path,label,weight\na,cat,{weight}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="weight"):
        read_weights(table)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("path,label\na b.jpg,cat\n\nü.jpg,\n", "utf-8"),
        ("path,label\r\na b.jpg,cat\r\nü.jpg,\r\n", "utf-8-sig"),
        ("Label;Path\ncat;a b.jpg\n;ü.jpg\n", "utf-8-sig"),
        ("path\tnote, if any\tlabel\na b.jpg\tx\tcat\nü.jpg\n", "utf-16"),
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, text: str, encoding: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(text.encode(encoding))
    assert read_columns(table, "path", "label") == [("a b.jpg", "cat"), ("ü.jpg", "")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no column path, label"),
        (b"file;label\na;b\n", "has no column path."),
        (b"path,label\n\n", "has no rows below its first line"),
        ("path,label\ngrün.jpg,cat\n".encode("latin-1"), "is not text in UTF-8"),
        (b"\xff\xfep", "is not text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_columns(table, "path", "label")


def test_paths_with_different_labels_are_known_and_the_last_label_counts() -> None:
    match = match_labels(["a", "b"], [("a", "cat"), ("b", "dog"), ("a", ""), ("a", "cow"), ("b", "dog"), ("c", "cat")])
    assert match.labels == ["cow", "dog"]
    assert (match.unknown, match.contradicting) == (["c"], ["a"])


def test_paths_that_windows_wrote_are_known() -> None:
    """Where a name itself has a backslash, it is that name which is meant."""
    match = match_labels(["a/b.png", "c\\d.png", "c/d.png"], [("a\\b.png", "cat"), ("c\\d.png", "dog"), ("e\\f.png", "cow")])
    assert (match.labels, match.unknown) == (["cat", "dog", None], ["e/f.png"])
    report = sort_labels([("a\\b.png", "cat"), ("a/b.png", "dog"), ("g\\h.png", "cow")], {"a/b.png", "g/h.png"})
    assert report.conflicts == {"a/b.png": ["cat", "dog"]}
    assert report.matched == {"g/h.png": "cow"}
    pixels = sort_pixel_labels([("a\\b.png", "1", "2", "cat")], {"a/b.png": (4, 4)})
    assert list(pixels.matched.values()) == ["cat"]
