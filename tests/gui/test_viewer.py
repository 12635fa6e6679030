"""The viewer over real pictures: keys, what it reads, what it keeps, and where it leaves the gallery."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.picture_loader import Loaded, PictureLoader, Wanted
from iic_studio.gui.session import Shown, Sort
from iic_studio.gui.viewer import Viewer
from iic_studio.images import decode


def row_of(window: MainWindow, path: str) -> int:
    return window.session.table.paths.index(path)


def viewed(window: MainWindow) -> str:
    return window.commands.viewer._name.full


def is_read(viewer: Viewer) -> bool:
    return viewer._known is not None


def test_space_opens_arrows_go_on_and_escape_returns(qtbot: QtBot, studio: MainWindow) -> None:
    session, grid = studio.session, studio.workspace.gallery.grid
    session.sort_by(Sort.NAME)
    grid.set_cell_side(256)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    grid.verticalScrollBar().setValue(30)
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    viewer = studio.commands.viewer
    assert viewer.isVisible()
    assert viewer.geometry() == studio.centralWidget().rect()
    assert viewed(studio) == session.table.paths[session.shown_rows[1]]
    qtbot.waitUntil(lambda: is_read(viewer), timeout=5000)
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    assert grid.verticalScrollBar().value() == 30, "nothing moved"
    assert studio.focusWidget() is grid
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    for _ in range(30):
        qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewed(studio) == session.table.paths[session.shown_rows[31]]
    assert "32 of 44" in viewer._place.text()
    qtbot.keyClick(viewer, Qt.Key.Key_Left)
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert session.current_row() == session.shown_rows[30]
    first, last = grid.visible_range()
    assert first <= 30 < last, "the picture looked at last is in sight"


def test_the_selection_stays_while_looking(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    session.select(session.shown_rows[:3], int(session.shown_rows[0]))
    studio.commands.view()
    viewer = studio.commands.viewer
    qtbot.keyClick(viewer, Qt.Key.Key_End)
    assert not viewer._buttons["next"].isEnabled()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert session.current_row() == session.shown_rows[-1]
    assert int(session.selected.sum()) == 3
    qtbot.keyClick(viewer, Qt.Key.Key_Home)
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()


def test_keys_zoom(qtbot: QtBot, studio: MainWindow) -> None:
    studio.commands.view()
    viewer = studio.commands.viewer
    qtbot.waitUntil(lambda: is_read(viewer), timeout=5000)
    qtbot.keyClick(viewer, Qt.Key.Key_1)
    assert viewer.canvas.scale == 1.0
    assert viewer._zoom.text() == "100 %"
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.canvas.scale == 1.25
    qtbot.keyClick(viewer, Qt.Key.Key_Minus)
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.canvas.is_fitted
    assert studio.workspace.tabs.currentIndex() == 0, "the keys did not reach the tabs"
    viewer._buttons["actual"].click()
    assert viewer.canvas.scale == 1.0


def test_full_screen_ends_with_the_viewer(qtbot: QtBot, studio: MainWindow) -> None:
    studio.commands.view()
    studio.actions_["fullscreen"].trigger()
    assert studio.isFullScreen()
    qtbot.keyClick(studio.commands.viewer, Qt.Key.Key_Escape)
    assert not studio.isFullScreen()
    studio.actions_["fullscreen"].trigger()
    studio.commands.view()
    qtbot.keyClick(studio.commands.viewer, Qt.Key.Key_Escape)
    assert studio.isFullScreen()


def test_unreadable_and_vanished_files_say_why(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    session.show(Shown("problems"))
    session.look_at(row_of(studio, "torn.jpg"))
    studio.commands.view()
    viewer = studio.commands.viewer
    assert viewer.canvas._note == "This file is empty."
    viewer.leave()
    session.show(Shown("all"))
    assert session.project is not None
    victim = int(session.shown_rows[5])
    path = session.project.folder / session.table.paths[victim]
    moved = path.with_name("moved away")
    shutil.move(path, moved)
    try:
        session.look_at(victim)
        studio.thumbnails.clear()
        studio.commands.view()
        qtbot.waitUntil(lambda: "is gone" in viewer.canvas._note, timeout=5000)
    finally:
        viewer.leave()
        shutil.move(moved, path)


def test_an_empty_set_opens_nothing(studio: MainWindow) -> None:
    studio.workspace.search.search("nothing-is-called-this")
    studio.commands.view()
    assert not studio.commands.viewer.isVisible()


# The loader ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def loader(qtbot: QtBot) -> PictureLoader:
    made = PictureLoader(max_bytes=3 * 512 * 384 * 4)
    yield made  # type: ignore[misc]
    made.close()


def photo(folder: Path, name: str, width: int = 2048, height: int = 1536, orientation: int = 1) -> Path:
    """Upper half red, lower half blue, before orientation."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, :, 0] = pixels[height // 2 :, :, 2] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(folder / name, exif=exif, quality=95)
    return folder / name


