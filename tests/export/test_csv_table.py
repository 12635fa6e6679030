"""The table's contract: columns, order, exact paths, safe names."""

import csv
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.curation import Curated, Curation, Group, Pins, curate
from iic_studio.export.csv_table import COLUMNS, ImageFacts, csv_text, printable_path, safe_cell, write_text
from iic_studio.records import Assignments


def assignments(num: int = 3) -> Assignments:
    probabilities = np.tile(np.array([[0.7, 0.2, 0.1]], np.float32), (num, 1))
    ids = np.arange(num) + 1
    zeros = np.zeros(num, np.int64)
    return Assignments(ids, probabilities, zeros, np.zeros((num, 2), np.int64), np.ones(num, np.float32), 0)


def groups(num: int = 3, *names: str, pins: Pins | None = None) -> Curated:
    """Three groups, with these names."""
    known = {uid: Group(uid, name) for uid, name in enumerate([*names, "", "", ""][:3])}
    return curate(assignments(num), Curation("1.0", "run", groups=known, maps={"run": {0: 0, 1: 1, 2: 2}}, pins=pins or Pins()))


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_header_order_and_values() -> None:
    images = [ImageFacts(2, "b/img.png", 10, 20), ImageFacts(1, 'a, "quoted".png', 30, 40), ImageFacts(9, "z.png", 5, 5)]
    text = csv_text(images, groups(2, "tulips"), probabilities=True)
    assert text.splitlines()[0] == ",".join([*COLUMNS, "p_0", "p_1", "p_2"])
    assert "\r" not in text
    rows = parsed(text)
    assert [row["path"] for row in rows] == ['a, "quoted".png', "b/img.png", "z.png"]
    first = rows[0]
    assert (first["cluster"], first["cluster_name"], first["width"], first["height"]) == ("0", "tulips", "30", "40")
    assert (first["confidence"], first["margin"], first["agreement"], first["p_1"]) == ("0.7000", "0.5000", "1.0000", "0.2000")
    assert (rows[2]["cluster"], rows[2]["confidence"], rows[2]["excluded"]) == ("", "", "0")


def test_what_people_said_is_in_the_table() -> None:
    pins = Pins(np.array([1, 2, 8]), np.array([[2, 0, 0, 0], [-1, 1, 0, 0], [1, 0, 0, 0]]))
    images = [ImageFacts(number, f"{number}.png", 1, 1) for number in (1, 2, 3, 8)]
    moved, excluded, left, unknown = parsed(csv_text(images, groups(3, "tulips", "roses", "daisies", pins=pins)))
    assert (moved["cluster"], moved["cluster_name"], moved["source"], moved["excluded"]) == ("2", "daisies", "user", "0")
    assert (moved["confidence"], moved["margin"], moved["agreement"]) == ("0.1000", "0.0000", "0.0000")
    assert (excluded["cluster"], excluded["cluster_name"], excluded["source"], excluded["excluded"]) == ("", "", "model", "1")
    assert (left["cluster"], left["cluster_name"], left["source"]) == ("0", "tulips", "model")
    assert (unknown["cluster"], unknown["source"], unknown["confidence"]) == ("1", "user", "0.0000")


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@sum", "\tx"])
def test_names_are_no_formulas_and_paths_stay_exact(name: str) -> None:
    assert safe_cell(name) == "'" + name
    rows = parsed(csv_text([ImageFacts(1, name.strip() + ".png", 1, 1)], groups(1, name)))
    assert rows[0]["path"] == name.strip() + ".png"
    assert rows[0]["cluster_name"].startswith("'")


def test_bytes_that_are_no_utf8_stay_readable() -> None:
    assert printable_path(os.fsdecode(b"caf\xe9.jpg")) == "caf\\xe9.jpg"
    assert printable_path("süd/копия.jpg") == "süd/копия.jpg"


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=12), unique=True, max_size=8)
)
def test_any_name_round_trips(names: list[str]) -> None:
    images = [ImageFacts(number, name, 1, 1) for number, name in enumerate(names, start=1)]
    assert [row["path"] for row in parsed(csv_text(images, groups(len(names))))] == sorted(names)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.csv"
    write_text(target, "old\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(target, "new\n")
    assert target.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
