"""Charts as text."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.export.svg import Line, heat_map, line_chart, ticks


def points_of(svg: str) -> list[list[tuple[float, ...]]]:
    lines = [one for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("polyline")]
    return [[tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()] for line in lines]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_round_and_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert 1 <= len(found) <= 5
    slack = 1e-6 * max(abs(low), span)
    assert all(low - slack <= tick <= low + span + slack for tick in found) or len(found) == 1


def test_a_curve_runs_over_the_whole_width_and_falls_where_the_values_fall() -> None:
    x = np.arange(1000.0)
    svg = line_chart([Line(x, -x, "loss")], "steps", "nats", "Loss")
    (points,) = points_of(svg)
    assert 2 <= len(points) <= 300
    assert [place for place, _ in points] == sorted(place for place, _ in points)
    assert [height for _, height in points] == sorted(height for _, height in points)  # down the page
    assert 'aria-label="Loss"' in svg


def test_values_that_are_no_numbers_are_left_out_and_nothing_makes_no_chart() -> None:
    x = np.arange(4.0)
    (points,) = points_of(line_chart([Line(x, np.array([1.0, math.nan, math.inf, 2.0]), "a")], "x", "y", "d"))
    assert len(points) == 2
    assert line_chart([], "x", "y", "d") == ""
    assert line_chart([Line(x[:1], x[:1], "one point")], "x", "y", "d") == ""
    assert len(points_of(line_chart([Line(x, np.zeros(4), "flat")], "x", "y", "d"))) == 1


@pytest.mark.parametrize("count", [2, 48])
def test_a_cell_for_each_pair_and_names_are_escaped(count: int) -> None:
    names = ["<script>", *(f"kind {number}" for number in range(1, count))]
    svg = heat_map(np.eye(count), names, 'of "kinds"')
    root = ElementTree.fromstring(svg)
    cells = [one for one in root.iter() if one.tag.endswith("rect")]
    assert len(cells) == count**2
    assert sum(one.attrib["fill-opacity"] == "1.00" for one in cells) == count
    assert "<script>" not in svg
    assert cells[0].find("title").text == "100.0% of the pairs from <script> land in <script>"  # type: ignore[union-attr]
