"""Joint, curves, diagnosis and pairs in the whole window, with real training on a real small folder."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from test_window import LONG, close_and_wait, open_and_wait, settled, start_training, window

from iic_studio import jobs
from iic_studio.config import load_preset
from iic_studio.events import DiagnosisChanged
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.workspace import TABS
from iic_studio.training.diagnosis import COLLAPSED, Remedy

__all__ = ["window"]  # a fixture

SHORT = replace(LONG, minutes=None, steps=60)


def test_a_finished_run_can_be_looked_back_on(qtbot: QtBot, window: MainWindow, picture_folder: Path, tmp_path: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.runner.train(SHORT)
    qtbot.waitUntil(settled(window), timeout=60_000)
    session = window.session
    steps = [moment.step for moment in session.moments]
    assert steps == list(range(2, 61, 2))
    assert session.pairs == {}  # the joint shown is that of all pictures, by the network that was kept
    assert session.history.diagnosis is not None
    close_and_wait(qtbot, window)

    again = MainWindow(jobs, Preferences(tmp_path / "window.ini"))
    qtbot.addWidget(again, before_close_func=lambda _: close_and_wait(qtbot, again))
    again.show()
    open_and_wait(qtbot, again, picture_folder)
    page = again.workspace.joint
    again.workspace.show_tab(2)
    assert [moment.step for moment in again.session.moments] == steps
    assert page.timeline.slider.maximum() == 30
    assert page.map.matrix.side == 4
    now = page.map.matrix.shares.copy()
    page.timeline.slider.setValue(0)
    assert not np.array_equal(now, page.map.matrix.shares)
    page._measure.setCurrentIndex(1)
    page.timeline.slider.setValue(30)
    assert page.map.matrix.num_pairs == 40
    assert len(again.session.history.heads["main"].information) == 30


def test_the_strip_trains_anew_with_what_it_advises(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    start_training(qtbot, window)
    session, strip = window.session, window.workspace.diagnosis
    first = session.training_run
    said = DiagnosisChanged(state="too_many_clusters", message="Too many.", remedy=Remedy.OTHER_CLUSTERS, remedy_value=2)
    session.note(said)
    assert strip.isVisible()
    window.popover.minutes.setValue(60)
    qtbot.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.training_run not in (None, first), timeout=30_000)
    assert window.runner.state is State.TRAINING
    assert window.top_bar.clusters.value() == 2
    qtbot.waitUntil(lambda: "main" in session.joints and session.joints["main"].shape[1:] == (2, 2), timeout=30_000)
    assert session.history.diagnosis is not said
    assert session.project is not None
    assert [run.state for run in session.project.runs()] == ["stopped", "running"]


def test_the_strip_leads_to_the_presets(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.session.note(COLLAPSED)
    window.activateWindow()
    qtbot.mouseClick(window.workspace.diagnosis.button, Qt.MouseButton.LeftButton)
    workspace = window.workspace
    assert workspace.centre.currentWidget() is workspace.pairs
    assert workspace.tabs.tabText(workspace.tabs.currentIndex()) == "Pairs"
    assert workspace.pairs.preset.hasFocus()


def test_changed_pairs_are_those_of_the_next_training(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    page = window.workspace.pairs
    assert window.workspace.centre.currentWidget() is page
    qtbot.waitUntil(lambda: page.grid.count == 24, timeout=20_000)
    page.panel.boxes["rotation_deg"].setValue(90)
    window.popover.minutes.setValue(60)
    window.top_bar.clusters.setValue(3)
    window.actions_["train"].trigger()
    session = window.session
    qtbot.waitUntil(lambda: bool((session.training_settings or {}).get("image_size")), timeout=30_000)
    assert session.training_settings is not None
    assert session.training_settings["preset"] == "photographs"
    assert session.training_settings["transforms"]["rotation_deg"] == 90
    qtbot.waitUntil(lambda: not page.side_thread.is_busy and page.grid.isVisible(), timeout=20_000)
    assert not page.panel.boxes["rotation_deg"].isEnabled()
    window.actions_["stop"].trigger()
    qtbot.waitUntil(settled(window), timeout=60_000)
    assert page.panel.boxes["rotation_deg"].isEnabled()
    assert page.panel.values == replace(load_preset("photographs").transforms, rotation_deg=90.0)


@pytest.mark.parametrize("place", range(len(TABS)), ids=TABS)
def test_the_project_can_be_closed_with_any_page_at_work(qtbot: QtBot, window: MainWindow, picture_folder: Path, place: int) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.workspace.show_tab(place)
    start_training(qtbot, window)
    if place == 2:
        window.workspace.joint._arrange.setCurrentIndex(2)
        window.workspace.joint.refresh()
    window.workspace.pairs.refresh()
    close_and_wait(qtbot, window)
    assert window.session.project is None
    assert not window.workspace.pairs.side_thread.is_busy
