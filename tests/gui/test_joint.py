"""The joint page: order, words, what a click shows, many clusters."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from test_gallery import CLUSTERS, fake_snapshot

from iic_studio.gui.heatmap import SCALES, scaled
from iic_studio.gui.joint import JointPage
from iic_studio.gui.session import Session, Shown
from iic_studio.records import LiveArrays


def joint_of(clusters: int, heads: int = 2) -> np.ndarray:
    """(H, K, K): diagonal with falling mass, some of the first cluster's pairs land in the second."""
    mass = np.arange(clusters, 0, -1, dtype=np.float32)
    one = np.diag(mass)
    one[0, 1] = one[1, 0] = mass[0] / 4
    return np.stack([one / one.sum()] * heads).astype(np.float32)


@pytest.fixture
def page(qtbot: QtBot) -> JointPage:
    session = Session()
    made = JointPage(session)
    session.setParent(made)
    qtbot.addWidget(made)
    made.resize(720, 640)
    made.show()
    session.adopt(fake_snapshot(2000))
    session.note_live(LiveArrays(5, {"main": joint_of(CLUSTERS), "overclustering": joint_of(100)}))
    return made


def test_it_says_what_a_cell_means(page: JointPage) -> None:
    page.map._set_cell((0, 1))
    assert page._sentence.text().startswith("20 % of the pairs from Cluster 0 land in Cluster 1.")
    page.map._set_cell((2, 2))
    assert "100 % of the pairs from Cluster 2 land in it again." in page._sentence.text()


def test_a_click_shows_the_images_behind_the_cell(qtbot: QtBot, page: JointPage) -> None:
    session = page._session
    with qtbot.waitSignal(page.cell_chosen):
        qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.cell_rect(0, 1).center().toPoint())
    assert session.shown == Shown("joint", 0, 1, "main")
    rows = session.shown_rows
    pairs = {(int(a), int(b)) for a, b in zip(session.verdicts.cluster[rows], session.verdicts.second[rows], strict=True)}
    assert pairs <= {(0, 1), (1, 0)}
    assert (np.diff(session.verdicts.margin[rows]) >= 0).all()


def test_only_the_used_sub_head_leads_to_images(qtbot: QtBot, page: JointPage) -> None:
    page._sub_head.setCurrentIndex(2)
    page.refresh()
    page.map.clicked.emit((0, 0))
    assert page._session.shown == Shown()
    page.map._set_cell((0, 0))
    assert "Choose the used sub-head" in page._sentence.text()


def test_a_hundred_clusters_fit(page: JointPage) -> None:
    page._head.setCurrentIndex(1)
    page.refresh()
    assert page.map.matrix.side == 100
    assert page.map.rect().contains(page.map.map_rect())
    assert page.map.cell_at(page.map.cell_rect(99, 99).center()) == (99, 99)


def test_keys_walk_over_the_cells(qtbot: QtBot, page: JointPage) -> None:
    page.map.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(page.map, key)
    assert page.map.cell == (1, 1)
    qtbot.keyClick(page.map, Qt.Key.Key_Return)
    assert page._session.shown == Shown("cluster", 1)


def test_rows_do_not_dance_while_the_order_is_nearly_right(page: JointPage) -> None:
    session = page._session
    assert page._order.tolist() == list(range(CLUSTERS))
    joint = joint_of(CLUSTERS)
    joint[:, 5, 5] *= 1.15
    session.note_live(LiveArrays(6, {"main": joint}))
    assert page._order.tolist() == list(range(CLUSTERS))
    joint[:, 9, 9] *= 50
    session.note_live(LiveArrays(7, {"main": joint}))
    assert page._order[0] == 9


@pytest.mark.parametrize("scale", SCALES)
def test_scales_keep_order_and_ends(scale: str) -> None:
    values = scaled(np.array([0.0, 0.001, 0.1, 0.5], np.float32), scale, 0.5)
    assert (np.diff(values) >= 0).all()
    assert values[0] == 0
    assert values[-1] == pytest.approx(1.0)
