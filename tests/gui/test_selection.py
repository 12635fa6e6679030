"""One selection: set anywhere, seen everywhere."""

import numpy as np
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from iic_studio.gui.inspector import facts_of
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.selection import SelectionLabel, SelectionSummary, say_selection
from iic_studio.gui.session import Shown


def cluster_rows(window: MainWindow, cluster: int) -> np.ndarray:
    return window.session.rows_in(Shown("cluster", cluster))


def test_the_strip_and_the_list_say_what_is_selected(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    label = studio.strip.findChild(SelectionLabel)
    session.select(np.concatenate([cluster_rows(studio, 0)[:3], cluster_rows(studio, 2)[:2]]), -1)
    assert label.text() == "5 selected · 2 clusters"
    entries = {entry.shown.cluster: entry.selected for entry in studio.workspace.clusters.model.entries if entry.is_cluster}
    assert entries == {0: 3, 1: 0, 2: 2, 3: 0}
    session.show(Shown("cluster", 0))
    assert label.text() == "5 selected · 2 clusters · 2 not shown"
    studio.workspace.clusters.grab()
    session.select_none()
    assert label.text() == ""


def test_a_cluster_is_selected_from_the_list(studio: MainWindow) -> None:
    clusters, session = studio.workspace.clusters, studio.session
    place = next(number for number, entry in enumerate(clusters.model.entries) if entry.shown == Shown("cluster", 1))
    clusters.view.setCurrentIndex(clusters.model.index(place))
    clusters.select_its.trigger()
    assert np.array_equal(np.flatnonzero(session.selected), cluster_rows(studio, 1))


def test_the_inspector_sums_up_and_keeps_a_part(qtbot: QtBot, studio: MainWindow) -> None:
    session, summary = studio.session, studio.workspace.inspector.findChild(SelectionSummary)
    assert not summary.isVisible()
    first, second = cluster_rows(studio, 0)[:4], cluster_rows(studio, 3)[:2]
    session.select(np.concatenate([first, second]), int(first[0]))
    assert summary.isVisible()
    lines = summary.findChildren(QPushButton)
    assert [line.text() for line in lines] == ["4 in Cluster 0", "2 in Cluster 3"]
    lines[1].click()
    assert np.flatnonzero(session.selected).tolist() == sorted(second.tolist())
    assert session.current_row() in second
    session.select(first[:1], int(first[0]))
    assert not summary.isVisible()


def test_problems_and_session_follow_each_other(qtbot: QtBot, studio: MainWindow) -> None:
    session, page = studio.session, studio.workspace.problems
    session.show(Shown("problems"))
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    page.table.selectionModel().select(page.model.index(0, 0), flags)  # whatever keys an earlier test has left pressed
    torn = session.table.paths.index("torn.jpg")
    assert np.flatnonzero(session.selected).tolist() == [torn]
    session.select_none()
    qtbot.waitUntil(lambda: not page.table.selectionModel().selectedRows(), timeout=2000)
    session.select_shown()
    qtbot.waitUntil(lambda: len(page.table.selectionModel().selectedRows()) == 1, timeout=2000)
    assert int(session.selected.sum()) == 1
    assert say_selection(session) == "1 selected"


def test_the_joint_reads_and_sets_the_selection(qtbot: QtBot, studio: MainWindow) -> None:
    session, joint = studio.session, studio.workspace.joint
    studio.workspace.show_tab(2)
    place = joint.map.cell_rect(0, 0).center().toPoint()
    qtbot.mouseClick(joint.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    cluster = int(joint._order[0])
    assert np.array_equal(np.flatnonzero(session.selected), cluster_rows(studio, cluster))
    assert studio.workspace.tabs.currentIndex() == 2, "what is shown stays"
    joint.map._set_cell((0, 0))
    assert f"{session.selected.sum()} of the selected pictures" in joint._sentence.text()
    other = joint.map.cell_rect(1, 1).center().toPoint()
    qtbot.mouseClick(joint.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, other)
    assert int(session.selected.sum()) > len(cluster_rows(studio, cluster))


def test_facts_of_a_picture(studio: MainWindow) -> None:
    table = studio.session.table
    nikon = next(row for row in range(len(table)) if table.camera.vocabulary[table.camera.codes[row]] == "NIKON D90")
    size, shot = facts_of(table, nikon).split("\n")
    assert size.endswith("pixels · JPEG")
    assert shot.startswith("2024-0")
    assert shot.endswith(" · NIKON D90")
    assert facts_of(table, table.paths.index("torn.jpg")) == "is empty"
