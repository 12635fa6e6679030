"""Typing narrows what is shown, everywhere; what is not understood is said below the field."""

import gc

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QSpacerItem
from pytestqt.qtbot import QtBot

from iic_studio.gui.label_page import PARTS
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.search_bar import PAUSE_MS
from iic_studio.gui.session import Change, Shown, Sort
from iic_studio.gui.workspace import LABELS, TABS
from iic_studio.project.saved_searches import SavedSearch, saved_searches


def names(window: MainWindow) -> list[str]:
    session = window.session
    return [session.table.paths[row] for row in session.shown_rows.tolist()]


def test_ctrl_f_and_typing_narrow_the_gallery(qtbot: QtBot, studio: MainWindow) -> None:
    session, bar = studio.session, studio.workspace.search
    assert len(session.shown_rows) == 44
    studio.actions_["find"].trigger()
    assert studio.focusWidget() is bar.field
    qtbot.keyClicks(bar.field, "folder:copies")
    qtbot.waitUntil(lambda: len(session.shown_rows) == 4, timeout=2000)
    assert all(name.startswith("copies/") for name in names(studio))
    assert "4 of 44" in studio.workspace.gallery._count.full
    qtbot.keyClicks(bar.field, " -name:copy1")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert len(session.shown_rows) == 3
    assert studio.focusWidget() is studio.workspace.gallery.grid
    assert [chip.text().split()[0] for chip in bar.details.chips()] == ["folder:copies", "-name:copy1"]
    bar.details.chips()[1].click()
    assert len(session.shown_rows) == 4
    assert bar.field.text() == "folder:copies"
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert len(session.shown_rows) == 44
    assert not bar.details.isVisible()


def test_chips_leave_nothing_behind(studio: MainWindow) -> None:
    """A stretch taken out of a layout stays as an object of Python, and is mistaken for what lies at its address next."""

    def stretches() -> int:
        gc.collect()
        return sum(isinstance(one, QSpacerItem) for one in shiboken6.getAllValidWrappers())

    bar = studio.workspace.search
    bar.search("folder:copies -name:copy1")
    before = stretches()
    for text in ("folder:copies", "name:img folder:day width:>10", "", "is:uncertain"):
        bar.search(text)
        assert [chip.text().split()[0] for chip in bar.details.chips()] == text.split()
    assert stretches() == before


