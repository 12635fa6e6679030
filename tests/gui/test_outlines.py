"""Lines around clusters: on a circle, around blobs, and names that do not cover one another."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from iic_studio.gui.map_names import MapName, Room, arrange_names
from iic_studio.gui.outlines import contour, outlines


def test_a_round_hill_has_a_round_contour() -> None:
    line, column = np.mgrid[0:61, 0:61]
    away = np.hypot(line - 30, column - 28)
    pieces = contour(-away, -12.1)
    ends = pieces.reshape(-1, 2, 2)
    assert np.allclose(np.hypot(ends[..., 0] - 28, ends[..., 1] - 30), 12.1, atol=0.05)
    assert np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).sum() == pytest.approx(2 * np.pi * 12.1, rel=0.01)
    points, counts = np.unique(ends.reshape(-1, 2).round(6), axis=0, return_counts=True)
    assert set(counts.tolist()) == {2}, "it is closed: every end is the end of two pieces"
    assert len(points) == len(pieces)


@pytest.mark.parametrize("seed", range(5))
def test_every_contour_within_the_grid_is_closed(seed: int) -> None:
    values = np.zeros((24, 24))
    values[1:-1, 1:-1] = np.random.default_rng(seed).random((22, 22))
    ends = contour(values, 0.5).reshape(-1, 2).round(9)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert (counts % 2 == 0).all()


def blobs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    clusters = np.repeat([0, 1, 3, -1], [300, 900, 3, 50])
    centres = np.array([[-0.5, 0.4], [0.5, -0.3], [-0.6, -0.6], [0, 0]])[np.repeat([0, 1, 2, 3], [300, 900, 3, 50])]
    x, y = (centres + rng.normal(0, 0.08, (len(clusters), 2))).astype(np.float32).T
    return x, y, clusters


def test_blobs_are_enclosed_and_named_in_their_middle() -> None:
    x, y, clusters = blobs()
    found = outlines(x, y, clusters)
    assert [(one.cluster, one.size) for one in found] == [(1, 900), (0, 300), (3, 3)]
    assert np.allclose(found[0].centre, (0.5, -0.3), atol=0.04)
    assert np.allclose(found[1].centre, (-0.5, 0.4), atol=0.04)
    for one, middle in zip(found[:2], ((0.5, -0.3), (-0.5, 0.4)), strict=True):
        away = np.hypot(one.lines[:, 0] - middle[0], one.lines[:, 1] - middle[1])
        assert away.min() > 0.08
        assert away.max() < 0.3
    assert not len(found[2].lines), "a handful gets no line"


def test_a_name_stands_on_the_heavier_of_two_parts() -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(-0.7, 0.05, 400), rng.normal(0.7, 0.05, 150)]).astype(np.float32)
    y = rng.normal(0, 0.05, 550).astype(np.float32)
    (one,) = outlines(x, y, np.zeros(550, np.int64))
    assert np.allclose(one.centre, (-0.7, 0), atol=0.05)


def test_without_clusters_there_are_no_outlines() -> None:
    x, y, _ = blobs()
    assert outlines(x, y, np.full(len(x), -1)) == ()
    assert outlines(x[:0], y[:0], np.zeros(0, np.int64)) == ()


def test_names_do_not_cover_one_another() -> None:
    rng = np.random.default_rng(0)
    names = [MapName(f"Cluster {number}", *rng.uniform(0, 400, 2), QColor("red")) for number in range(60)]
    area = Room(0, 0, 400, 400)
    placed = arrange_names(names, lambda x, y: (x, y), area, lambda text: (7.0 * len(text), 24.0))
    assert placed[0][1] is names[0], "the most important first"
    assert 8 < len(placed) < 60
    rooms = [room for room, _ in placed]
    assert all(area.holds(room) for room in rooms)
    assert {round(room.right - room.left) for room in rooms} <= {63, 70}
    assert not any(one.meets(other) for place, one in enumerate(rooms) for other in rooms[:place])
    assert Room(0, 0, 2, 2).meets(Room(1, 1, 3, 3)) and not Room(0, 0, 2, 2).meets(Room(2, 0, 4, 2))
