"""Command palette, first steps, help menu, and projects that are not where they were."""

import shutil
import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.gui.command_palette import Command, CommandPalette, fitting
from iic_studio.gui.help_dialogs import PRIVACY, AboutDialog, DoctorDialog
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.session import Change, Shown
from iic_studio.gui.workspace import TABS
from iic_studio.project.saved_searches import save_search


def titles(typed: str, *names: str) -> list[str]:
    return [command.title for command in fitting(typed, [Command(name, lambda: None, about=f"about {name[::-1]}") for name in names])]


def test_the_best_fit_comes_first() -> None:
    names = ("Select all shown", "Show all images", "Find similar", "Small text")
    assert titles("", *names) == list(names)
    assert titles("small", *names) == ["Small text"]
    assert titles("all", *names) == ["Select all shown", "Show all images", "Small text"]
    assert titles("show all", *names) == ["Show all images", "Select all shown"]
    assert titles("fsim", *names) == ["Find similar"]
    assert titles("txet", *names) == ["Small text"], "also in the description"
    assert titles("zzz", *names) == []


def palette(studio: MainWindow) -> CommandPalette:
    studio.actions_["palette"].trigger()
    return next(found for found in studio.findChildren(CommandPalette) if found.isVisible())


def test_the_palette_does_things(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    session.name_cluster(2, "Waves & lines")
    assert session.project is not None
    save_search(session.project, "Nikons", "camera:nikon")
    opened = palette(studio)
    offered = opened.titles()
    assert {"Train", "Select all shown", "Curves", "Show All pictures", "Show Waves & lines", "Search Nikons"} <= set(offered)
    assert "Pause" not in offered, "what cannot be done now is not offered"
    qtbot.keyClicks(opened.field, "waves")
    qtbot.keyClick(opened.field, Qt.Key.Key_Return)
    assert session.shown == Shown("cluster", 2)
    opened = palette(studio)
    qtbot.keyClicks(opened.field, "nikons")
    opened.do_marked()
    assert session.query.text == "camera:nikon"
    opened = palette(studio)
    qtbot.keyClicks(opened.field, "runs")
    qtbot.keyClick(opened, Qt.Key.Key_Down)
    qtbot.keyClick(opened, Qt.Key.Key_Up)
    opened.grab()
    opened.do_marked()
    assert studio.workspace.tabs.currentIndex() == TABS.index("Runs")
    opened = palette(studio)
    qtbot.keyClicks(opened.field, "there is no such thing")
    opened.do_marked()
    assert opened.titles() == []
    qtbot.keyClick(opened, Qt.Key.Key_Escape)


def test_first_steps_are_shown_once_with_the_sample(qtbot: QtBot, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    window = MainWindow(jobs, preferences)
    qtbot.addWidget(window, before_close_func=lambda _: (window.close(), qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)))
    window.resize(1280, 800)
    window.show()
    window.start_page.sample_button.click()
    qtbot.waitUntil(lambda: window.commands.help.tour is not None, timeout=20_000)
    tour = window.commands.help.tour
    assert tour is not None
    seen = []
    for _ in range(5):
        seen.append(tour.step.title)
        assert tour.geometry().intersected(window.centralWidget().rect()) == tour.geometry()
        assert not tour.geometry().intersects(tour._frame.geometry()) or tour._frame.width() > 600
        window.resize(window.width() - 40, window.height() - 20)
        qtbot.keyClick(tour, Qt.Key.Key_Return)
    assert len(set(seen)) == 5
    assert window.commands.help.tour is None
    assert preferences.text("tour") == "seen"
    window.commands.help._follow(Change.PROJECT)
    qtbot.wait(700)
    assert window.commands.help.tour is None, "never again"
    window.actions_["tour"].trigger()
    again = window.commands.help.tour
    assert again is not None
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    assert window.commands.help.tour is None
    window.actions_["tour"].trigger()
    third = window.commands.help.tour
    window.runner.state_changed.emit(State.TRAINING)
    assert third.at == 1, "who presses Train has done the first step"
    third.end()
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE, timeout=60_000)


def test_about_says_that_nothing_leaves_the_machine(qtbot: QtBot, studio: MainWindow) -> None:
    studio.actions_["about"].trigger()
    dialog = studio.findChild(AboutDialog)
    assert any(label.text() == PRIVACY for label in dialog.findChildren(QLabel))
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy versions").click()
    assert "PyTorch" in QGuiApplication.clipboard().text()
    dialog.reject()


def test_the_doctors_words_can_be_copied(qtbot: QtBot, studio: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from iic_studio.doctor import Finding

    monkeypatch.setattr(
        "iic_studio.gui.help_dialogs.collect", lambda: [Finding("Cores", "2"), Finding("Disk", "full", "problem", "Free some space.")]
    )
    studio.actions_["doctor"].trigger()
    dialog = studio.findChild(DoctorDialog)
    qtbot.waitUntil(dialog.copy.isEnabled, timeout=10_000)
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "ok       Cores: 2\nPROBLEM  Disk: full\n         Free some space."
    dialog.close()


def test_closing_the_doctors_dialog_does_not_wait_for_it(qtbot: QtBot, studio: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from iic_studio.doctor import Finding

    go_on, looked = threading.Event(), threading.Event()

    def look() -> list[Finding]:
        go_on.wait(20)
        looked.set()
        return []

    monkeypatch.setattr("iic_studio.gui.help_dialogs.collect", look)
    studio.actions_["doctor"].trigger()
    dialog = studio.findChild(DoctorDialog)
    dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog), timeout=10_000)
    assert not looked.is_set()
    studio.actions_["doctor"].trigger()  # still open when the window goes
    go_on.set()


def test_the_help_menu_holds_it_all(studio: MainWindow) -> None:
    menu = studio.top_bar.help.menu()
    assert [action.text() for action in menu.actions()] == [
        "Shortcuts", "Find an action", "First steps", "Language…", "Is everything in order?", "Open log folder", "About IIC Studio",
    ]  # fmt: skip


def test_projects_that_were_moved_can_be_located_or_removed(
    qtbot: QtBot, studio: MainWindow, finished_project: Path, tmp_path: Path
) -> None:
    preferences = studio.preferences
    assert [project for project, _, _ in preferences.recent()] == [finished_project]
    studio.runner.close_project()
    moved = tmp_path / "elsewhere.iicproj"
    shutil.move(finished_project, moved)
    assert preferences.recent() == []
    assert [project for project, _ in preferences.lost()] == [finished_project]
    studio.start_page.show_recent(preferences.recent(), preferences.lost())
    buttons = {button.accessibleName(): button for button in studio.start_page.findChildren(QPushButton)}
    assert {"Locate pictures", "Remove pictures"} <= set(buttons)
    studio.commands.help.moved(finished_project, tmp_path)
    assert studio.notice.property("tone") == "bad"
    studio.commands.help.moved(finished_project, moved)
    qtbot.waitUntil(lambda: studio.runner.state is State.IDLE and not studio.session.is_reading, timeout=30_000)
    assert [project for project, _, _ in preferences.recent()] == [moved]
    assert preferences.lost() == []
    studio.runner.close_project()
    shutil.rmtree(moved)
    buttons["Remove pictures"].click()
    assert [project for project, _ in preferences.lost()] == [moved], "that was another one"
    studio.commands.help.forget(moved)
    assert preferences.lost() == []
    assert not studio.start_page._recent_box.isVisibleTo(studio.start_page)
