"""Zooming and moving: what is under the pointer stays there, and nothing gets lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.gui.map_camera import LARGEST_ZOOM, Camera

pixels = st.floats(0, 500)


@settings(deadline=None)
@given(st.floats(0.6, 50), st.floats(-1, 1), st.floats(-1, 1), st.floats(0.2, 5), pixels, pixels)
def test_the_place_under_the_pointer_stays(zoom: float, x: float, y: float, factor: float, across: float, down: float) -> None:
    before = Camera(500, 400, x, y, zoom)
    after = before.zoomed(factor, (across, down))
    assert after.to_map(across, down) == pytest.approx(before.to_map(across, down), abs=1e-9)


@given(pixels, pixels)
def test_there_and_back(across: float, down: float) -> None:
    camera = Camera(640, 480, 0.3, -0.2, 7.0)
    assert camera.to_pixels(*camera.to_map(across, down)) == pytest.approx((across, down), abs=1e-6)


def test_up_on_the_map_is_up_on_the_screen_and_in_the_raster() -> None:
    camera = Camera(600, 400)
    assert camera.to_pixels(0, 1)[1] < camera.to_pixels(0, -1)[1]
    for ratio in (1.0, 2.0):
        place = camera.zoomed(3, (100, 100)).place(ratio)
        across, down = camera.zoomed(3, (100, 100)).to_pixels(0.2, 0.4)
        assert place.scale * 0.2 + place.left == pytest.approx(ratio * across)
        assert place.top - place.scale * 0.4 == pytest.approx(ratio * down)


def test_the_whole_map_is_seen_at_first_and_after_a_reset() -> None:
    far = Camera(600, 400).zoomed(9, (3, 3)).moved(500, -900)
    for camera in (Camera(600, 400), far.reset()):
        for x in (-1, 1):
            for y in (-1, 1):
                across, down = camera.to_pixels(x, y)
                assert 0 < across < 600
                assert 0 < down < 400


def test_zoom_and_place_have_bounds() -> None:
    camera = Camera(300, 300)
    assert camera.zoomed(1e9).zoom == LARGEST_ZOOM
    assert camera.zoomed(1e-9).zoom == 0.5
    assert abs(camera.moved(1e9, -1e9).x) <= 1.2
    assert abs(camera.moved(1e9, -1e9).y) <= 1.2