def test_reduced_first_then_whole(qtbot: QtBot, loader: PictureLoader, tmp_path: Path) -> None:
    wanted = Wanted(1, photo(tmp_path, "a.jpg"))
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        assert loader.want(wanted, (), 500) is None
    reduced: Loaded = told.args[0]
    assert (reduced.picture.width(), reduced.width, reduced.height) == (512, 2048, 1536)
    assert not reduced.is_whole
    assert loader.want(wanted, (), 500) is reduced
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        loader.want_whole(wanted, reduced)
    assert told.args[0].is_whole
    assert loader.get(1) is reduced, "the whole picture is the viewer's alone"


def test_orientation_is_honoured(qtbot: QtBot, loader: PictureLoader, tmp_path: Path) -> None:
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        loader.want(Wanted(1, photo(tmp_path, "a.jpg", orientation=6)), (), 512)
    found = told.args[0]
    assert (found.width, found.height) == (1536, 2048)
    assert found.picture.pixelColor(found.picture.width() - 10, 100).red() > 200
    assert found.picture.pixelColor(10, 100) == QColor(0, 0, 254) or found.picture.pixelColor(10, 100).blue() > 200


def test_the_next_ones_are_read_ahead_and_memory_is_bounded(qtbot: QtBot, loader: PictureLoader, tmp_path: Path) -> None:
    wanted = [Wanted(number, photo(tmp_path, f"{number}.jpg")) for number in range(6)]
    loader.want(wanted[0], wanted[1:3], 512)
    qtbot.waitUntil(lambda: all(loader.get(number) for number in range(3)), timeout=5000)
    for one in wanted[3:]:
        loader.want(one, (), 512)
        qtbot.waitUntil(lambda one=one: loader.get(one.image) is not None, timeout=5000)
    assert loader.bytes_kept <= 3 * 512 * 384 * 4
    assert loader.get(0) is None
    loader.forget()
    assert loader.bytes_kept == 0


class HeldBack(PictureLoader):
    """Pictures called `slow.jpg` are read when somebody says so."""

    def __init__(self, begun: threading.Event, permit: threading.Event) -> None:
        super().__init__()
        self._begun, self._permit = begun, permit

    def _decode(self, wanted: Wanted, side: int, *, compact: bool) -> Loaded:
        if wanted.path.name == "slow.jpg":
            self._begun.set()
            self._permit.wait(5)
        return super()._decode(wanted, side, compact=compact)


def test_what_is_read_of_another_project_is_not_taken_for_a_picture_of_this_one(qtbot: QtBot, tmp_path: Path) -> None:
    begun, permit, told = threading.Event(), threading.Event(), []
    loader = HeldBack(begun, permit)
    loader.loaded.connect(told.append)
    loader.want(Wanted(1, photo(tmp_path, "slow.jpg", 640, 480)), (), 512)
    assert begun.wait(5)
    loader.forget()  # the other project is closed; in this one, too, ids begin with 1
    loader.want(Wanted(1, photo(tmp_path, "quick.jpg", 320, 200)), (), 512)
    qtbot.waitUntil(lambda: loader.get(1) is not None, timeout=5000)
    permit.set()
    loader.close()
    qtbot.wait(20)
    found = loader.get(1)
    assert found is not None
    assert [one.width for one in told] == [320]
    assert found.width == 320


