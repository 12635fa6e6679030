"""Everybody can use it: names for screen readers, the keyboard alone, larger text, high contrast; and the sheet tells all keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from iic_studio.gui import theme
from iic_studio.gui.command_palette import CommandPalette
from iic_studio.gui.crash import CrashDialog
from iic_studio.gui.help_dialogs import AboutDialog
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.session import Shown
from iic_studio.gui.shortcut_sheet import ShortcutSheet
from iic_studio.gui.workspace import TABS
from tests.gui.reach import nameless, unreached


def test_every_widget_of_the_window_has_a_name(qtbot: QtBot, studio: MainWindow) -> None:
    studio.session.look_at(0)
    studio.workspace.search.search("copies is:uncertain")
    for name in TABS:
        studio.workspace.show_tab(TABS.index(name))
        assert nameless(studio) == [], name
    studio.workspace.search.search("")
    studio.commands.view()
    assert nameless(studio.commands.viewer) == []
    studio.commands.viewer.leave()
    studio.commands.help.show_tour()
    assert studio.commands.help.tour is not None
    assert nameless(studio.commands.help.tour) == []
    assert nameless(studio.popover) == []


def test_every_dialog_has_names(qtbot: QtBot, studio: MainWindow) -> None:
    for dialog in (
        ShortcutSheet(studio),
        AboutDialog(studio),
        CommandPalette(studio.commands.help.commands(), studio),
        CrashDialog("details", studio),
    ):
        dialog.open()
        assert nameless(dialog) == [], type(dialog).__name__
        assert dialog.windowTitle()
        dialog.reject()


def test_the_start_page_has_names_also_for_what_is_lost(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    studio.start_page.show_recent([(tmp_path, "here", str(tmp_path))], [(tmp_path / "gone", "gone")])
    assert nameless(studio.start_page) == []


def tab_chain(window: QWidget) -> list[QWidget]:
    """Visible widgets in the order of the tab key."""
    found, widget = [], window.nextInFocusChain()
    while widget is not window:
        if widget.isVisibleTo(window) and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_the_tab_key_goes_from_the_top_and_left_to_the_bottom_and_right(studio: MainWindow) -> None:
    studio.session.look_at(0)
    studio.notice.hide()
    chain, workspace = tab_chain(studio), studio.workspace
    order = [studio.top_bar.clusters, studio.top_bar.train, studio.top_bar.help, workspace.clusters.view, workspace.tabs]
    order += [workspace.search.field, workspace.gallery.sort, workspace.gallery.grid, workspace.inspector._open]
    places = [chain.index(widget) for widget in order]
    assert places == sorted(places)


def test_the_tab_key_leads_to_everything_on_every_page(qtbot: QtBot, studio: MainWindow) -> None:
    studio.activateWindow()
    studio.session.look_at(0)
    for name in TABS:
        studio.workspace.show_tab(TABS.index(name))
        studio.workspace.tabs.setFocus()
        assert unreached(studio) == [], name
    for shown in (Shown("problems"), Shown("beside", 0, 1)):
        studio.session.show(shown)
        studio.workspace.tabs.setFocus()
        assert unreached(studio) == [], shown.kind
    for part in range(3):
        studio.workspace.show_tab(TABS.index("Labels"))
        studio.workspace.labels.show_part(part)
        studio.workspace.tabs.setFocus()
        assert unreached(studio) == [], part


def test_the_tab_key_leads_to_everything_in_a_dialog(qtbot: QtBot, studio: MainWindow) -> None:
    studio.session.show(Shown("cluster", 0))
    studio.session.select(studio.session.shown_rows[:2], int(studio.session.shown_rows[0]))
    for name in ("settings", "export", "split", "check", "move", "note", "import_labels", "fine_tune", "shortcuts", "palette", "about"):
        if not studio.actions_[name].isEnabled():
            continue
        studio.actions_[name].trigger()
        qtbot.wait(20)
        for top in (one for one in studio.findChildren(QWidget) if one.isWindow() and one.isVisible()):
            top.activateWindow()
            assert unreached(top) == [], name
            assert nameless(top) == [], name
            top.close()


def test_the_sheet_tells_the_keys_of_every_action(qtbot: QtBot, studio: MainWindow) -> None:
    sheet = ShortcutSheet(studio)
    qtbot.addWidget(sheet)
    words = " ".join(label.text() for label in sheet.findChildren(QLabel))
    native = QKeySequence.SequenceFormat.NativeText
    keys = {key.toString(native) for action in studio.findChildren(QAction) for key in action.shortcuts()}
    assert len(keys) > 30
    assert [key for key in keys if key not in words] == []


def test_no_two_actions_share_a_key_where_both_are_heard(studio: MainWindow) -> None:
    everywhere: dict[str, list[str]] = {}
    for action in studio.findChildren(QAction):
        if action.shortcutContext() is Qt.ShortcutContext.WindowShortcut:
            for key in action.shortcuts():
                everywhere.setdefault(key.toString(), []).append(action.text())
    assert {key: texts for key, texts in everywhere.items() if len(texts) > 1} == {}
    local = [action for action in studio.findChildren(QAction) if action.shortcutContext() is not Qt.ShortcutContext.WindowShortcut]
    assert [action.text() for action in local for key in action.shortcuts() if key.toString() in everywhere] == []


@pytest.fixture
def _usual_look(qapp: QApplication) -> Iterator[None]:
    font = qapp.font()
    yield
    qapp.setFont(font)
    theme.apply(False)


@pytest.mark.usefixtures("_usual_look")
def test_text_grows_headings_with_it_and_is_remembered(qtbot: QtBot, studio: MainWindow) -> None:
    before = QApplication.font().pointSizeF()
    title = studio.workspace.gallery._title
    small = title.fontMetrics().height()
    for _ in range(3):
        studio.actions_["larger"].trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(before * 1.1**3, abs=0.2)
    qtbot.waitUntil(lambda: title.fontMetrics().height() > small, timeout=2000)
    assert studio.preferences.text("text_size") == "3"
    studio.actions_["smaller"].trigger()
    assert studio.commands.help.text_size.steps == 2
    for _ in range(30):
        studio.actions_["larger"].trigger()
    assert studio.commands.help.text_size.steps == 8
    studio.grab()
    studio.actions_["usual_size"].trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(before)
    qtbot.waitUntil(lambda: title.fontMetrics().height() == small, timeout=2000)


@pytest.mark.usefixtures("_usual_look")
def test_the_theme_key_comes_to_high_contrast_and_back(studio: MainWindow) -> None:
    seen = []
    for _ in studio.scheme.CHOICES:
        studio.actions_["theme"].trigger()
        seen.append((studio.scheme.choice, theme.has_contrast()))
        assert studio.notice.text.text() == theme.SCHEME_WORDS[studio.scheme.choice]
    assert dict(seen)["contrast"]
    assert not dict(seen)["light"]
    assert seen[-1][0] == "system"


def test_the_shape_of_the_window_is_remembered(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    from iic_studio import jobs

    studio.resize(900, 640)  # the offscreen screen is no wider
    studio.workspace.show_tab(TABS.index("Runs"))
    studio.workspace.gallery.grid.set_cell_side(160)
    qtbot.waitUntil(lambda: studio.workspace.width() == 900, timeout=2000)
    studio.workspace.setSizes([290, 370, 240])
    sizes = studio.workspace.sizes()
    studio.close()
    second = MainWindow(jobs, Preferences(tmp_path / "window.ini"))
    qtbot.addWidget(second)
    assert second.size().height() == 640
    assert second.workspace.tabs.currentIndex() == TABS.index("Runs")
    assert second.workspace.gallery.grid.cell_side == 160
    second.pages.setCurrentWidget(second.workspace)
    second.show()
    qtbot.waitUntil(lambda: sum(second.workspace.sizes()) == sum(sizes), timeout=2000)
    assert second.workspace.sizes() == pytest.approx(sizes, abs=4)
