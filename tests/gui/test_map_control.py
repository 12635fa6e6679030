"""The map in the real window: a first look while training, the map when it has ended, kept, grown, cancelled; nothing left behind."""

import dataclasses
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from iic_studio.config import TrainSettings
from iic_studio.gui import map_control
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from iic_studio.gui.workspace import TABS
from iic_studio.jobs import mapping
from iic_studio.project.maps import PCA, UMAP, load_layouts
from tests import fake_umap
from tests.gui.windows import close_and_wait, open_window

MAP = TABS.index("Map")
SHORT = TrainSettings(clusters=4, steps=6, batch_size=16, image_size=16, sub_heads=2, device="cpu")
LONG = dataclasses.replace(SHORT, steps=None, minutes=60)


@pytest.fixture
def no_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (mapping, map_control):
        monkeypatch.setattr(module, "has_umap", lambda: False)


def idle(window: MainWindow) -> Callable[[], bool]:
    """No job runs, everything was read, no map is being made."""
    return lambda: window.runner.state is State.IDLE and not window.session.is_reading and window.map_control.is_settled


def trained_window(qtbot: QtBot, tmp_path: Path, folder: Path) -> MainWindow:
    window = open_window(qtbot, tmp_path / "window.ini")
    window.open(folder)
    qtbot.waitUntil(idle(window), timeout=30_000)
    window.runner.train(SHORT)
    qtbot.waitUntil(lambda: idle(window)() and window.session.num_clusters == 4, timeout=60_000)
    return window


def kept(window: MainWindow) -> set[str]:
    project, run = window.session.project, window.session.run
    assert project is not None and run is not None
    return {method for method, _ in load_layouts(project.run_dir(run.id))}


def test_nothing_is_computed_before_somebody_looks(qtbot: QtBot, tmp_path: Path, picture_folder: Path, no_umap: None) -> None:
    window = trained_window(qtbot, tmp_path, picture_folder)
    assert kept(window) == set()
    assert not len(window.workspace.map.points)
    window.actions_["map"].trigger()
    assert window.workspace.centre.currentWidget() is window.workspace.map
    qtbot.waitUntil(lambda: kept(window) == {PCA} and idle(window)(), timeout=30_000)
    page = window.workspace.map
    assert len(page.points) == 40
    assert (page.points.method, page.points.is_preview) == (PCA, False)
    assert page.method.currentData() == PCA
    page.method.setCurrentIndex(page.method.findData(UMAP))
    page.wish_changed.emit()
    qtbot.waitUntil(lambda: page.notice.isVisible(), timeout=10_000)
    assert "UMAP is not installed" in page.notice.text.text()
    assert "pip install umap-learn" in page.notice.text.text()
    assert page.points.method == PCA


def test_umap_follows_the_components_and_is_there_the_next_time(
    qtbot: QtBot, tmp_path: Path, picture_folder: Path, monkeypatch: pytest.MonkeyPatch, make_pictures: Callable[..., dict[str, str]]
) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch)
    window = trained_window(qtbot, tmp_path, picture_folder)
    window.workspace.show_tab(MAP)
    page = window.workspace.map
    qtbot.waitUntil(lambda: not page._strip.isHidden(), timeout=10_000)
    qtbot.waitUntil(lambda: idle(window)() and page.points.method == UMAP, timeout=60_000)
    assert page._strip.isHidden()
    assert kept(window) == {PCA, UMAP}
    before = dict(zip(page.points.image_ids.tolist(), zip(page.points.x.tolist(), page.points.y.tolist(), strict=True), strict=True))
    close_and_wait(qtbot, window)

    again = open_window(qtbot, tmp_path / "window.ini")
    page = again.workspace.map
    again.open(picture_folder)
    again.workspace.show_tab(MAP)
    qtbot.waitUntil(lambda: idle(again)() and page.points.method == UMAP, timeout=30_000)
    assert len(page.points) == 40
    make_pictures(picture_folder / "more", 1, seed=5)
    monkeypatch.setattr(mapping, "arrange", None)  # what is there may not be arranged again
    again.runner.rescan()
    qtbot.waitUntil(lambda: idle(again)() and len(page.points) == 44, timeout=60_000)
    now = dict(zip(page.points.image_ids.tolist(), zip(page.points.x.tolist(), page.points.y.tolist(), strict=True), strict=True))
    scale = (now[20][0] - now[1][0]) / (before[20][0] - before[1][0])
    for image, (x, _) in before.items():
        assert now[image][0] - now[1][0] == pytest.approx(scale * (x - before[1][0]), abs=1e-4)


