"""JSON Lines say what the CSV says, with numbers as numbers."""

import csv
import io
import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.export.csv_table import COLUMNS, csv_text
from iic_studio.export.json_lines import jsonl_text
from tests.export.conftest import made_rows

TYPED = ["=SUM(A1)", 'tulips, "red"', "two\nlines"]


def test_same_columns_and_values_as_the_csv() -> None:
    rows = made_rows(["a, b.png", 'c"d.png', "e\nf.png", "=g.png"], clusters=[0, 1, 2, 0], names=dict(enumerate(TYPED)))
    lines = [json.loads(line) for line in jsonl_text(rows, probabilities=True).splitlines()]
    table = list(csv.DictReader(io.StringIO(csv_text(rows, probabilities=True), newline="")))
    assert list(lines[0]) == [*COLUMNS, "p_0", "p_1", "p_2"] == list(table[0])
    for line, cells in zip(lines, table, strict=True):
        assert line["path"] == cells["path"]
        assert line["cluster_name"] == TYPED[line["cluster"]]  # as typed; only the table guards against formulas
        assert isinstance(line["confidence"], float)
        assert [line[name] for name in ("cluster", "excluded", "width", "height")] == [
            int(cells[name]) for name in ("cluster", "excluded", "width", "height")
        ]
        assert [line[name] for name in ("confidence", "margin", "agreement", "p_0", "p_2")] == [
            float(cells[name]) for name in ("confidence", "margin", "agreement", "p_0", "p_2")
        ]


def test_what_is_not_known_is_null() -> None:
    line = json.loads(jsonl_text(made_rows(["a.png"], num_seen=0), probabilities=True))
    assert (line["cluster"], line["confidence"], line["p_1"]) == (None, None, None)
    assert (line["cluster_name"], line["source"], line["class"]) == ("", "", "")


def test_bytes_that_are_no_utf8_leave_the_file_readable() -> None:
    rows = made_rows([os.fsdecode(b"caf\xe9.jpg"), "süd.jpg"])
    text = jsonl_text(rows).encode("utf-8").decode("utf-8")
    assert [json.loads(line)["path"] for line in text.splitlines()] == ["caf\\xe9.jpg", "süd.jpg"]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=12), unique=True, min_size=1)
)
def test_any_name_round_trips_a_line_each(names: list[str]) -> None:
    lines = jsonl_text(made_rows(names)).splitlines()
    assert [json.loads(line)["path"] for line in lines] == sorted(names)
