"""Two clusters side by side in the real window: chosen in the list, compared, corrected by key, undone, merged away."""

import gc

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from iic_studio.curation import load_curated
from iic_studio.gui.beside import BesidePage
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.session import Shown, Sort
from iic_studio.query import parse

gc.collect()
gc.freeze()

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(studio: MainWindow) -> MainWindow:
    """The window with the clusters 1 and 2 beside each other."""
    choose(studio, 1, 2)
    studio.actions_["compare"].trigger()
    return studio


def choose(window: MainWindow, *clusters: int) -> None:
    """Select clusters in the list, the first with a click, the others with Ctrl."""
    view, model = window.workspace.clusters.view, window.workspace.clusters.model
    lines = [place for place, entry in enumerate(model.entries) if entry.is_cluster and entry.shown.cluster in clusters]
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().setCurrentIndex(model.index(lines[0]), flags.ClearAndSelect)
    for line in lines[1:]:
        view.selectionModel().select(model.index(line), flags.Select)


def page(window: MainWindow) -> BesidePage:
    shown = window.workspace.centre.currentWidget()
    assert isinstance(shown, BesidePage)
    return shown


def test_only_two_clusters_can_be_compared(studio: MainWindow) -> None:
    for clusters, possible in (((0,), False), ((0, 3), True), ((0, 1, 3), False)):
        choose(studio, *clusters)
        assert studio.actions_["compare"].isEnabled() is possible
    choose(studio, 0, 3)
    titles = [command.title for command in studio.commands.help.commands()]
    assert "Compare" in titles


def test_each_column_holds_its_cluster_and_both_share_selection_and_search(qtbot: QtBot, window: MainWindow) -> None:
    session, shown = window.session, page(window)
    assert session.shown == Shown("beside", 1, 2)
    assert window.workspace.clusters.selected_clusters() == [1, 2]
    for column, cluster in zip(shown.columns, (1, 2), strict=True):
        expected = np.flatnonzero(session.verdicts.cluster == cluster)
        assert sorted(column.source.rows.tolist()) == expected.tolist()
        assert column._name.full == session.cluster_name(cluster)
    right = shown.columns[1]
    QTest.mouseClick(right.grid.viewport(), Qt.MouseButton.LeftButton, pos=right.grid.cell_rect(1).center())
    assert session.selected_ids().tolist() == [int(session.table.ids[right.source.rows[1]])]
    assert right.selected().tolist() == [int(right.source.rows[1])]
    assert not len(shown.columns[0].selected())
    assert (shown.to_right.isEnabled(), shown.to_left.isEnabled()) == (False, True)
    session.filter_by(parse("name:img1"))
    names = [session.table.paths[row] for column in shown.columns for row in column.source.rows.tolist()]
    assert names
    assert all("img1" in name for name in names)


def test_the_nearest_to_the_other_can_come_first(window: MainWindow) -> None:
    session, shown = window.session, page(window)
    shown.sort.setCurrentIndex(shown.sort.findData(Sort.BORDERLINE))
    shown.sort.activated.emit(shown.sort.currentIndex())
    said = session.verdicts.assignments
    assert said is not None
    for column, own, other in ((shown.columns[0], 1, 2), (shown.columns[1], 2, 1)):
        rows = session.verdicts.position[column.source.rows]
        difference = said.probabilities[rows, own] - said.probabilities[rows, other]
        assert (np.diff(difference) >= -1e-6).all()
        nearest = shown.nearness.strips[own - 1]._rows
        assert nearest == column.source.rows[: len(nearest)].tolist()


def test_between_them_stands_how_many_pairs_they_share(qtbot: QtBot, window: MainWindow) -> None:
    session, shown = window.session, page(window)
    qtbot.waitUntil(lambda: bool(session.joints), timeout=10_000)
    joint = session.joints["main"][session.verdicts.assignments.sub_head]
    share = joint[1, 2] / joint[1].sum()
    first, second = shown.nearness.pairs.text().split("\n\n")
    assert first == f"{100 * share:.1g} % of the pairs from Cluster 1 land in Cluster 2."
    assert second.endswith("from Cluster 2 land in Cluster 1.")


def test_a_key_moves_the_selected_pictures_over_and_undo_brings_them_back(qtbot: QtBot, window: MainWindow) -> None:
    session, shown = window.session, page(window)
    left, right = shown.columns
    before = [column.source.rows.tolist() for column in shown.columns]
    session.select(left.source.rows[:2], int(left.source.rows[0]))
    moved = left.source.rows[:2].tolist()
    left.grid.setFocus()
    qtbot.keyClick(left.grid, Qt.Key.Key_Right, CONTROL)
    assert set(moved) <= set(right.source.rows.tolist())
    assert left.source.rows.tolist() == before[0][2:]
    assert left.selected().tolist() == before[0][2:3], "the keyboard goes on with the next one"
    assert left.grid.hasFocus()
    assert session.project is not None
    assert np.array_equal(load_curated(session.project).group, session.curated.group)
    session.select(np.array(moved[:1]), moved[0])
    right.grid.setFocus()
    qtbot.keyClick(right.grid, Qt.Key.Key_Left, CONTROL)
    assert moved[0] in left.source.rows
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    assert [sorted(column.source.rows.tolist()) for column in shown.columns] == [sorted(rows) for rows in before]


def test_pictures_are_not_asked_for_once_the_project_is_closed(window: MainWindow) -> None:
    left = page(window).columns[0]
    assert left.source.count()
    window.runner.close_project()
    assert left.source.count() == 0
    left.source.visible(0, 5, 88, exactly=True)  # a timer of the grid may still come


def test_nothing_is_held_while_something_else_is_shown(window: MainWindow) -> None:
    session, columns = window.session, page(window).columns
    counts = [one.source.count() for one in columns]
    session.show(Shown("all"))
    assert [one.source.count() for one in columns] == [0, 0]
    session.show(Shown("beside", 1, 2))
    assert [one.source.count() for one in columns] == counts


def test_what_is_left_of_a_pair_is_shown(window: MainWindow) -> None:
    session = window.session
    assert session.curated.groups[1].label == "Cluster 1"
    window.actions_["merge"].trigger()
    assert session.shown == Shown("cluster", 1)
    assert window.workspace.centre.currentWidget() is window.workspace.gallery
    window.actions_["undo"].trigger()
    assert session.shown.kind == "cluster"


def test_the_pair_stays_while_other_clusters_go(window: MainWindow) -> None:
    session = window.session
    uids = [session.curated.groups[place].uid for place in (1, 2)]
    session.wish_merge([0, 3])
    shown = page(window)
    assert [session.curated.groups[place].uid for place in shown.clusters] == uids
    window.actions_["view"].trigger()
    assert window.commands.viewer.isVisible()