def test_cancel_keeps_the_components_and_offers_the_map_again(
    qtbot: QtBot, tmp_path: Path, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "hang")
    window = trained_window(qtbot, tmp_path, picture_folder)
    window.workspace.show_tab(MAP)
    page = window.workspace.map
    qtbot.waitUntil(lambda: "Arranging" in page._doing.full, timeout=60_000)
    assert page.points.method == PCA
    assert not page.points.is_preview
    page.cancel.click()
    qtbot.waitUntil(idle(window), timeout=10_000)
    assert not multiprocessing.active_children()
    assert page._strip.isHidden()
    assert page.points.method == PCA
    assert page.notice.button.text() == "Make the map"
    fake_umap.install(tmp_path / "fake", monkeypatch)
    page.notice.button.click()
    qtbot.waitUntil(lambda: idle(window)() and page.points.method == UMAP, timeout=60_000)
    assert page.notice.isHidden()


def test_closing_while_a_map_is_made_ends_its_process(
    qtbot: QtBot, tmp_path: Path, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "hang")
    window = trained_window(qtbot, tmp_path, picture_folder)
    window.workspace.show_tab(MAP)
    qtbot.waitUntil(lambda: "Arranging" in window.workspace.map._doing.full, timeout=60_000)
    other = tmp_path / "other"
    other.mkdir()
    window.open(other)
    qtbot.waitUntil(
        lambda: idle(window)() and window.session.project is not None and window.session.project.folder == other, timeout=30_000
    )
    assert not multiprocessing.active_children()
    assert not len(window.workspace.map.points)
    window.open(picture_folder)
    qtbot.waitUntil(lambda: "Arranging" in window.workspace.map._doing.full, timeout=60_000)
    close_and_wait(qtbot, window)
    assert not multiprocessing.active_children()


def test_a_process_that_breaks_down_is_told_with_a_way_on(
    qtbot: QtBot, tmp_path: Path, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "die")
    window = trained_window(qtbot, tmp_path, picture_folder)
    window.workspace.show_tab(MAP)
    page = window.workspace.map
    qtbot.waitUntil(lambda: page.notice.property("tone") == "bad" and idle(window)(), timeout=60_000)
    assert "ended early" in page.notice.text.text()
    assert page.notice.button.text() == "Try again"
    assert page.points.method == PCA


def test_while_training_goes_on_points_move_only_when_asked(qtbot: QtBot, tmp_path: Path, picture_folder: Path, no_umap: None) -> None:
    window = open_window(qtbot, tmp_path / "window.ini")
    page, session = window.workspace.map, window.session
    window.open(picture_folder)
    window.workspace.show_tab(MAP)
    qtbot.waitUntil(idle(window), timeout=30_000)
    assert page.stack.currentWidget() is page._empty
    window.runner.train(LONG)
    qtbot.waitUntil(lambda: len(page.points) == 40, timeout=60_000)
    assert page.points.is_preview
    assert page.notice.button.text() == "Update"
    first, seen = page.points, session.verdicts
    qtbot.waitUntil(lambda: session.verdicts is not seen, timeout=60_000)
    assert page.points is first
    page.notice.button.click()
    qtbot.waitUntil(lambda: page.points is not first, timeout=10_000)
    assert page.points.is_preview
    window.runner.stop_and_keep()
    qtbot.waitUntil(lambda: idle(window)() and not page.points.is_preview, timeout=60_000)
    assert page.points.method == PCA
    assert kept(window) == {PCA}
    assert np.isfinite(page.points.x).all()
