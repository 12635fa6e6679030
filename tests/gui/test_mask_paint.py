"""Layers over pictures: colours of the classes that are seen, their borders, heat that grows with uncertainty."""

import numpy as np
import pytest

from iic_studio.gui.mask_paint import borders, class_layer, heat_colours, heat_layer

COLOURS = np.array([[230, 159, 0], [86, 180, 233], [0, 158, 115]], np.uint8)
ALL = np.ones(3, np.bool_)


@pytest.fixture
def ids() -> np.ndarray:
    """(8, 12): the upper half 0, the lower half 1 at the left and 2 at the right."""
    found = np.zeros((8, 12), np.uint8)
    found[4:, :6], found[4:, 6:] = 1, 2
    return found


def test_every_pixel_has_the_colour_of_its_class(ids: np.ndarray) -> None:
    layer = class_layer(ids, COLOURS, ALL)
    assert layer.shape == (8, 12, 4)
    assert (layer[..., :3] == COLOURS[ids]).all()
    assert (layer[..., 3] == 255).all()


def test_the_picture_shows_through_hidden_classes(ids: np.ndarray) -> None:
    layer = class_layer(ids, COLOURS, np.array([True, False, True]))
    assert (layer[..., 3] == np.where(ids == 1, 0, 255)).all()


def test_outlines_are_where_classes_meet(ids: np.ndarray) -> None:
    layer = class_layer(ids, COLOURS, ALL, outline=True)
    seen = layer[..., 3] == 255
    assert (seen == borders(ids)).all()
    expected = np.zeros_like(seen)
    expected[3:5] = True
    expected[4:, 5:7] = True
    assert (seen == expected).all()
    assert (layer[seen][:, :3] == COLOURS[ids[seen]]).all(), "each side has its own colour"


def test_borders_grow_inwards_with_their_thickness(ids: np.ndarray) -> None:
    for thickness in (1, 2, 3):
        found = borders(ids, thickness)
        assert found[:, 0].sum() == 2 * thickness, "down the left edge only one border is crossed"
        assert found[0].sum() == 0 or thickness > 3
    assert not borders(np.zeros((5, 5), np.uint8), 2).any()
    assert not borders(np.zeros((1, 1), np.uint8), 2).any()


def test_heat_grows_lighter_with_uncertainty() -> None:
    entropy = np.array([[0, 255], [128, 64]], np.uint8)
    layer = heat_layer(entropy)
    assert (layer[..., 3] == 255).all()
    assert (layer[0, 0, :3] == heat_colours()[0]).all()
    lightness = heat_colours().astype(np.float64) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) >= -1.0).all()
    assert lightness[-1] > 200
