"""Masks in the real window, on a tiny project of pixels with known masks: looking, reading pixels, editing classes, training live."""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from iic_studio.curation import load_curated
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.mask_panel import ALL, CLASS, HERE
from iic_studio.gui.mask_state import CLASSES, UNCERTAINTY
from iic_studio.gui.proposal_dialog import ProposalDialog
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown
from iic_studio.gui.takeover_dialog import TakeoverDialog
from iic_studio.gui.workspace import MASKS, TABS
from iic_studio.project.store import Project
from tests.gui import grounds
from tests.gui.windows import open_window

gc.collect()
gc.freeze()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grounds.make_project(tmp_path_factory.mktemp("grounds"))


@pytest.fixture
def place(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "made.iicproj"))


def settled(window: MainWindow) -> Callable[[], bool]:
    return lambda: window.runner.state is State.IDLE and not window.session.is_reading and window.mask_control.is_settled


@pytest.fixture
def empty_window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    return open_window(qtbot, tmp_path / "window.ini")


@pytest.fixture
def window(qtbot: QtBot, place: Path, empty_window: MainWindow) -> MainWindow:
    empty_window.open(place)
    qtbot.waitUntil(settled(empty_window), timeout=30_000)
    qtbot.waitUntil(lambda: seen(empty_window), timeout=30_000)
    qtbot.wait(50)  # until everything has its place
    return empty_window


def seen(window: MainWindow) -> bool:
    """Whether the mask of the picture in front is painted over it."""
    view, page = window.session.masks.view, window.workspace.masks
    return view is not None and view.image_id == page.image and not page.canvas.layer.isNull() and page._known is not None


def number_of(window: MainWindow) -> int:
    """Which of the made pictures is in front."""
    session = window.session
    return int(session.table.paths[session.current_row()].removeprefix("p").removesuffix(".png"))


def class_of_sky(window: MainWindow) -> int:
    """The class that holds most of the upper ground of the picture in front."""
    view = window.session.masks.view
    assert view is not None
    ids = window.session.masks.classes().of_cluster[view.ids]
    return int(np.bincount(ids[grounds.truth(number_of(window)) == 0]).argmax())


def accuracy(window: MainWindow) -> float:
    view = window.session.masks.view
    assert view is not None
    same = float((view.ids == grounds.truth(number_of(window))).mean())
    return max(same, 1 - same)


