"""The table of places: exact paths, any name, in path order."""

import csv
import io
import os

import numpy as np

from iic_studio.export.map_table import map_text


def test_odd_names_survive() -> None:
    paths = ["b,c/ü.png", 'a "quoted".jpg', "two\nlines\r.png", os.fsdecode(b"caf\xe9.png"), "=1+1.png"]
    places = np.arange(10, dtype=np.float32).reshape(5, 2) / 3
    text = map_text(paths, places)
    assert text.startswith("path,x,y\n")
    assert text.count("\n") == 7, "six lines, and one within a name"
    rows = {row["path"]: (float(row["x"]), float(row["y"])) for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert list(rows) == ["=1+1.png", 'a "quoted".jpg', "b,c/ü.png", "caf\\xe9.png", "two\nlines\r.png"]
    assert np.allclose(rows["caf\\xe9.png"], places[3], rtol=1e-5)


def test_no_images_make_a_header() -> None:
    assert map_text([], np.zeros((0, 2), np.float32)) == "path,x,y\n"
