"""Points inside a drawn shape against the textbook test, one point and one edge at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.gui.region import inside_polygon, nearest

Corners = list[tuple[float, float]]


def inside_by_hand(x: float, y: float, corners: Corners) -> bool:
    """Whether a ray to the right crosses the shape an odd number of times."""
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if min(y0, y1) <= y < max(y0, y1) and x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)):
            odd = not odd
    return odd


def inside(x: np.ndarray, y: np.ndarray, corners: Corners) -> np.ndarray:
    return inside_polygon(x, y, np.argsort(y, kind="stable"), corners)


@settings(deadline=None, max_examples=80)
@given(st.integers(3, 40), st.integers(0, 10_000))
def test_any_shape_also_one_that_crosses_itself(corners: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1, 1, (2, 150)).astype(np.float32)
    shape = [(float(a), float(b)) for a, b in rng.uniform(-1, 1, (corners, 2))]
    expected = [inside_by_hand(float(a), float(b), shape) for a, b in zip(x, y, strict=True)]
    assert inside(x, y, shape).tolist() == expected


def test_points_on_corners_and_level_edges_are_counted_once() -> None:
    x, y = (axis.ravel().astype(np.float32) for axis in np.meshgrid(np.arange(5), np.arange(5)))
    square = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)]
    expected = [inside_by_hand(float(a), float(b), square) for a, b in zip(x, y, strict=True)]
    assert inside(x, y, square).tolist() == expected
    assert sum(expected) == 4


@pytest.mark.parametrize("corners", [[], [(0.0, 0.0)], [(0.0, 0.0), (1.0, 1.0)]])
def test_a_line_holds_nothing(corners: Corners) -> None:
    x = np.linspace(0, 1, 9).astype(np.float32)
    assert not inside(x, x, corners).any()


def test_no_points_at_all() -> None:
    none = np.zeros(0, np.float32)
    assert inside(none, none, [(0, 0), (1, 0), (0, 1)]).tolist() == []
    assert nearest(none, none, (0, 0), 1) == -1


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_the_nearest_point_within_reach(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1, 1, (2, 60)).astype(np.float32)
    at = (0.1, -0.2)
    away = np.hypot(x - at[0], y - at[1])
    assert nearest(x, y, at, 3.0) == int(away.argmin())
    assert nearest(x, y, at, float(away.min()) * 0.99) == -1
