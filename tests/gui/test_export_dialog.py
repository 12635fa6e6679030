"""The export dialog with the real job on a real small project."""

import csv
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.events import Event, ProgressMade, RunFinished
from iic_studio.export.request import ExportRequest
from iic_studio.gui.export_choice import FORMATS, ExportChoice, file_stem
from iic_studio.gui.export_dialog import ExportDialog
from iic_studio.gui.exports import Exports
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import Jobs, State
from iic_studio.gui.session import Shown
from iic_studio.project.store import Project
from tests.gui.windows import open_window

QUICK = TrainSettings(clusters=4, sub_heads=2, steps=4, batch_size=16, image_size=24, device="cpu")
_place: list[Path] = []


@pytest.fixture
def trained(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, make_pictures: Callable[..., dict[str, str]]) -> Path:
    """A trained project, made once and copied for each test."""
    if not _place:
        base = tmp_path_factory.mktemp("dialog")
        make_pictures(base / "pictures")
        with Project.create(base / "made.iicproj", base / "pictures") as project:
            list(jobs.train(project, QUICK))
        _place.append(base / "made.iicproj")
    shutil.copytree(_place[0], tmp_path / "made.iicproj")
    return tmp_path / "made.iicproj"


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, trained: Path) -> MainWindow:
    """A window on the trained project."""
    made = open_window(qtbot, tmp_path / "window.ini")
    made.open(trained)
    qtbot.waitUntil(lambda: made.runner.state is State.IDLE and not made.session.is_reading, timeout=30_000)
    return made


def opened(qtbot: QtBot, window: MainWindow, place: Path) -> ExportDialog:
    """The dialog, with the files going to `place`."""
    window.actions_["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.place.selectAll()
    qtbot.keyClicks(dialog.place, str(place))
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, "garden")
    return dialog


def ready(dialog: ExportDialog) -> Callable[[], bool]:
    return lambda: dialog.go.isEnabled() and dialog.go.isVisible()


def done(dialog: ExportDialog) -> Callable[[], bool]:
    return lambda: dialog.show_made.isVisible()


