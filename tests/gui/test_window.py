"""The whole path in the window, with the real jobs on a real small folder."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.curation import load_curated
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown, Sort
from iic_studio.gui.table import FACTS
from iic_studio.project.store import Project
from tests.gui.windows import close_and_wait, open_window

LONG = TrainSettings(clusters=4, minutes=60, batch_size=16, image_size=16, sub_heads=2)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    return open_window(qtbot, tmp_path / "window.ini")


def settled(window: MainWindow) -> Callable[[], bool]:
    """No job runs and everything was read."""
    return lambda: window.runner.state is State.IDLE and not window.session.is_reading


def open_and_wait(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.open(folder)
    qtbot.waitUntil(settled(window), timeout=30_000)


def start_training(qtbot: QtBot, window: MainWindow, settings: TrainSettings = LONG) -> None:
    window.runner.train(settings)
    qtbot.waitUntil(lambda: bool(window.session.joints), timeout=30_000)


def test_images_are_read_once_where_nothing_changed(
    qtbot: QtBot, window: MainWindow, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening reads the project and looks at the folder; what is found unchanged is not read again, what is new is."""
    open_and_wait(qtbot, window, picture_folder)
    project = window.session.project.path
    reads: list[tuple[str, ...]] = []
    real = Project.image_facts
    monkeypatch.setattr(Project, "image_facts", lambda self, *columns: reads.append(columns) or real(self, *columns))
    open_and_wait(qtbot, window, project)
    assert reads.count(FACTS) == 1
    table = window.session.table
    window.runner.rescan()
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert reads.count(FACTS) == 1
    assert window.session.table is table
    shutil.copy(next(picture_folder.rglob("*.jpg")), picture_folder / "new.jpg")
    window.runner.rescan()
    qtbot.waitUntil(lambda: settled(window)() and len(window.session.table) == len(table) + 1, timeout=30_000)
    assert reads.count(FACTS) > 1


def test_from_a_folder_to_a_csv(qtbot: QtBot, window: MainWindow, picture_folder: Path, tmp_path: Path) -> None:
    session, runner = window.session, window.runner
    assert window.pages.currentIndex() == 0
    open_and_wait(qtbot, window, picture_folder)
    assert window.pages.currentIndex() == 1
    assert len(session.shown_rows) == 40
    assert not window.actions_["export"].isEnabled()

    window.top_bar.clusters.setValue(4)
    window.popover.minutes.setValue(60)
    window.actions_["train"].trigger()
    assert runner.state is State.TRAINING
    qtbot.waitUntil(lambda: "main" in session.joints, timeout=30_000)
    assert session.joints["main"].shape[1:] == (4, 4)
    before = session.joints["main"].copy()
    qtbot.waitUntil(lambda: not np.array_equal(before, session.joints["main"]), timeout=30_000)
    qtbot.waitUntil(lambda: len(session.history.heads["main"].losses) > 2, timeout=30_000)

    window.actions_["pause"].trigger()
    assert runner.state is State.PAUSED
    qtbot.wait(400)  # the step under way
    step = session.history.step
    qtbot.wait(300)
    assert session.history.step == step
    window.actions_["pause"].trigger()
    qtbot.waitUntil(lambda: session.history.step > step, timeout=30_000)

    window.actions_["stop"].trigger()
    assert runner.state is State.STOPPING
    qtbot.waitUntil(settled(window), timeout=60_000)
    assert session.num_clusters == 4
    assert int(session.verdicts.sizes().sum()) == 40

    click_cell(qtbot, window)

    target = tmp_path / "out.csv"
    with qtbot.waitSignal(runner.exported, timeout=20_000):
        runner.export_csv(target)
    assert str(target) in window.notice.text.text()
    with target.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40