def test_pictures_of_16_bits_look_as_their_thumbnails_do(
    qtbot: QtBot, studio: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = np.tile(np.linspace(1000, 2000, 40).astype(np.uint16), (30, 1))
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert studio.session.project is not None
    studio.session.project.set_meta("high_bit_range", "0.0 65535.0")
    monkeypatch.setattr("iic_studio.gui.inspector.path_of", lambda *_: tmp_path / "deep.png")
    studio.session.look_at(3)
    view = studio.workspace.inspector.picture
    qtbot.waitUntil(lambda: view.picture.width() == 40, timeout=5000)
    assert view.picture.toImage().pixelColor(39, 15).red() < 20, "dark, as it is among the others"


def test_a_picture_that_comes_late_is_not_shown_for_another_one(
    qtbot: QtBot, studio: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is read slowly; meanwhile an image of the same id, as another project has one, is looked at."""
    session, view = studio.session, studio.workspace.inspector.picture
    begun, permit, read, shown = threading.Event(), threading.Event(), decode.load_display, []
    for name, colour in (("slow.png", "#ff0000"), ("quick.png", "#0000ff")):
        Image.new("RGB", (33, 22), colour).save(tmp_path / name)

    def held_back(path: str, **more: object) -> object:
        if path.endswith("slow.png"):
            begun.set()
            assert permit.wait(5)
        return read(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(decode, "load_display", held_back)
    monkeypatch.setattr(view, "show_picture", lambda picture, note="": shown.append(picture.toImage()))
    for name in ("slow.png", "quick.png"):
        monkeypatch.setattr("iic_studio.gui.inspector.path_of", lambda *_, name=name: tmp_path / name)
        session.look_at(3)
        assert begun.wait(5)
        if name == "slow.png":
            session.look_at(-1)
    permit.set()
    qtbot.waitUntil(lambda: any(one.width() == 33 for one in shown), timeout=5000)
    qtbot.wait(30)
    assert {one.pixelColor(5, 5).name() for one in shown if one.width() == 33} == {"#0000ff"}


def test_huge_pictures_are_never_held_whole(qtbot: QtBot, loader: PictureLoader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iic_studio.gui.picture_loader.MOST_FULL_PIXELS", 1_000_000)
    wanted = Wanted(1, photo(tmp_path, "a.jpg"))
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        loader.want(wanted, (), 512)
    reduced = told.args[0]
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        loader.want_whole(wanted, reduced)
    found = told.args[0]
    assert 900_000 < found.picture.width() * found.picture.height() <= 1_000_000
    loader.want_whole(wanted, found)
    assert not loader._awaited, "it is not read again and again"


def test_heif_is_read_by_a_child_process(qtbot: QtBot, loader: PictureLoader, tmp_path: Path) -> None:
    from tests.images.conftest import HEIF

    (tmp_path / "a.heic").write_bytes(HEIF)
    with qtbot.waitSignal(loader.loaded, timeout=20_000) as told:
        loader.want(Wanted(1, tmp_path / "a.heic"), (), 512)
    assert (told.args[0].width, told.args[0].height) == (96, 64)


def test_files_that_cannot_be_read_have_a_reason(qtbot: QtBot, loader: PictureLoader, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
        loader.want(Wanted(1, tmp_path / "a.jpg"), (), 512)
    assert told.args[0].problem == "This file is empty."
    if os.name == "posix" and os.getuid():
        (tmp_path / "b.jpg").write_bytes(b"x")
        (tmp_path / "b.jpg").chmod(0)
        with qtbot.waitSignal(loader.loaded, timeout=5000) as told:
            loader.want(Wanted(2, tmp_path / "b.jpg"), (), 512)
        assert told.args[0].problem