def test_every_set_is_narrowed_and_the_search_outlives_a_refresh(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    studio.workspace.search.search("camera:nikon")
    assert len(session.shown_rows) == 6, "four and their copies"
    session.show(Shown("cluster", 0))
    expected = set(np.flatnonzero(session.kept).tolist()) & set(session.rows_in(Shown("cluster", 0)).tolist())
    assert set(session.shown_rows.tolist()) == expected
    session.show(Shown("all"))
    told: list[Change] = []
    session.changed.connect(told.append)
    session.refresh(images=True)
    qtbot.waitUntil(lambda: bool(told) and not session.is_reading, timeout=5000)
    assert len(session.shown_rows) == 6
    assert len(studio.workspace.search.details.chips()) == 1


def test_files_that_cannot_be_read_are_found_when_asked_for(studio: MainWindow) -> None:
    studio.workspace.search.search("problem:empty")
    assert names(studio) == ["torn.jpg"]
    studio.session.show(Shown("problems"))
    assert studio.workspace.problems.model.rowCount() == 1
    studio.workspace.search.search("camera:nikon")
    assert studio.workspace.problems.model.rowCount() == 0


def test_a_mistake_is_said_and_the_search_before_stays(qtbot: QtBot, studio: MainWindow) -> None:
    bar = studio.workspace.search
    bar.search("copies")
    bar.search("copies colour:red")
    assert bar.details.error.isVisible()
    assert "colour" in bar.details.error.text()
    assert len(studio.session.shown_rows) == 4
    bar.search("class:rose")
    assert "No picture has a class yet" in bar.details.error.text()
    bar.search("copies")
    assert not bar.details.error.isVisible()


def test_suggestions_can_be_taken_by_keyboard(qtbot: QtBot, studio: MainWindow) -> None:
    bar = studio.workspace.search
    bar.field.setFocus()
    qtbot.keyClicks(bar.field, "cam")
    qtbot.waitUntil(bar.popup.isVisible, timeout=2000)
    qtbot.keyClick(bar.popup, Qt.Key.Key_Down)
    qtbot.keyClick(bar.popup, Qt.Key.Key_Return)
    assert bar.field.text() == "camera:"
    qtbot.waitUntil(bar.popup.isVisible, timeout=2000)
    labels = {str(bar.popup.model().index(place, 0).data()) for place in range(bar.popup.model().rowCount())}
    assert labels == {"NIKON D90", "Canon EOS 5D"}
    qtbot.keyClick(bar.popup, Qt.Key.Key_Down)
    qtbot.keyClick(bar.popup, Qt.Key.Key_Return)
    assert bar.field.text().startswith('camera:"')
    assert len(studio.session.shown_rows) == 6
    assert not bar.popup.isVisible()


def test_searches_are_kept_in_the_project(qtbot: QtBot, studio: MainWindow) -> None:
    bar, project = studio.workspace.search, studio.session.project
    assert project is not None
    bar.saved.fill()
    texts = [action.text() for action in bar.saved.menu().actions()]
    assert texts[0] == "No search is saved yet"
    bar.search("camera:nikon confidence:>0.5")
    dialog = bar.saved.ask_for_name()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("Sure & Nikon")
    dialog.accept()
    assert saved_searches(project) == [SavedSearch("Sure & Nikon", "camera:nikon confidence:>0.5")]
    bar.search("")
    bar.saved.fill()
    bar.saved.menu().actions()[0].trigger()
    assert bar.field.text() == "camera:nikon confidence:>0.5"
    forget = bar.saved.menu().actions()[-1].menu()
    forget.actions()[0].trigger()
    assert saved_searches(project) == []


def test_orders_by_file_facts(studio: MainWindow) -> None:
    session, gallery = studio.session, studio.workspace.gallery
    offered = [gallery.sort.itemData(place) for place in range(gallery.sort.count())]
    assert offered == [Sort.SURE, Sort.UNSURE, Sort.BORDERLINE, Sort.ATYPICAL, Sort.NAME, Sort.NEWEST, Sort.OLDEST, Sort.LARGEST]
    taken = session.table.taken
    session.sort_by(Sort.OLDEST)
    known = taken[session.shown_rows]
    assert np.isnat(known[12:]).all()
    assert (np.diff(known[:12]).astype(int) >= 0).all()
    session.sort_by(Sort.NEWEST)
    known = taken[session.shown_rows]
    assert np.isnat(known[12:]).all()
    assert (np.diff(known[:12]).astype(int) <= 0).all()
    session.sort_by(Sort.LARGEST)
    pixels = (session.table.width * session.table.height)[session.shown_rows]
    assert (np.diff(pixels) <= 0).all()
    session.sort_by(Sort.BORDERLINE)
    assert (np.diff(session.verdicts.margin[session.shown_rows]) >= 0).all()
    assert gallery.sort.currentData() is Sort.BORDERLINE


def test_selecting_by_actions(qtbot: QtBot, studio: MainWindow) -> None:
    session, grid = studio.session, studio.workspace.gallery.grid
    studio.workspace.search.search("copies")
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert int(session.selected.sum()) == 4
    studio.workspace.search.search("")
    session.sort_by(Sort.NAME)
    assert int(session.selected.sum()) == 4, "selected by id: neither search nor order changes it"
    studio.actions_["select_invert"].trigger()
    assert int(session.selected.sum()) == 40
    studio.actions_["select_none"].trigger()
    assert not session.selected.any()


def is_on_page(window: MainWindow) -> bool:
    """Whether the keyboard is in something of the labels page that can be seen."""
    focused = QApplication.focusWidget()
    return focused is not None and focused.isVisible() and window.workspace.labels.isAncestorOf(focused)


@pytest.mark.parametrize("text", ["folder:copies", "name:img", "nothing like this", "nosuch:1"])
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_the_keyboard_never_stays_behind_on_the_labels_page(qtbot: QtBot, studio: MainWindow, part: int, text: str) -> None:
    """Return goes to the page unless the search cannot be understood; Escape ends the search, and goes there too."""
    studio.activateWindow()
    studio.workspace.show_tab(LABELS)
    studio.workspace.labels.show_part(part)
    bar = studio.workspace.search
    studio.actions_["find"].trigger()
    QTest.keyClicks(bar.field, text)
    qtbot.wait(2 * PAUSE_MS)  # the search is in force, and the list of suggestions was there and went
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    if text == "nosuch:1":
        assert bar.field.hasFocus() and bar.details.error.isVisible()
        QTest.keyClick(bar.field, Qt.Key.Key_Escape)
        assert not bar.field.text()
    qtbot.waitUntil(lambda: is_on_page(studio), timeout=2000)
    studio.actions_["find"].trigger()
    assert bar.field.hasFocus()
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.field.text() and len(studio.session.shown_rows) == 44
    qtbot.waitUntil(lambda: is_on_page(studio), timeout=2000)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_from_the_search_the_keyboard_goes_to_the_page_in_front(qtbot: QtBot, studio: MainWindow, key: Qt.Key) -> None:
    studio.activateWindow()
    for name in TABS:
        if not studio.workspace.tabs.isTabVisible(TABS.index(name)):
            continue
        studio.workspace.show_tab(TABS.index(name))
        studio.actions_["find"].trigger()
        field = studio.workspace.search.field
        assert field.hasFocus()
        QTest.keyClicks(field, "confidence:>0.1")
        QTest.keyClick(field, key)
        assert not field.hasFocus(), name
        assert studio.workspace.tabs.currentIndex() == TABS.index(name)
        studio.workspace.search.search("")
