"""The joint page: order, words, what a click shows, many clusters."""

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from test_gallery import CLUSTERS, fake_snapshot

from iic_studio.gui.heatmap import SCALES, HeatMap, Matrix, scaled
from iic_studio.gui.joint import JointPage
from iic_studio.gui.session import Session, Shown
from iic_studio.records import JointMoment, LiveArrays, halve_joints


def joint_of(clusters: int, heads: int = 2) -> np.ndarray:
    """(H, K, K): diagonal with falling mass, some of the first cluster's pairs land in the second."""
    mass = np.arange(clusters, 0, -1, dtype=np.float32)
    one = np.diag(mass)
    one[0, 1] = one[1, 0] = mass[0] / 4
    return np.stack([one / one.sum()] * heads).astype(np.float32)


def painted_above(qtbot: QtBot, side: int, width: int) -> list[str]:
    """Numbers written above the columns of a matrix."""
    drawn: list[str] = []

    class Listening(HeatMap):
        def fontMetrics(self) -> QFontMetrics:
            return Metrics(self.font())

    class Metrics(QFontMetrics):
        def elidedText(self, text: str, mode: Qt.TextElideMode, width: int, flags: int = 0) -> str:
            drawn.append(text)
            return super().elidedText(text, mode, width, flags)

    shares = joint_of(side, 1)[0]
    made = Listening()
    qtbot.addWidget(made)
    made.resize(width, width)
    made.show_matrix(Matrix(shares, tuple(f"Overcluster {one}" for one in range(side)), (QColor("red"),) * side))
    made.grab()
    return [text for text in drawn if text.isdecimal()]


def test_numbers_of_columns_are_all_there_or_none(qtbot: QtBot) -> None:
    assert painted_above(qtbot, 12, 640) == [str(one) for one in range(12)]
    assert painted_above(qtbot, 25, 480) == [], "a number cut off would be another number"


class MergingSession(Session):
    """A session that can merge clusters."""

    def __init__(self) -> None:
        super().__init__()
        self.wishes: list[list[int]] = []

    @property
    def can_edit(self) -> bool:
        return True

    def wish_merge(self, model_clusters: Sequence[int]) -> None:
        self.wishes.append(list(model_clusters))


@pytest.fixture
def page(qtbot: QtBot) -> JointPage:
    return shown_page(qtbot, Session())


@pytest.fixture
def merging(qtbot: QtBot) -> JointPage:
    return shown_page(qtbot, MergingSession())


def shown_page(qtbot: QtBot, session: Session) -> JointPage:
    made = JointPage(session)
    session.setParent(made)
    qtbot.addWidget(made, before_close_func=lambda page: page.let_go())
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


# Pairs, similarity, blocks, time ------------------------------------------------------------------------------------------------------


def choose(page: JointPage, box: QComboBox, text: str) -> None:
    """Choose an item as a person does."""
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_pairs_are_counted_over_a_whole_pass(page: JointPage) -> None:
    counts = 1797 * joint_of(CLUSTERS)
    page._session.note_live(LiveArrays(6, {"main": joint_of(CLUSTERS)}, {"main": counts}))
    choose(page, page._measure, "Pairs")
    assert page.map.matrix.num_pairs == pytest.approx(1797, rel=1e-4)
    page.map._set_cell((2, 2))
    wanted = round(1797 * float(joint_of(CLUSTERS)[0, 2, 2]))
    assert page._sentence.text().startswith(f"About {wanted} of 1,797 pairs have both pictures in Cluster 2.")
    assert page.map._amount(page.map.top) == f"{1797 * page.map.top:,.0f}"


def test_by_similarity_the_merge_tree_is_drawn_and_chooses_groups(qtbot: QtBot, page: JointPage) -> None:
    choose(page, page._arrange, "By similarity")
    qtbot.waitUntil(lambda: page.map.matrix.tree is not None, timeout=10_000)
    tree = page.map.matrix.tree
    assert tree is not None
    assert page._order.tolist() == tree.order.tolist()
    assert abs(tree.order.tolist().index(0) - tree.order.tolist().index(1)) == 1
    assert page.map.rect().contains(page.map.tree_rect())
    branch = tree.branches[-2]
    area = page.map.tree_rect()
    row = area.top() + (branch.first + 0.5) / len(tree.order) * area.height()
    spot = QPoint(round(area.left() + branch.height * area.width()) + 1, round(row))
    qtbot.mouseMove(page.map, spot)
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=spot)
    assert page.map.block == (branch.first, branch.last, branch.first, branch.last)
    assert "land in another of them" in page._offer.text()
    page.map.grab()


