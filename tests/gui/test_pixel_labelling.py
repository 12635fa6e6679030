"""Labelling pixels in the real window, on a tiny project of pixels: clicks, keys, drawn pixels, the map, the mask by class, undo."""

import csv
import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from iic_studio.curation import label_edits, load_curated
from iic_studio.curation.labels import BY_HAND, FROM_QUEUE
from iic_studio.gui.class_map_table import CLASS, VOTES
from iic_studio.gui.label_import import LabelImport
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.mask_state import CLASSES, LABELLED
from iic_studio.gui.runner import State
from tests.gui import grounds
from tests.gui.windows import open_window

gc.collect()
gc.freeze()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grounds.make_project(tmp_path_factory.mktemp("grounds"))


def settled(window: MainWindow) -> Callable[[], bool]:
    def is_settled() -> bool:
        view, workspace = window.session.masks.view, window.workspace
        seen = view is not None and view.image_id == workspace.masks.image and workspace.masks._known is not None
        quiet = window.mask_control.is_settled and workspace.pixel_panel.state.is_settled and not window.session.is_reading
        return seen and quiet and window.runner.state is State.IDLE

    return is_settled


@pytest.fixture
def window(qtbot: QtBot, trained: Path, tmp_path: Path) -> MainWindow:
    """With the mode on and two classes."""
    made = open_window(qtbot, tmp_path / "window.ini")
    made.open(Path(shutil.copytree(trained, tmp_path / "made.iicproj")))
    qtbot.waitUntil(settled(made), timeout=30_000)
    qtbot.wait(50)
    key(made, Qt.Key.Key_P)
    typed = made.workspace.pixel_panel.classes.typed
    typed.setFocus()
    typed.setText("sky, ground")
    QTest.keyClick(typed, Qt.Key.Key_Return)
    made.workspace.masks.canvas.setFocus()
    return made


def key(window: MainWindow, name: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    window.workspace.masks.canvas.setFocus()
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    QTest.keyClick(window.workspace.masks.canvas, name, held)


def click(window: MainWindow, x: int, y: int) -> None:
    canvas = window.workspace.masks.canvas
    canvas.grab()  # lays out what is new
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.point_of(QPointF(x + 0.5, y + 0.5)).toPoint())


def number_of(window: MainWindow) -> int:
    session = window.session
    return int(session.table.paths[session.current_row()].removeprefix("p").removesuffix(".png"))


def stored(window: MainWindow) -> list[tuple[int, ...]]:
    """(image, x, y, class) of the store, which agrees with what is shown."""
    assert window.session.project is not None
    shown, found = window.session.curated.curation.known.pixels, load_curated(window.session.project).curation.known.pixels
    assert np.array_equal(shown.places, found.places) and np.array_equal(shown.classes, found.classes)
    return [(*place, uid) for place, uid in zip(found.places.tolist(), found.classes.tolist(), strict=True)]


def open_menu() -> QMenu:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    return popup


def label_all(qtbot: QtBot, window: MainWindow) -> None:
    """Both grounds of every picture."""
    for place in range(grounds.COUNT):
        window.workspace.masks.go_to(place)
        qtbot.waitUntil(settled(window), timeout=20_000)
        key(window, Qt.Key.Key_1)
        click(window, 20 + place, 4)
        key(window, Qt.Key.Key_2)
        click(window, 50 - place, 61)
    qtbot.waitUntil(settled(window), timeout=20_000)