def click_cell(qtbot: QtBot, window: MainWindow) -> None:
    """A click on a cell of the joint brings the images behind it to the gallery."""
    session, workspace = window.session, window.workspace
    workspace.show_tab(2)
    heat = workspace.joint.map
    order = workspace.joint._order
    for line, place in ((0, 0), (0, 1)):
        workspace.show_tab(2)
        qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.cell_rect(line, place).center().toPoint())
        assert workspace.tabs.currentIndex() == 0
        assert workspace.centre.currentWidget() is workspace.gallery
        first, second = int(order[line]), int(order[place])
        cluster, runner_up = session.verdicts.cluster, session.verdicts.second
        if first == second:
            expected = np.flatnonzero(cluster == first)
        else:
            there = (cluster == first) & (runner_up == second)
            expected = np.flatnonzero(there | ((cluster == second) & (runner_up == first)))
        assert set(session.shown_rows.tolist()) == set(expected.tolist())


def test_groups_can_be_browsed_and_named_while_training(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    start_training(qtbot, window)
    session = window.session
    qtbot.waitUntil(lambda: session.num_clusters == 4, timeout=60_000)
    assert window.runner.state is State.TRAINING
    model = window.workspace.clusters.model
    assert [entry.shown.kind for entry in model.entries] == ["all", "uncertain", "problems", *["cluster"] * 4]
    index = model.index(3)
    window.workspace.clusters.view.setCurrentIndex(index)
    assert session.shown == Shown("cluster", 0)
    assert model.setData(index, "  Stripes <b> ")
    assert model.entries[3].name == "Stripes <b>"
    assert session.project is not None and session.run is not None
    assert load_curated(session.project).names == {0: "Stripes <b>"}


def test_closing_while_training_keeps_a_checkpoint_and_asks_nothing(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    start_training(qtbot, window)
    project = window.session.project
    assert project is not None
    place = project.path
    close_and_wait(qtbot, window)
    assert window.runner.wait(0)
    with Project.open(place) as again:
        run = jobs.resumable_run(again)
        assert run is not None
        assert run.state == "stopped"


def test_an_interrupted_run_goes_on_in_the_next_window(qtbot: QtBot, window: MainWindow, picture_folder: Path, tmp_path: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    start_training(qtbot, window)
    qtbot.waitUntil(lambda: window.session.history.step > 3, timeout=30_000)
    close_and_wait(qtbot, window)
    second = open_window(qtbot, tmp_path / "window.ini")
    open_and_wait(qtbot, second, picture_folder)
    assert second.notice.isVisible()
    assert second.session.history.step >= 1  # the log of a run keeps one line of steps a second
    second.notice.button.click()
    assert second.runner.state is State.TRAINING
    step = second.session.history.step
    qtbot.waitUntil(lambda: second.session.history.step > step, timeout=30_000)


def test_an_interrupted_run_is_offered_no_longer_when_another_begins(qtbot: QtBot, studio: MainWindow) -> None:
    studio.notice.tell("The last training was interrupted.", label="Resume training", do=studio.runner.resume_run)
    studio.runner.train(LONG)
    qtbot.waitUntil(lambda: studio.runner.state is State.TRAINING, timeout=30_000)
    assert not studio.notice.isVisible()
    studio.notice.tell("Saved.", "ok")
    studio.notice.withdraw(studio.runner.resume_run)
    assert studio.notice.isVisible(), "that is something else"


def test_a_dropped_folder_is_opened(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture_folder))])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(QPoint(50, 50), *keys)
    window.dragEnterEvent(entered)
    assert entered.isAccepted()
    window.dropEvent(QDropEvent(QPointF(50, 50), *keys))
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert len(window.session.shown_rows) == 40
    assert [name for _, name, _ in window.preferences.recent()] == [picture_folder.name]


def test_files_that_cannot_be_read_are_listed_with_their_reason(qtbot: QtBot, window: MainWindow, broken_folder: Path) -> None:
    open_and_wait(qtbot, window, broken_folder)
    window.session.show(Shown("problems"))
    workspace = window.workspace
    assert workspace.centre.currentWidget() is workspace.problems
    model = workspace.problems.model
    listed = [model.words(place) for place in range(model.rowCount())]
    assert sorted(path for path, _ in listed) == ["day 1/truncated.jpg", "empty.jpg", "text.jpg"]
    assert all(reason for _, reason in listed)
    assert len(window.session.rows_in(Shown("all"))) == 40
    workspace.show_tab(1)
    assert workspace.centre.currentWidget() is workspace.curves


