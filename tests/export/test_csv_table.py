"""The table's contract: columns, order, exact paths, safe names."""

import csv
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.curation import Pins
from iic_studio.export.csv_table import COLUMNS, csv_text, safe_cell
from iic_studio.export.files import printable_path, write_text
from tests.export.conftest import made_rows


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_header_order_and_values() -> None:
    rows = made_rows(["b/img.png", 'a, "quoted".png', "z.png"], names={0: "tulips"}, num_seen=2, width=[10, 30, 5], height=[20, 40, 5])
    text = csv_text(rows, probabilities=True)
    assert text.splitlines()[0] == ",".join([*COLUMNS, "p_0", "p_1", "p_2"])
    assert "\r" not in text
    found = parsed(text)
    assert [row["path"] for row in found] == ['a, "quoted".png', "b/img.png", "z.png"]
    first = found[0]
    assert (first["cluster"], first["cluster_name"], first["width"], first["height"]) == ("0", "tulips", "30", "40")
    assert (first["confidence"], first["margin"], first["agreement"], first["p_1"]) == ("0.7000", "0.5000", "1.0000", "0.2000")
    assert (found[2]["cluster"], found[2]["confidence"], found[2]["source"], found[2]["excluded"], found[2]["p_0"]) == ("", "", "", "0", "")


def test_what_people_said_is_in_the_table() -> None:
    pins = Pins(np.array([1, 2, 8]), np.array([[2, 0, 0, 0], [-1, 1, 0, 0], [1, 0, 0, 0]]))
    paths = [f"{number}.png" for number in range(1, 9)]
    rows = made_rows(paths, names={0: "tulips", 1: "roses", 2: "daisies"}, num_seen=3, pins=pins)
    found = {row["path"]: row for row in parsed(csv_text(rows))}
    moved, excluded, left, unknown = (found[f"{number}.png"] for number in (1, 2, 3, 8))
    assert (moved["cluster"], moved["cluster_name"], moved["source"], moved["excluded"]) == ("2", "daisies", "user", "0")
    assert (moved["confidence"], moved["margin"], moved["agreement"]) == ("0.1000", "0.0000", "0.0000")
    assert (excluded["cluster"], excluded["cluster_name"], excluded["source"], excluded["excluded"]) == ("", "", "model", "1")
    assert (left["cluster"], left["cluster_name"], left["source"]) == ("0", "tulips", "model")
    assert (unknown["cluster"], unknown["source"], unknown["confidence"]) == ("1", "user", "")
    assert found["5.png"]["cluster"] == found["5.png"]["source"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@sum", "\tx"])
def test_names_are_no_formulas_and_paths_stay_exact(name: str) -> None:
    assert safe_cell(name) == "'" + name
    rows = parsed(csv_text(made_rows([name.strip() + ".png"], names={0: name})))
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
    assert [row["path"] for row in parsed(csv_text(made_rows(names)))] == sorted(names)


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