def key(qtbot: QtBot, window: MainWindow, name: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    window.workspace.masks.canvas.setFocus()
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    qtbot.keyClick(window.workspace.masks.canvas, name, held)


def line(window: MainWindow, place: int) -> QTreeWidgetItem:
    item = window.workspace.mask_panel.view.topLevelItem(place)
    assert item is not None
    return item


def pixel(window: MainWindow, x: int, y: int) -> QColor:
    """What is seen at a pixel of the picture."""
    canvas = window.workspace.masks.canvas
    canvas.grab()  # lays out what is new, a notice for example
    point = canvas.point_of(QPointF(x + 0.5, y + 0.5)).toPoint()
    return canvas.grab().toImage().pixelColor(point)


# Looking -------------------------------------------------------------------------------------------------------------------------------


def test_pictures_of_16_bits_look_as_in_the_viewer(window: MainWindow) -> None:
    page, project = window.workspace.masks, window.session.project
    assert project is not None
    project.set_meta("high_bit_range", "0.0 65535.0")
    page.step(1)
    assert page.loader.high_bit_range == (0.0, 65535.0)


def test_a_project_of_pixels_opens_on_its_masks(window: MainWindow) -> None:
    workspace = window.workspace
    assert workspace.centre.currentWidget() is workspace.masks
    assert workspace.side.currentWidget() is workspace.mask_panel
    assert [name for place, name in enumerate(TABS) if workspace.tabs.isTabVisible(place)] == [
        "Gallery",
        "Curves",
        "Joint",
        "Runs",
        "Masks",
    ]
    assert window.top_bar.task.currentData() == "pixels"
    assert accuracy(window) > 0.9
    view = window.session.masks.view
    assert view is not None and view.ids.shape == (grounds.HEIGHT, grounds.WIDTH)
    assert np.abs(view.probabilities.astype(np.float32).sum(axis=0) - 1).max() < 0.01
    assert (view.probabilities.argmax(axis=0) == view.ids).mean() > 0.99


def test_arrows_go_through_the_pictures(qtbot: QtBot, window: MainWindow) -> None:
    session, page = window.session, window.workspace.masks
    paths = [session.table.paths[row] for row in session.shown_rows]
    found = [number_of(window)]
    for _ in paths[1:]:
        key(qtbot, window, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: seen(window), timeout=20_000)
        assert accuracy(window) > 0.9
        found.append(number_of(window))
    assert sorted(found) == list(range(grounds.COUNT))
    assert page.strip.current == len(paths) - 1
    key(qtbot, window, Qt.Key.Key_Right)
    assert number_of(window) == found[-1], "there is no next one"
    key(qtbot, window, Qt.Key.Key_Home)
    assert number_of(window) == found[0]
    rect = page.strip.rect_of(2)
    qtbot.mouseClick(page.strip.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert number_of(window) == found[2]


def test_the_mask_is_painted_in_the_colours_of_its_classes(qtbot: QtBot, window: MainWindow) -> None:
    masks = window.session.masks
    masks.set_opacity(1.0)
    sky = class_of_sky(window)
    colours = [one.colour for one in masks.classes().items]
    assert pixel(window, 40, 4) == colours[sky]
    assert pixel(window, 40, 60) == colours[1 - sky]
    key(qtbot, window, Qt.Key.Key_BracketLeft)
    assert masks.opacity == pytest.approx(0.9)
    assert window.workspace.masks.opacity.value() == 90
    window.workspace.masks.opacity.setValue(0)
    assert pixel(window, 40, 4).blue() > 190, "the picture itself"


def test_space_held_hides_the_mask(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.workspace.masks.canvas
    window.session.masks.set_opacity(1.0)
    masked = pixel(window, 40, 60)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert pixel(window, 40, 60) != masked
    assert pixel(window, 40, 60).green() > 150
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert pixel(window, 40, 60) == masked
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    QApplication.sendEvent(window.workspace.masks, QEvent(QEvent.Type.ActivationChange))
    assert not window.session.masks.hidden_for_now, "the key is let go elsewhere"


def test_outlines_and_uncertainty_stay_from_picture_to_picture(qtbot: QtBot, window: MainWindow) -> None:
    page, masks = window.workspace.masks, window.session.masks
    masks.set_opacity(1.0)
    key(qtbot, window, Qt.Key.Key_O)
    assert masks.outline and page.outline.isChecked()
    assert pixel(window, 40, 3).blue() > 190, "the picture, inside an area"
    key(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: seen(window), timeout=20_000)
    assert masks.outline
    assert pixel(window, 40, 3).blue() > 190
    key(qtbot, window, Qt.Key.Key_E)
    assert masks.colouring == UNCERTAINTY and page.colouring.currentData() == UNCERTAINTY
    view = masks.view
    assert view is not None
    unsure = np.unravel_index(int(view.entropy.argmax()), view.entropy.shape)
    sure = np.unravel_index(int(view.entropy.argmin()), view.entropy.shape)
    assert pixel(window, int(unsure[1]), int(unsure[0])).lightness() > pixel(window, int(sure[1]), int(sure[0])).lightness()
    border = grounds.border_of(number_of(window))
    at_border = view.entropy[border - 4 : border + 4].mean()
    assert at_border > 1.5 * view.entropy[: border - 8].mean(), "it is least sure where the grounds meet"
    key(qtbot, window, Qt.Key.Key_E)
    assert masks.colouring == CLASSES


def test_the_picture_beside_its_mask_is_moved_with_it(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.masks
    assert not page.original.isVisible()
    key(qtbot, window, Qt.Key.Key_B)
    assert page.original.isVisible()
    assert abs(page.original.width() - page.canvas.width()) <= 4
    assert page.original.layer.isNull(), "without its mask"
    page.canvas.zoom_to(20.0, QPointF(10, 10))
    assert page.original.scale == page.canvas.scale
    assert page.original.place_at(QPointF(30, 30)) == page.canvas.place_at(QPointF(30, 30))
    page.original.pan(QPointF(-40, -30))
    assert page.original.place_at(QPointF(30, 30)) == page.canvas.place_at(QPointF(30, 30))
    key(qtbot, window, Qt.Key.Key_B)
    assert not page.original.isVisible()


def test_a_click_reads_a_pixel(qtbot: QtBot, window: MainWindow) -> None:
    canvas, masks, panel = window.workspace.masks.canvas, window.session.masks, window.workspace.mask_panel
    for y, ground in ((4, 0), (60, 1)):
        canvas.grab()
        point = canvas.point_of(QPointF(40.5, y + 0.5)).toPoint()
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=point)
        assert masks.pixel == (40, y)
        sky = class_of_sky(window)
        expected = masks.classes().items[sky if ground == 0 else 1 - sky]
        assert panel._class.full == expected.name
        shares = [share for _, _, share in panel._bars._lines]
        assert len(shares) == 2 and sum(shares) == pytest.approx(1.0, abs=0.01)
        assert shares[0] >= shares[1]
        assert panel._bars._lines[0][1] == expected.name
        assert "uncertainty" in panel._where.text()
    key(qtbot, window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert masks.pixel == (40, 59)
    key(qtbot, window, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    assert masks.pixel == (30, 59)
    key(qtbot, window, Qt.Key.Key_Right)
    assert masks.pixel is None, "another picture, another pixel"


def test_dragging_moves_and_reads_nothing(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.workspace.masks.canvas
    canvas.zoom_to(30.0)
    middle = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(canvas, middle + middle / 4)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + middle / 4)
    assert window.session.masks.pixel is None


# Classes -------------------------------------------------------------------------------------------------------------------------------


def test_areas_here_and_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    panel, sky = window.workspace.mask_panel, class_of_sky(window)
    number = number_of(window)
    here = float(line(window, sky).text(HERE).removesuffix(" %"))
    assert here == pytest.approx(100 * grounds.border_of(number) / grounds.HEIGHT, abs=8)
    assert "estimated" in panel._sample.text()
    assert panel.measure.isVisible()
    qtbot.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: settled(window)() and not panel.measure.isVisible(), timeout=60_000)
    every = float(line(window, sky).text(ALL).removesuffix(" %"))
    true = 100 * np.mean([grounds.border_of(one) for one in range(grounds.COUNT)]) / grounds.HEIGHT
    assert every == pytest.approx(true, abs=8)
    entry = next(one for one in window.workspace.clusters.model.entries if one.shown == Shown("cluster", sky))
    assert entry.size_words == line(window, sky).text(ALL)
    assert panel._sample.text() == ""


def test_shares_are_whole_in_large_letters(qtbot: QtBot, window: MainWindow) -> None:
    size, view = window.commands.help.text_size, window.workspace.mask_panel.view
    assert not view.isColumnHidden(ALL)
    size.change(8)
    try:
        qtbot.waitUntil(lambda: view.isColumnHidden(ALL), timeout=5_000)
        widest = max(view.fontMetrics().horizontalAdvance(line(window, place).text(HERE)) for place in range(view.topLevelItemCount()))
        assert view.columnWidth(HERE) > widest
    finally:
        size.reset()
    qtbot.waitUntil(lambda: not view.isColumnHidden(ALL), timeout=5_000)


def test_classes_are_hidden_and_shown_alone(qtbot: QtBot, window: MainWindow) -> None:
    masks, panel = window.session.masks, window.workspace.mask_panel
    masks.set_opacity(1.0)
    sky = class_of_sky(window)
    sky_colour, ground_colour = masks.classes().items[sky].colour, masks.classes().items[1 - sky].colour
    line(window, sky).setCheckState(CLASS, Qt.CheckState.Unchecked)
    assert pixel(window, 40, 4) != sky_colour
    assert pixel(window, 40, 60) == ground_colour
    line(window, sky).setCheckState(CLASS, Qt.CheckState.Checked)
    assert pixel(window, 40, 4) == sky_colour
    while panel.current_class() is None or panel.current_class() != masks.classes().items[sky]:
        key(qtbot, window, Qt.Key.Key_Period)
    key(qtbot, window, Qt.Key.Key_S)
    assert masks.visible(masks.classes().items).tolist() == [place == sky for place in range(2)]
    assert pixel(window, 40, 60) != ground_colour
    line(window, 1 - sky).setCheckState(CLASS, Qt.CheckState.Checked)
    assert masks.visible(masks.classes().items).all(), "ticking another one shows it too"
    key(qtbot, window, Qt.Key.Key_H)
    key(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: seen(window), timeout=20_000)
    assert pixel(window, 40, 4) != sky_colour, "it stays hidden"
    key(qtbot, window, Qt.Key.Key_A)
    assert pixel(window, 40, 4) == sky_colour


def test_names_and_colours_are_those_of_the_project_and_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    session, masks, panel = window.session, window.session.masks, window.workspace.mask_panel
    masks.set_opacity(1.0)
    sky = class_of_sky(window)
    panel.view.setCurrentItem(line(window, sky))
    window.actions_["rename"].trigger()
    editor = panel.view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("sky <i>")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: line(window, sky).text(CLASS) == "sky <i>", timeout=5_000)
    assert session.project is not None
    assert load_curated(session.project).names[sky] == "sky <i>"
    assert line(window, sky).text(CLASS) == "sky <i>"
    assert window.workspace.clusters.model.entries[2 + sky].name == "sky <i>"
    window.editing._recolour(sky, "#ff00ff")
    assert pixel(window, 40, 4) == QColor("#ff00ff")
    window.actions_["undo"].trigger()
    assert pixel(window, 40, 4) != QColor("#ff00ff")
    window.actions_["undo"].trigger()
    assert line(window, sky).text(CLASS) == f"Cluster {sky}"
    window.actions_["redo"].trigger()
    assert line(window, sky).text(CLASS) == "sky <i>"


def test_merged_classes_are_one(qtbot: QtBot, window: MainWindow) -> None:
    session, masks, panel = window.session, window.session.masks, window.workspace.mask_panel
    masks.set_opacity(1.0)
    panel.view.selectAll()
    assert window.actions_["merge"].isEnabled()
    window.actions_["merge"].trigger()
    assert len(masks.classes()) == 1
    assert pixel(window, 40, 4) == pixel(window, 40, 60)
    assert panel.view.topLevelItemCount() == 1
    assert line(window, 0).text(HERE) == "100 %"
    masks.ask_pixel(3, 3)
    assert [round(share, 2) for _, _, share in panel._bars._lines] == [1.0]
    window.actions_["undo"].trigger()
    assert len(masks.classes()) == 2
    assert pixel(window, 40, 4) != pixel(window, 40, 60)
    assert session.can_edit


def test_only_what_makes_sense_for_pixels_is_offered(window: MainWindow) -> None:
    window.workspace.mask_panel.view.setCurrentItem(line(window, 0))
    offered = {name for name in ("rename", "colour", "note", "split", "check", "move", "unsure") if window.actions_[name].isEnabled()}
    assert offered == {"rename", "colour", "note", "split"}
    kinds = [entry.shown.kind for entry in window.workspace.clusters.model.entries]
    assert kinds == ["all", "problems", "cluster", "cluster"]


def test_a_class_of_the_list_narrows_the_pictures_and_stays_on_the_page(window: MainWindow) -> None:
    window.session.show(Shown("cluster", 0))
    assert window.workspace.centre.currentWidget() is window.workspace.masks
    shares = window.session.curated.probabilities[:, 0]
    assert len(window.session.shown_rows) == int((shares >= 0.02).sum())


def test_the_palette_and_the_sheet_know_the_keys(window: MainWindow) -> None:
    titles = {command.title: command for command in window.commands.help.commands()}
    assert {look.text() for look in window.workspace.masks.looks} <= set(titles)
    window.workspace.show_tab(0)
    titles["Outlines of the mask"].do()
    assert window.session.masks.outline
    assert window.workspace.centre.currentWidget() is window.workspace.masks
    from iic_studio.gui.shortcut_sheet import ShortcutSheet
    from iic_studio.gui.widgets import Label

    sheet = ShortcutSheet(window)
    words = {label.text() for label in sheet.findChildren(Label)}
    assert {"Masks", "Space, held", "Outlines of the mask", "Show the areas found in each picture"} <= words
    sheet.deleteLater()


# Training ------------------------------------------------------------------------------------------------------------------------------


def test_the_mask_is_live_while_training_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    masks, page = window.session.masks, window.workspace.masks
    window.runner.train(grounds.settings(steps=None, minutes=60, seed=1))
    qtbot.waitUntil(lambda: masks.view is not None and masks.view.step > 0, timeout=60_000)
    first = masks.view
    assert first is not None and first.run == window.session.training_run
    qtbot.waitUntil(lambda: masks.view is not None and masks.view.step > first.step, timeout=60_000)
    assert page.follow.isVisible()
    key(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: seen(window) and masks.view is not None and masks.view.step > 0, timeout=60_000)
    window.actions_["stop"].trigger()
    qtbot.waitUntil(settled(window), timeout=60_000)
    qtbot.waitUntil(lambda: seen(window) and masks.view is not None and masks.view.step == 0, timeout=60_000)
    assert window.session.run is not None and masks.view is not None and masks.view.run == window.session.run.id


def test_a_new_run_beside_corrections_has_classes_of_its_own(qtbot: QtBot, window: MainWindow) -> None:
    session, masks = window.session, window.session.masks
    session.name_cluster(0, "sky")
    before = session.run
    assert before is not None
    window.runner.train(grounds.settings(steps=None, minutes=60, seed=1))
    qtbot.waitUntil(lambda: masks.view is not None and masks.view.step > 0, timeout=60_000)
    assert [one.place for one in masks.classes().items] == [-1, -1]
    assert "sky" not in [one.name for one in masks.classes().items]
    key(qtbot, window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: masks.view is not None and masks.view.run == before.id, timeout=60_000)
    assert "sky" in [one.name for one in masks.classes().items]
    window.actions_["stop"].trigger()
    qtbot.waitUntil(settled(window), timeout=60_000)
    assert session.snapshot.proposal is not None


def test_a_new_run_of_pixels_is_reviewed_by_its_classes(qtbot: QtBot, window: MainWindow) -> None:
    """Not picture by picture: pictures are in no class. It is taken whole, and Undo brings back what was there."""
    session = window.session
    session.name_cluster(0, "sky")
    before = session.run
    window.runner.train(grounds.settings(steps=4, seed=1))
    qtbot.waitUntil(lambda: session.snapshot.proposal is not None and settled(window)(), timeout=60_000)
    window.actions_["review"].trigger()
    assert not window.findChildren(ProposalDialog)
    (review,) = window.findChildren(TakeoverDialog)
    assert review.accept_button.text() == "Use the masks" and review.refuse_button.isVisible()
    lines = [review.tree.topLevelItem(place) for place in range(review.tree.topLevelItemCount())]
    assert "sky" in [one.text(0) for one in lines if one is not None]
    for place in (1, 2):
        shares = [float(one.text(place).rstrip(" %")) for one in lines if one is not None and one.text(place) != "–"]
        assert len(shares) == 2 and sum(shares) == pytest.approx(100, abs=1)
    review.accept_button.click()
    qtbot.waitUntil(lambda: session.snapshot.proposal is None and settled(window)(), timeout=30_000)
    assert before is not None and session.run is not None and session.run.id > before.id
    session.corrections.undo()
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == before.id and settled(window)(), timeout=30_000)


def test_single_displacements_on_the_joint_page(qtbot: QtBot, window: MainWindow) -> None:
    workspace, session = window.workspace, window.session
    workspace.show_tab(TABS.index("Joint"))
    offset = workspace.joint.offset
    assert offset.isVisible() and not offset.right.isVisible()
    together = workspace.joint._joint.copy()
    offset.which.setCurrentIndex(1)
    offset.which.activated.emit(1)
    qtbot.waitUntil(lambda: bool(session.masks.displaced), timeout=60_000)
    near = workspace.joint._joint.copy()
    assert near.shape == together.shape
    assert near.sum() == pytest.approx(1.0, abs=1e-4)
    offset.down.setValue(offset.down.maximum())
    qtbot.waitUntil(lambda: window.mask_control.is_settled, timeout=60_000)
    far = workspace.joint._joint.copy()
    assert np.trace(far) < np.trace(near), "what is far below is more often the other ground"
    workspace.joint._head.setCurrentIndex(1)
    workspace.joint.refresh()
    assert len(workspace.joint._joint) == 10
    offset.which.setCurrentIndex(0)
    offset.which.activated.emit(0)
    workspace.joint._head.setCurrentIndex(0)
    workspace.joint.refresh()
    assert np.allclose(workspace.joint._joint, together)


# What to group -------------------------------------------------------------------------------------------------------------------------


def test_the_start_page_lets_a_person_choose_pixels(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> None:
    window = empty_window
    grounds.make_pictures(tmp_path / "new")
    window.start_page.tasks["pixels"].click()
    window.open(tmp_path / "new")
    qtbot.waitUntil(lambda: settled(window)() and len(window.session.shown_rows) == grounds.COUNT, timeout=30_000)
    assert window.session.task.is_pixels
    assert window.workspace.tabs.isTabVisible(MASKS)
    assert "press Train" in window.workspace.masks._note.text()
    assert window.top_bar.clusters.value() == 5
    planned = window.popover.settings(window.top_bar.clusters.value())
    assert (planned.task, planned.clusters, planned.method) == ("pixels", 5, "iic")
    window.popover.show()
    assert window.popover.pixel_preset.isVisible() and not window.popover.method.isVisible()
    window.popover.hide()
    window.top_bar.task.setCurrentIndex(0)
    window.top_bar.task.activated.emit(0)
    assert not window.session.task.is_pixels
    assert not window.workspace.tabs.isTabVisible(MASKS)
    assert window.workspace.centre.currentWidget() is window.workspace.gallery
    assert window.popover.settings(4).task == "images"


def test_the_choice_is_kept_in_the_project(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> None:
    window = empty_window
    grounds.make_pictures(tmp_path / "new")
    with Project.create(tmp_path / "new.iicproj", tmp_path / "new"):
        pass
    window.open(tmp_path / "new.iicproj")
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert not window.session.task.is_pixels
    window.session.task.choose("pixels")
    window.open(tmp_path / "new.iicproj")
    qtbot.waitUntil(settled(window), timeout=30_000)
    assert window.session.task.is_pixels


def test_masks_are_exported_from_the_window(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    from iic_studio.gui.export_dialog import ExportDialog
    from iic_studio.images.masks import read_mask

    target = tmp_path / "taken"
    target.mkdir()
    window.actions_["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    assert dialog.formats["masks"].isVisible() and not dialog.formats["onnx"].isVisible()
    for name, box in dialog.formats.items():
        box.setChecked(name == "masks")
    dialog.also["overlay"].setChecked(True)
    dialog.place.setText(str(target))
    dialog.name.setText("mine")
    dialog._changed()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=20_000)
    assert "6 pictures" in dialog.preview.text()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.status.text() == "Done.", timeout=60_000)
    masks = target / "mine-masks"
    assert sorted(path.name for path in masks.glob("p*.png")) == sorted(
        name for number in range(6) for name in (f"p{number}.png", f"p{number}.overlay.png")
    )
    view = window.session.masks.view
    assert view is not None
    assert (read_mask(masks / f"p{number_of(window)}.png") == view.ids).all(), "the file holds what the window shows"
    dialog.close()
