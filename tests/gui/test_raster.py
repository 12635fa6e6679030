"""Points as a picture against drawing every disc pixel by pixel."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.gui import raster
from iic_studio.gui.raster import Place, PointRaster, blend, grow, palette_of

GREYS = (np.arange(256, dtype=np.uint32) * np.uint32(0x010101)) | np.uint32(0xFF000000)


def grown_by_hand(grid: np.ndarray, reach: int) -> np.ndarray:
    """The highest number within a disc of pixels around each."""
    found = np.zeros_like(grid)
    for line, column in zip(*np.nonzero(grid), strict=True):
        for down in range(-reach, reach + 1):
            for across in range(-reach, reach + 1):
                if abs(across) <= math.floor(math.sqrt((reach + 0.5) ** 2 - down * down)):
                    at = line + down, column + across
                    if 0 <= at[0] < grid.shape[0] and 0 <= at[1] < grid.shape[1]:
                        found[at] = max(found[at], grid[line, column])
    return found


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 9), st.integers(0, 1000))
def test_all_discs_at_once_are_discs_one_by_one(reach: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    grid = np.where(rng.random((31, 27)) < 0.02, rng.integers(1, 256, (31, 27)), 0).astype(np.uint8)
    assert np.array_equal(grow(grid, reach), grown_by_hand(grid, reach))


def test_points_lie_where_the_place_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "MOST_PIXELS", 0)
    x, y = np.array([0.0, 1.0, -1.0], np.float32), np.array([0.0, 0.5, -0.5], np.float32)
    place = Place(40, 20, 10.0, 20.5, 10.5)
    pixels = PointRaster().draw(x, y, np.array([1, 2, 3], np.uint8), place, 0.5, GREYS)
    assert pixels.shape == (20, 40)
    lit = {(int(line), int(column)): int(pixels[line, column]) & 255 for line, column in zip(*np.nonzero(pixels & 255), strict=True)}
    assert lit == {(10, 20): 1, (5, 30): 2, (15, 10): 3}


def test_discs_reach_in_from_outside_and_far_points_do_no_harm() -> None:
    place = Place(30, 30, 1.0, 0.0, 0.0)
    x = np.array([-1.5, 1e6, -1e6, 15], np.float32)
    y = np.array([-15, 1e6, -1e6, 50], np.float32)
    pixels = PointRaster().draw(x, y, np.full(4, 7, np.uint8), place, 4.0, GREYS)
    lit = np.argwhere(pixels & 255)
    assert len(lit)
    assert lit[:, 1].max() <= 3
    assert abs(lit[:, 0].mean() - 15) < 1


@pytest.mark.parametrize(("still", "smooth"), [(False, False), (True, True)])
def test_a_large_picture_has_smooth_edges_only_when_nothing_moves(monkeypatch: pytest.MonkeyPatch, still: bool, smooth: bool) -> None:
    monkeypatch.setattr(raster, "MOST_PIXELS", 100)
    palette = palette_of([0xFFFFFF], [0x000000])
    one = np.zeros(1, np.float32)
    pixels = PointRaster().draw(one, one, np.array([2], np.uint8), Place(24, 24, 1.0, 12.2, 12.2), 5.0, palette, still=still)
    shades = set((pixels >> np.uint32(24)).ravel().tolist())
    assert {0, 255} <= shades
    assert (len(shades) > 2) is smooth


def test_where_smooth_edges_take_long_what_moves_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, place, one = PointRaster(), Place(24, 24, 1.0, 12.2, 12.2), np.zeros(1, np.float32)
    clock = iter([0.0, 0.001, 1.0, 1.007, 2.0, 3.0, 3.002, 4.0, 4.001])
    monkeypatch.setattr(raster, "perf_counter", lambda: next(clock))
    seen = []
    for still in (False, False, False, True, False):
        seen.append(canvas.is_fine(place, still=still))
        canvas.draw(one, one, np.array([2], np.uint8), place, 5.0, GREYS, still=still)
    assert seen == [True, True, False, True, True]


def test_edges_are_the_mean_of_four() -> None:
    palette = np.zeros(256, np.uint32)
    palette[[1, 2, 3, 4, 255]] = [0xFF10FF00, 0xFF30FF00, 0xFF50FF00, 0xFF70FF00, 0xFFFFFFFF]
    assert raster._averaged(np.array([[1, 2], [3, 4]], np.uint8), palette).tolist() == [[0xFF40FF00]]
    assert raster._averaged(np.full((2, 4), 255, np.uint8), palette).tolist() == [[0xFFFFFFFF, 0xFFFFFFFF]]
    inside = np.zeros((4, 7), np.uint8)
    inside[1:3, 3:5] = [[1, 2], [3, 4]]
    assert raster._averaged(inside[1:3, 1:7], palette).tolist() == [[0, 0xFF40FF00, 0]], "a part of a larger grid"


def test_what_is_outside_changes_nothing_of_what_is_inside() -> None:
    rng = np.random.default_rng(3)
    x, y = (rng.uniform(0, 30, 200).astype(np.float32) for _ in range(2))
    numbers = rng.integers(1, 200, 200).astype(np.uint8)
    far = np.array([-1e4, 500, 15], np.float32)
    canvas, place = PointRaster(), Place(31, 31, 1.0, 0.0, 30.0)
    inside = canvas.draw(x, y, numbers, place, 1.5, GREYS)
    with_far = canvas.draw(
        np.append(x, far), np.append(y, far[::-1] * 3), np.append(numbers, [250, 251, 252]).astype(np.uint8), place, 1.5, GREYS
    )
    assert np.array_equal(inside, with_far)
    assert (inside & 255).any()


def test_the_grid_is_cleared_between_frames() -> None:
    canvas, place = PointRaster(), Place(20, 20, 1.0, 0.0, 0.0)
    five = np.full(1, 5, np.float32)
    canvas.draw(five, -five, np.array([9], np.uint8), place, 2.0, GREYS)
    empty = np.zeros(0, np.float32)
    assert not (canvas.draw(empty, empty, np.zeros(0, np.uint8), place, 2.0, GREYS) & 255).any()


def test_colours_mix() -> None:
    assert blend(0xFF0000, 0x0000FF, 1.0) == 0xFF0000
    assert blend(0xFF0000, 0x0000FF, 0.0) == 0x0000FF
    assert blend(0xFF8040, 0x000000, 0.5) == 0x804020