def test_a_frame_drawn_over_cells_is_a_block(qtbot: QtBot, merging: JointPage) -> None:
    heat, session = merging.map, merging._session
    assert isinstance(session, MergingSession)
    start, end = (heat.cell_rect(*cell).center().toPoint() for cell in ((0, 1), (1, 2)))
    qtbot.mousePress(heat, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(heat, end)
    qtbot.mouseRelease(heat, Qt.MouseButton.LeftButton, pos=end)
    assert heat.block == (0, 1, 1, 2)
    assert session.shown == Shown()
    assert "Cluster 0 and Cluster 1 land in Cluster 1 and Cluster 2" in merging._offer.text()
    assert merging.merge_button.isVisible()
    assert merging.merge_button.text() == "Merge these 3"
    qtbot.mouseClick(merging.merge_button, Qt.MouseButton.LeftButton)
    assert session.wishes == [[0, 1, 2]]
    assert heat.block is None


def test_shift_and_the_arrow_keys_choose_a_block_too(qtbot: QtBot, merging: JointPage) -> None:
    heat = merging.map
    heat.setFocus()
    qtbot.keyClick(heat, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(heat, key, Qt.KeyboardModifier.ShiftModifier)
    assert heat.block == (0, 1, 0, 2)
    assert heat.accessibleDescription()
    qtbot.keyClick(heat, Qt.Key.Key_Escape)
    assert heat.block is None
    qtbot.keyClick(heat, Qt.Key.Key_Down)
    assert heat.cell == (2, 2)


def test_what_is_mixed_up_most_is_offered_to_be_merged(qtbot: QtBot, merging: JointPage) -> None:
    session = merging._session
    assert isinstance(session, MergingSession)
    assert merging._offer.text().startswith("Most mixed up: 22 % of the pairs from Cluster 1 land in Cluster 0.")
    qtbot.mouseClick(merging.merge_button, Qt.MouseButton.LeftButton)
    assert session.wishes == [[1, 0]]
    merging._sub_head.setCurrentIndex(2)
    merging.refresh()
    assert not merging.merge_button.isVisible()


def test_a_session_that_cannot_merge_offers_nothing(page: JointPage) -> None:
    page.map.set_block((0, 1, 0, 1))
    assert page._offer.text()
    assert not page.merge_button.isVisible()


def test_an_empty_row_is_called_unused(page: JointPage) -> None:
    joint = joint_of(CLUSTERS)
    joint[:, 4] = joint[:, :, 4] = 0
    page._session.note_live(LiveArrays(9, {"main": joint / joint.sum(axis=(1, 2), keepdims=True)}))
    row = page._order.tolist().index(4)
    assert page.map.matrix.unused == {row}
    assert page.map._label(row) == "Cluster 4: unused"
    page.map._set_cell((row, 0))
    assert "Cluster 4 is unused" in page._sentence.text()
    assert "9 of 10 clusters in use" in page._bits.text()
    assert "Unused: Cluster 4." in page._offer.text()
    page.map.grab()


def flat(clusters: int) -> np.ndarray:
    return np.full((2, clusters, clusters), 1 / clusters**2, np.float32)


def with_past(moments: int) -> LiveArrays:
    """Flat at first, as `joint_of` now."""
    past = tuple(
        JointMoment(10 * number, 6.0 * number, {"main": halve_joints(flat(CLUSTERS) if number < moments // 2 else joint_of(CLUSTERS))})
        for number in range(1, moments + 1)
    )
    return LiveArrays(1000, {"main": joint_of(CLUSTERS)}, {}, past)


def test_the_slider_shows_how_it_was(qtbot: QtBot, page: JointPage) -> None:
    page._session.note_live(with_past(10))
    timeline = page.timeline
    assert timeline.slider.maximum() == 10
    assert timeline.moment is None
    order = page._order.tolist()
    timeline.slider.setFocus()
    qtbot.keyClick(timeline.slider, Qt.Key.Key_Home)
    assert timeline.moment is not None
    assert timeline.moment.step == 10
    assert page.map.matrix.shares == pytest.approx(np.full((CLUSTERS, CLUSTERS), 0.01), rel=1e-2)
    assert page._order.tolist() == order
    assert "step 10, 0.1 min" in timeline._words.text()
    page._session.note_live(with_past(12))  # training goes on meanwhile
    assert timeline.moment.step == 10
    qtbot.keyClick(timeline.slider, Qt.Key.Key_End)
    assert timeline.moment is None
    assert page.map.matrix.shares[0, 0] > 0.1


def test_play_runs_to_the_present_and_stops(qtbot: QtBot, page: JointPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page._session.note_live(with_past(5))
    seen: list[int] = []
    page.timeline.moved.connect(lambda: seen.append(page.timeline.slider.value()))
    page.timeline._timer.setInterval(1)
    qtbot.mouseClick(page.timeline.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.timeline.play.isChecked(), timeout=5000)
    assert seen == [0, 1, 2, 3, 4, 5]
    page.timeline.play.setChecked(True)
    page.hide()
    assert not page.timeline._timer.isActive()


def test_a_head_without_a_past_has_a_still_slider(page: JointPage) -> None:
    page._session.note_live(with_past(4))
    assert page.timeline.isEnabled()
    page._session.note_live(LiveArrays(5, {"main": joint_of(CLUSTERS), "overclustering": joint_of(30)}, {}, with_past(4).moments))
    page._head.setCurrentIndex(1)
    page.refresh()
    assert not page.timeline.isEnabled()