def test_a_mistake_is_told_in_the_window(qtbot: QtBot, window: MainWindow, picture_folder: Path, tmp_path: Path) -> None:
    window.open(tmp_path / "nowhere")
    assert window.notice.isVisible()
    assert "nowhere" in window.notice.text.text()
    assert window.runner.state is State.EMPTY
    open_and_wait(qtbot, window, picture_folder)
    window.runner.train(TrainSettings(clusters=4000))
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert window.notice.isVisible()
    assert window.notice.property("tone") == "bad"


def test_what_is_open_stays_open_when_another_cannot_be_opened(
    qtbot: QtBot, window: MainWindow, picture_folder: Path, tmp_path: Path
) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.top_bar.train.setFocus()
    start_training(qtbot, window)
    assert window.focusWidget() is window.top_bar.pause, "the focus does not jump to whatever comes next"
    window.open(tmp_path / "nowhere")
    assert window.runner.state is State.TRAINING, "a slip of the mouse does not end a training"
    assert "nowhere" in window.notice.text.text()
    broken = tmp_path / "broken.iicproj"
    broken.mkdir()
    (broken / "project.sqlite").write_bytes(b"this is no database, whatever its name says" * 100)
    window.open(broken)
    qtbot.waitUntil(lambda: window.notice.property("tone") == "bad" and "damaged" in window.notice.text.text(), timeout=20_000)
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert window.session.project is not None
    assert len(window.session.shown_rows) == 40
    assert window.pages.currentIndex() == 1


def test_an_empty_folder_is_no_riddle(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    window.open(tmp_path / "nowhere")
    assert window.notice.isVisible()
    open_and_wait(qtbot, window, tmp_path / "empty")
    assert not window.notice.isVisible(), "what was said of another folder is gone"
    gallery = window.workspace.gallery
    assert gallery._source.empty_text().startswith("No pictures were found in this folder.")
    assert not gallery.notes.isEnabled()
    assert not gallery.grid.verticalScrollBar().isEnabled()


def test_bars_are_not_squeezed_by_large_text(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.notice.tell("A message, which takes room too.", label="Show")
    window.commands.help.text_size.change(8)
    try:
        for button in (window.top_bar.train, window.notice.button):
            qtbot.waitUntil(lambda button=button: button.height() >= button.sizeHint().height(), timeout=2000)  # type: ignore[misc]
    finally:
        window.commands.help.text_size.reset()


def test_buttons_of_the_top_bar_fold_where_large_text_leaves_no_room(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    window.resize(1280, 800)
    bar = window.top_bar
    assert bar.settings.text().strip() == "Settings"
    window.commands.help.text_size.change(8)
    try:
        qtbot.waitUntil(lambda: not bar.settings.text())
        assert bar.settings.accessibleName() == "Settings"
        for button in bar.findChildren(QPushButton):
            assert button.isHidden() or button.width() >= button.sizeHint().width(), button.accessibleName()
    finally:
        window.commands.help.text_size.reset()
    qtbot.waitUntil(lambda: bar.settings.text().strip() == "Settings")


def test_sorting_and_selecting_are_shared(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    open_and_wait(qtbot, window, picture_folder)
    session, grid = window.session, window.workspace.gallery.grid
    session.sort_by(Sort.NAME)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert session.selected_ids().tolist() == sorted(session.table.ids[session.shown_rows[:2]].tolist())
    assert session.current == int(session.table.ids[session.shown_rows[1]])
    name = Path(session.table.paths[int(session.shown_rows[1])]).name
    assert window.workspace.inspector._name.full == name
    qtbot.waitUntil(lambda: not window.workspace.inspector.picture.picture.isNull(), timeout=10_000)


def test_every_action_has_a_shortcut_and_a_tooltip(window: MainWindow) -> None:
    from iic_studio.gui.actions import HELP, SPECS

    keys = [key for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))
    for spec in SPECS:
        assert window.actions_[spec.name].toolTip()
        assert spec.keys or spec.name in HELP
    for widget in (window.top_bar.clusters, window.workspace.gallery.grid, window.workspace.joint.map, window.workspace.clusters.view):
        assert widget.accessibleName()