def test_a_click_gives_the_class_of_the_key(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    assert workspace.side.currentWidget() is workspace.pixel_panel
    image = workspace.masks.image
    key(window, Qt.Key.Key_1)
    assert workspace.tabs.currentIndex() == 6, "the key is that of a class, not of a page"
    assert "A click labels as sky" in workspace.pixel_panel.now.text()
    click(window, 30, 5)
    key(window, Qt.Key.Key_2)
    click(window, 31, 60)
    assert stored(window) == [(image, 30, 5, 0), (image, 31, 60, 1)]
    assert [mark[:2] for mark in workspace.masks.canvas.marks] == [(30, 5), (31, 60)]
    assert workspace.masks.canvas.marks[0][2] != workspace.masks.canvas.marks[1][2]
    key(window, Qt.Key.Key_1)
    click(window, 30, 60)
    assert stored(window)[-1] == (image, 31, 60, 0), "a click on a mark is about that pixel"
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    assert stored(window) == [(image, 30, 5, 0)]
    window.actions_["redo"].trigger()
    assert len(workspace.masks.canvas.marks) == 2
    key(window, Qt.Key.Key_P)
    assert workspace.side.currentWidget() is workspace.mask_panel
    assert workspace.masks.canvas.marks == ()
    click(window, 10, 10)
    assert len(stored(window)) == 2, "the mode is off"


def test_a_table_of_labelled_pixels_is_read_with_a_report(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = window.workspace.pixel_panel
    assert panel.classes.read.isVisible() and not panel.classes.learn.isVisible()
    rows = [
        *((f"p{number}.png", 40, y, name) for number in range(grounds.COUNT) for y, name in ((3, "sky"), (60, "ground"))),
        ("p0.png", 40, 3, "sky"),
        ("p3.png", 5, 5, "sky"),
        ("p3.png", 5, 5, "ground"),
        ("gone.png", 5, 5, "sky"),
        ("p4.png", grounds.WIDTH, 5, "sky"),
        ("p4.png", "left", 5, "sky"),
        ("p4.png", 5, 5, ""),
    ]
    with (tmp_path / "few.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "x", "y", "label"), *rows])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(tmp_path / "few.csv"), ""))
    panel.classes.read.click()
    (made,) = [one for one in window.findChildren(LabelImport) if one.isVisible()]
    hidden = (made.table, made.folders, made.as_labels, made.as_truth)
    assert not any(one.isVisible() for one in hidden), "pixels have labels from a table, and no truth"
    assert "columns path, x, y and label" in " ".join(one.text() for one in made.findChildren(QLabel) if one.isVisible())
    made.browse.click()
    made.go.click()
    qtbot.waitUntil(lambda: not window.commands.labels.is_busy and settled(window)(), timeout=60_000)
    assert made.report.text().splitlines() == [
        "12 of 19 rows read as labels.",
        "12 new, 0 changed, 0 as before.",
        "Paths that are not among the readable pictures: 1 (gone.png)",
        f"Places outside their picture: 1 (p4.png ({grounds.WIDTH}, 5))",
        "Rows whose x or y is no whole number: 1",
        "Places whose labels contradict each other, so none was taken: 1 (p3.png (5, 5): sky / ground)",
        "Rows that say again what another row says: 1",
        "Rows without a label: 1",
    ]
    assert len(stored(window)) == 12
    assert "12 of 12" in panel.sentence.text()
    assert [mark[:2] for mark in window.workspace.masks.canvas.marks] == [(40, 3), (40, 60)]
    made.reject()
    window.actions_["undo"].trigger()
    assert stored(window) == []


def test_a_table_without_places_is_refused_in_words(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("path,label\np0.png,sky\n", encoding="utf-8")
    window.actions_["import_labels"].trigger()
    (made,) = [one for one in window.findChildren(LabelImport) if one.isVisible()]
    made.file.setText(str(tmp_path / "plain.csv"))
    made.go.click()
    qtbot.waitUntil(lambda: not window.commands.labels.is_busy and settled(window)(), timeout=60_000)
    assert "has no column x, y" in made.report.text()
    assert stored(window) == []
    made.reject()


def test_without_a_chosen_class_a_menu_asks(qtbot: QtBot, window: MainWindow) -> None:
    image = window.workspace.masks.image
    click(window, 12, 9)
    menu = open_menu()
    assert [one.text() for one in menu.actions() if one.text()] == ["sky\t1", "ground\t2", "New class…"]
    menu.actions()[0].trigger()
    menu.close()
    assert stored(window) == [(image, 12, 9, 0)]
    click(window, 12, 9)
    menu = open_menu()
    menu.actions()[-1].trigger()
    menu.close()
    assert stored(window) == []
    key(window, Qt.Key.Key_2)
    key(window, Qt.Key.Key_Escape)
    click(window, 12, 9)
    open_menu().close()
    assert stored(window) == []


def test_keys_alone_label_pixels(qtbot: QtBot, window: MainWindow) -> None:
    image = window.workspace.masks.image
    key(window, Qt.Key.Key_1)
    key(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    x, y = window.session.masks.pixel or (0, 0)
    key(window, Qt.Key.Key_Return)
    assert stored(window) == [(image, x, y, 0)]
    key(window, Qt.Key.Key_Backspace)
    assert stored(window) == []


def test_labels_become_classes_with_an_honest_sentence(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.workspace.pixel_panel
    assert "No labels yet" in panel.sentence.text()
    key(window, Qt.Key.Key_1)
    click(window, 30, 5)
    qtbot.waitUntil(settled(window), timeout=20_000)
    assert "all labels are in one picture" in panel.sentence.text()
    label_all(qtbot, window)
    assert {panel.model.text(one, CLASS) for one in panel.model.rows} == {"sky", "ground"}
    assert sorted(panel.model.text(one, VOTES) for one in panel.model.rows) == ["6 × ground", "7 × sky"]
    assert "13 of 13 labelled pixels get their class from labels in other pictures." in panel.sentence.text()
    assert "no fair sample" in panel.sentence.text()
    assert [panel.method.itemData(place) for place in range(panel.method.count())] == ["auto", "many-to-one", "one-to-one", "overclusters"]


def test_drawn_pixels_tell_how_right_all_are(qtbot: QtBot, window: MainWindow) -> None:
    pixels = window.workspace.pixels
    key(window, Qt.Key.Key_N)
    for _ in range(12):
        qtbot.waitUntil(settled(window), timeout=20_000)
        qtbot.waitUntil(lambda: window.session.masks.pixel is not None, timeout=20_000)
        assert pixels.drawn is not None
        image, x, y = pixels.drawn
        assert (window.workspace.masks.image, window.session.masks.pixel) == (image, (x, y))
        assert "Drawn at random" in window.workspace.pixel_panel.now.text()
        key(window, Qt.Key.Key_1 if grounds.truth(number_of(window))[y, x] == 0 else Qt.Key.Key_2)
    qtbot.waitUntil(settled(window), timeout=20_000)
    known = window.session.curated.curation.known.pixels
    assert set(known.origins.tolist()) == {FROM_QUEUE}
    assert "95 % certainty, by cross-validation on" in window.workspace.pixel_panel.sentence.text()
    assert pixels.drawn is not None, "the next one waits"
    # A click elsewhere is the person's choice.
    x, y = pixels.drawn[1:]
    click(window, (x + 30) % grounds.WIDTH, y)
    assert pixels.drawn is None
    assert BY_HAND in window.session.curated.curation.known.pixels.origins


def test_the_mask_is_seen_by_class(qtbot: QtBot, window: MainWindow) -> None:
    label_all(qtbot, window)
    masks, state = window.session.masks, window.workspace.pixel_panel.state
    key(window, Qt.Key.Key_C)
    assert masks.colouring == LABELLED
    assert window.workspace.masks.colouring.currentText() == "Labelled classes"
    assert masks.view is not None
    ids = state.class_ids(masks.view)
    assert ids is not None
    assert (ids == grounds.truth(number_of(window))).mean() > 0.9
    panel = window.workspace.pixel_panel
    panel.method.setCurrentIndex(panel.method.findData("overclusters"))
    panel.method.activated.emit(panel.method.currentIndex())
    qtbot.waitUntil(lambda: state.made is not None and state.made.of_overclusters, timeout=20_000)
    qtbot.waitUntil(lambda: state.class_ids(masks.view) is not None, timeout=20_000)
    finer = state.class_ids(masks.view)
    assert finer is not None and (finer == grounds.truth(number_of(window))).mean() > 0.9
    key(window, Qt.Key.Key_C)
    assert masks.colouring == CLASSES


def test_a_cluster_is_mapped_by_hand(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.workspace.pixel_panel
    assert [panel.model.text(one, CLASS) for one in panel.model.rows] == ["no class", "no class"]
    panel.model.choose(panel.model.index(1, CLASS), 1)
    qtbot.waitUntil(settled(window), timeout=20_000)
    assert [panel.model.text(one, CLASS) for one in panel.model.rows] == ["no class", "ground"]
    assert window.session.curated.curation.undo == "Map Cluster 1 to ground"


def test_names_of_clusters_are_classes_at_once(qtbot: QtBot, window: MainWindow) -> None:
    window.session.name_cluster(0, "water")
    panel = window.workspace.pixel_panel
    assert panel.classes.by_clusters.isVisible()
    panel.classes.by_clusters.click()
    qtbot.waitUntil(settled(window), timeout=20_000)
    assert [panel.model.text(one, CLASS) for one in panel.model.rows] == ["water", "no class"]
    assert window.session.curated.curation.undo == "Map named clusters to their names"
    assert not panel.classes.by_clusters.isVisible()


def test_a_class_that_goes_takes_its_marks(qtbot: QtBot, window: MainWindow) -> None:
    key(window, Qt.Key.Key_1)
    click(window, 30, 5)
    window.workspace.pixel_panel.labelling.drop(0)
    assert window.workspace.masks.canvas.marks == ()
    assert window.workspace.pixels.active is None
    window.session.corrections.do(label_edits.define_classes(window.session.curated, ["roof"]))
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    assert len(window.workspace.masks.canvas.marks) == 1
