"""Splitting a class of pixels in the real window: the parts are seen before, the masks follow, undo brings everything back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.curation import load_curated
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.mask_panel import ALL
from iic_studio.gui.pixel_split_dialog import PixelSplitDialog
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown
from iic_studio.project.store import Project
from iic_studio.query import parse
from tests.gui import grounds
from tests.gui.reach import nameless, unreached
from tests.gui.windows import open_window


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grounds.make_project(tmp_path_factory.mktemp("split"))


def settled(window: MainWindow) -> Callable[[], bool]:
    return lambda: window.runner.state is State.IDLE and not window.session.is_reading and window.mask_control.is_settled


@pytest.fixture
def window(qtbot: QtBot, trained: Path, tmp_path: Path) -> MainWindow:
    place = Path(shutil.copytree(trained, tmp_path / "made.iicproj"))
    made = open_window(qtbot, tmp_path / "window.ini")
    made.open(place)
    qtbot.waitUntil(settled(made), timeout=30_000)
    qtbot.waitUntil(lambda: seen(made), timeout=30_000)
    return made


def seen(window: MainWindow) -> bool:
    view, page = window.session.masks.view, window.workspace.masks
    return view is not None and view.image_id == page.image and not page.canvas.layer.isNull() and page._known is not None


def open_dialog(qtbot: QtBot, window: MainWindow, place: int = 0) -> PixelSplitDialog:
    tree = window.workspace.mask_panel.view
    item = tree.topLevelItem(place)
    assert item is not None
    tree.setCurrentItem(item)
    assert window.actions_["split"].isEnabled()
    window.actions_["split"].trigger()
    (dialog,) = window.findChildren(PixelSplitDialog)
    qtbot.waitUntil(lambda: dialog.split.isEnabled(), timeout=30_000)
    return dialog


def classes(window: MainWindow) -> np.ndarray:
    """(h, w) class of each pixel of the picture in front."""
    view = window.session.masks.view
    assert view is not None
    return np.asarray(window.session.masks.classes().of_cluster[view.ids])


def lines(window: MainWindow) -> int:
    return window.workspace.mask_panel.view.topLevelItemCount()


def test_a_class_is_split_and_put_together_again(qtbot: QtBot, window: MainWindow) -> None:
    before = classes(window)
    dialog = open_dialog(qtbot, window)
    assert [not name.isHidden() for _, name, _, _ in dialog.lines][:3] == [True, True, False]
    assert "estimated" in dialog._words.text()
    qtbot.waitUntil(lambda: not dialog.canvas.layer.isNull(), timeout=20_000)
    dialog.number.setValue(3)
    qtbot.waitUntil(lambda: dialog.split.isEnabled() and not dialog.lines[2][1].isHidden(), timeout=20_000)
    dialog.number.setValue(2)
    qtbot.waitUntil(lambda: dialog.split.isEnabled() and dialog.lines[2][1].isHidden(), timeout=20_000)
    dialog.split.click()
    assert lines(window) == 3
    qtbot.waitUntil(lambda: settled(window)() and len(window.session.masks.view.labels) == 3, timeout=30_000)  # type: ignore[union-attr]
    after = classes(window)
    assert np.array_equal(np.where(after == 2, 0, after), before), "only the split class comes apart"
    assert window.session.curated.curation.undo.startswith("Split Cluster 0")
    shares = [window.workspace.mask_panel.view.topLevelItem(place).text(ALL) for place in range(3)]
    assert all(shares) and shares[2] != "0 %", "what the new class covers everywhere is estimated"
    project = window.session.project
    assert project is not None
    with Project.open(project.path, writable=False) as same:
        assert len(load_curated(same).model.parts) == 1, "it is kept"
    window.actions_["undo"].trigger()
    assert lines(window) == 2
    assert np.array_equal(classes(window), before), "at once, also by the mask made before"
    window.actions_["redo"].trigger()
    qtbot.waitUntil(lambda: settled(window)() and lines(window) == 3, timeout=30_000)
    assert np.array_equal(classes(window), after)


def test_nothing_lies_upon_the_picture_in_large_letters(qtbot: QtBot, window: MainWindow) -> None:
    size = window.commands.help.text_size
    size.change(8)
    try:
        split = open_dialog(qtbot, window)
        qtbot.waitUntil(split.split.isEnabled, timeout=20_000)
        qtbot.waitUntil(lambda: split._heads[1].geometry().top() > split.canvas.geometry().bottom(), timeout=5_000)
        split.reject()
    finally:
        size.reset()


def test_a_cancelled_split_changes_nothing(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_dialog(qtbot, window, 1)
    dialog.reject()
    qtbot.waitUntil(settled(window), timeout=20_000)
    assert lines(window) == 2 and not window.session.curated.curation.undo


def test_a_file_that_was_written_again_is_seen_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "window.ini")
    window.open(grounds.make_project(tmp_path))
    qtbot.waitUntil(lambda: settled(window)() and seen(window), timeout=30_000)
    session, page = window.session, window.workspace.masks
    first, project, view = page.image, session.project, session.masks.view
    assert project is not None and view is not None and first is not None
    above = page.canvas.picture.pixelColor(5, 5)
    assert above.blue() > above.green()
    path = project.folder / project.image(first).path
    with Image.open(path) as picture:
        turned = picture.rotate(180)
    turned.save(path)
    page.step(1)
    qtbot.waitUntil(lambda: page.image != first and seen(window), timeout=20_000)
    page.step(-1)
    qtbot.waitUntil(lambda: page.image == first and page.canvas.picture.pixelColor(5, 5).green() > 120, timeout=20_000)
    qtbot.waitUntil(lambda: settled(window)() and session.masks.view is not None and session.masks.view is not view, timeout=20_000)
    new = session.masks.view
    views = jobs.mask_views(project)
    afresh = views.mask(view.run, first)
    views.close()
    assert new is not None and np.array_equal(new.ids, afresh.ids) and not np.array_equal(new.ids, view.ids), "the mask too"


def test_the_keyboard_reaches_everything_around_masks(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    for labelling in (False, True):
        window.session.masks.set_labelling(labelling)
        window.workspace.tabs.setFocus()
        assert unreached(window) == []
        assert nameless(window) == []
    window.session.masks.set_labelling(False)
    dialog = open_dialog(qtbot, window)
    dialog.activateWindow()
    assert (unreached(dialog), nameless(dialog)) == ([], [])
    dialog.reject()


def test_shares_are_told_of_the_picture_and_of_all(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_dialog(qtbot, window)
    qtbot.waitUntil(lambda: dialog.is_settled and bool(dialog.lines[0][2].text()), timeout=20_000)
    for place in (2, 3):
        told = [line[place].text() for line in dialog.lines if not line[place].isHidden()]
        assert len(told) == 2
        assert all(one == "–" or one.endswith("%") for one in told)
    assert dialog.lines[0][2].geometry().right() == dialog.lines[1][2].geometry().right() == dialog._heads[0].geometry().right()
    dialog.reject()


def test_the_page_says_why_no_picture_is_there(qtbot: QtBot, window: MainWindow) -> None:
    session, canvas = window.session, window.workspace.masks.canvas
    session.filter_by(parse("name:nothing-is-called-so"))
    assert not canvas.has_picture
    assert canvas.note == "No picture here fits the search “name:nothing-is-called-so”."
    session.filter_by(parse(""))
    qtbot.waitUntil(lambda: canvas.has_picture and seen(window), timeout=20_000)
    session.show(Shown("excluded"))
    assert canvas.note == "There is no picture here: choose All pictures at the left."