def test_enter_writes_the_table_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = opened(qtbot, window, tmp_path / "out")
    assert dialog.choice().formats == ("csv",)
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    assert f"A table of 40 pictures: {tmp_path / 'out' / 'garden.csv'}." in dialog.preview.text()
    assert not (tmp_path / "out").exists()
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(done(dialog), timeout=20_000)
    with (tmp_path / "out" / "garden.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40
    assert f"Written: {tmp_path / 'out' / 'garden.csv'} (40 rows)." in dialog.preview.text()
    assert dialog.show_made.hasFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_folders_report_and_links_and_the_choice_is_remembered(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr("iic_studio.gui.export_dialog.reveal", shown.append)
    dialog = opened(qtbot, window, tmp_path)
    assert not dialog.link.isEnabled()
    for name in ("csv", "folders", "report", "jsonl"):
        dialog.formats[name].setFocus()
        qtbot.keyClick(dialog.formats[name], Qt.Key.Key_Space)
    dialog.link.setCurrentIndex(dialog.link.findData("symbolic"))
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    assert "40 symbolic links in" in dialog.preview.text()
    assert "A table" not in dialog.preview.text()
    dialog.go.click()
    qtbot.waitUntil(done(dialog), timeout=20_000)
    assert sorted(path.name for path in tmp_path.glob("garden*")) == ["garden-clusters", "garden.html", "garden.jsonl", "garden.meta.json"]
    assert all(path.is_symlink() for path in (tmp_path / "garden-clusters").glob("*/*"))
    dialog.show_made.click()
    assert shown == [tmp_path / "garden.jsonl"]
    dialog.close()
    again = ExportDialog(window.session, window.runner.exports, window.preferences)
    qtbot.addWidget(again)
    choice = again.choice()
    assert set(choice.formats) == {"folders", "report", "jsonl"}
    assert (choice.link, choice.place) == ("symbolic", str(tmp_path))


def test_only_the_shown_or_the_selected_pictures(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    session = window.session
    cluster = int(session.verdicts.sizes().argmax())
    session.show(Shown("cluster", cluster))
    dialog = opened(qtbot, window, tmp_path)
    assert dialog.pictures.findData("selected") < 0
    session.select(session.shown_rows[:3], int(session.shown_rows[0]))
    assert dialog.pictures.itemText(dialog.pictures.findData("selected")) == "The 3 that are selected"
    dialog.pictures.setCurrentIndex(dialog.pictures.findData("selected"))
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    assert "A table of 3 pictures" in dialog.preview.text()
    dialog.go.click()
    qtbot.waitUntil(done(dialog), timeout=20_000)
    wanted = {session.table.paths[row] for row in session.shown_rows[:3].tolist()}
    with (tmp_path / "garden.csv").open(encoding="utf-8", newline="") as file:
        assert {row["path"] for row in csv.DictReader(file)} == wanted
    dialog.pictures.setCurrentIndex(dialog.pictures.findData("shown"))
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    assert f"A table of {len(session.shown_rows)} pictures" in dialog.preview.text()
    assert "which is there already and will be replaced" in dialog.preview.text()


def test_new_groups_while_the_dialog_is_open_keep_the_button(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = opened(qtbot, window, tmp_path)
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    session = window.session
    for _ in range(3):
        session.adopt(session.snapshot)
        assert dialog.go.isEnabled()
    session.show(Shown("cluster", int(session.verdicts.sizes().argmax())))
    count = len(session.shown_rows)
    assert dialog.pictures.itemText(dialog.pictures.findData("shown")) == f"The {count} that are shown"
    assert dialog.pictures.currentData() == "all"


def test_a_place_that_cannot_be_used_is_told_and_nothing_can_be_started(qtbot: QtBot, window: MainWindow) -> None:
    project = window.session.project
    assert project is not None
    dialog = opened(qtbot, window, project.folder)
    qtbot.waitUntil(lambda: "inside the folder of images" in dialog.preview.text(), timeout=20_000)
    assert not dialog.go.isEnabled()
    dialog.formats["csv"].setChecked(False)
    qtbot.waitUntil(lambda: dialog.preview.text() == "Choose at least one format.", timeout=20_000)
    assert not dialog.go.isEnabled()
    dialog._show_preview(RunFinished(run="", job="export", elapsed_s=0.0, summary={"planned": []}))  # of what was chosen before
    assert dialog.preview.text() == "Choose at least one format."
    assert not dialog.go.isEnabled()


@pytest.fixture
def slow_copies(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Copying waits for a permit for each file."""
    permits = threading.Semaphore(0)
    real = shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        permits.acquire(timeout=2)  # a test that fails must end too
        real(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy)
    monkeypatch.setattr("iic_studio.export.folders._TELL_INTERVAL_S", 0.0)
    yield permits
    permits.release(1000)


def start_copying(qtbot: QtBot, window: MainWindow, place: Path, permits: threading.Semaphore) -> ExportDialog:
    dialog = opened(qtbot, window, place)
    dialog.formats["csv"].setChecked(False)
    dialog.formats["folders"].setChecked(True)
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    dialog.go.click()
    permits.release(3)
    qtbot.waitUntil(lambda: len(list((place / "garden-clusters").glob("*/*"))) == 3, timeout=20_000)
    return dialog


def test_escape_cancels_between_two_files_and_export_goes_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, slow_copies: threading.Semaphore
) -> None:
    dialog = start_copying(qtbot, window, tmp_path, slow_copies)
    assert not dialog._fields.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    slow_copies.release(1)
    qtbot.waitUntil(lambda: "Cancelled" in dialog.status.text(), timeout=20_000)
    made = list((tmp_path / "garden-clusters").glob("*/*"))
    assert 3 <= len(made) < 40
    slow_copies.release(1000)
    dialog.go.click()
    qtbot.waitUntil(done(dialog), timeout=20_000)
    assert len(list((tmp_path / "garden-clusters").glob("*/*"))) == 40
    assert json.loads((tmp_path / "garden-clusters" / "iic-studio.json").read_text(encoding="utf-8"))["finished"]


def test_closing_the_window_cuts_a_long_copy_short(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, slow_copies: threading.Semaphore
) -> None:
    start_copying(qtbot, window, tmp_path, slow_copies)
    window.close()
    assert window.isVisible()
    slow_copies.release(1)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert len(list((tmp_path / "garden-clusters").glob("*/*"))) < 40
    assert not list((tmp_path / "garden-clusters").rglob("*.part"))


class Endless:
    """An export of pictures without an end."""

    def export(self, project: Project, request: ExportRequest) -> Iterator[Event]:
        while True:
            yield ProgressMade(stage="masks", done=1, total=2)
            time.sleep(0.01)


@pytest.mark.parametrize("name", ["folders", "hugging_face", "masks"])
def test_whatever_makes_many_files_is_cut_short(qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str) -> None:
    exports = Exports(window.session, cast(Jobs, Endless()), window)
    with qtbot.waitSignal(exports.told, timeout=5000):
        assert exports.start(ExportRequest(**{name: tmp_path / "out"}))
    exports.end()
    cut_short = exports.wait(5000)
    exports.cancel()
    qtbot.waitUntil(lambda: exports.is_idle, timeout=5000)
    assert cut_short


def test_opening_another_folder_waits_for_the_copy_to_end(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, slow_copies: threading.Semaphore, make_pictures: Callable[..., dict[str, str]]
) -> None:
    make_pictures(tmp_path / "others", 2)
    dialog = start_copying(qtbot, window, tmp_path, slow_copies)
    window.open(tmp_path / "others")
    slow_copies.release(1)
    qtbot.waitUntil(lambda: window.session.project is not None and window.session.project.folder.name == "others", timeout=20_000)
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE and not window.session.is_reading, timeout=20_000)
    assert window.findChild(ExportDialog) is None or not dialog.isVisible()


def test_one_click_still_saves_the_table(qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "quick"), ""))
    with qtbot.waitSignal(window.runner.exported, timeout=20_000):
        window.actions_["export_csv"].trigger()
    assert (tmp_path / "quick.csv").is_file()
    assert str(tmp_path / "quick.csv") in window.notice.text.text()


def test_everything_can_be_reached_by_keyboard_and_has_a_name(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = opened(qtbot, window, tmp_path)
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    dialog.formats["folders"].setChecked(True)
    qtbot.waitUntil(ready(dialog), timeout=20_000)
    dialog.formats["csv"].setFocus()
    seen = []
    for _ in range(30):
        focused = dialog.focusWidget()
        if focused in seen:
            break
        seen.append(focused)
        assert focused.accessibleName()
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    formats = [box for box in dialog.formats.values() if not box.isHidden()]
    wanted = [*formats, dialog.pictures, dialog.link, dialog.probabilities, dialog.place, dialog.browse, dialog.name]
    assert [widget for widget in seen if widget in wanted] == wanted
    assert {dialog.go, dialog.close_button} <= set(seen)


def test_a_choice_survives_its_text_and_nonsense_is_forgotten() -> None:
    choice = ExportChoice(("csv", "onnx"), "shown", "/somewhere", "hard", True)
    assert ExportChoice.from_text(choice.as_text()) == choice
    for text in ("", "[]", "{", '{"formats": 3}', '{"formats": ["magic"], "link": "magic"}'):
        assert ExportChoice.from_text(text) == ExportChoice()
    assert file_stem(" a/b: c ") == "a_b_ c"
    assert file_stem("") == "clusters"
    assert ExportChoice(place="~/out").request("x", None).csv == Path.home() / "out" / "x.csv"
    assert ExportChoice(place="~nobody-of-this-name").request("x", None).csv == Path.home() / "~nobody-of-this-name" / "x.csv"
    by_class = [ExportChoice(formats, by_class=True).request("x", None).by_class for formats in (("csv",), ("masks",), ("csv", "report"))]
    assert by_class == [False, True, True], "what holds no classes of pixels is not asked for them"
    targets = ExportChoice(tuple(one.name for one in FORMATS), place="/out").request("x", None).targets()
    assert len(set(targets.values())) == len(FORMATS)
