"""The list of clusters paints its lines itself: where the view has them, and as they are."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from iic_studio.gui import theme
from iic_studio.gui.cluster_lines import ClusterLines
from iic_studio.gui.main_window import MainWindow


def painted(view: ClusterLines) -> QImage:
    return view.viewport().grab().toImage()


def colour_at(image: QImage, place: QPoint) -> str:
    return image.pixelColor((QPointF(place) * image.devicePixelRatio()).toPoint()).name()


def ground(view: ClusterLines, line: int) -> str:
    """The colour at the left of a line, where nothing is written; below its heading, where it has one."""
    rect = view.visualRect(view.model().index(line, 0))
    return colour_at(painted(view), rect.bottomLeft() + QPoint(12, -8))


def test_lines_are_painted_where_the_view_has_them(studio: MainWindow) -> None:
    view = studio.workspace.clusters.view
    first = next(number for number, entry in enumerate(studio.workspace.clusters.model.entries) if entry.is_cluster)
    image = painted(view)
    for number, entry in enumerate(studio.workspace.clusters.model.entries[first:]):
        rect = view.visualRect(view.model().index(first + number, 0))
        swatch = {colour_at(image, QPoint(rect.left() + 24, y)) for y in range(rect.top(), rect.bottom())}
        assert theme.cluster_colour(entry.shown.cluster).name() in swatch
    below = view.visualRect(view.model().index(view.model().rowCount() - 1, 0)).bottom()
    assert colour_at(image, QPoint(24, below + 4)) == theme.tokens().surface


def test_a_scrolled_list_is_painted_from_where_it_is(qtbot: QtBot, studio: MainWindow) -> None:
    view = studio.workspace.clusters.view
    view.setFixedHeight(150)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 40, timeout=3000)
    whole = painted(view)
    view.verticalScrollBar().setValue(33)
    below = painted(view)
    across = QPoint(24, 0)
    assert [colour_at(below, across + QPoint(0, y)) for y in range(80)] == [colour_at(whole, across + QPoint(0, y + 33)) for y in range(80)]


def test_chosen_lines_and_the_one_under_the_pointer_stand_out(qtbot: QtBot, studio: MainWindow) -> None:
    view, model, colours = studio.workspace.clusters.view, studio.workspace.clusters.model, theme.tokens()
    last = len(model.entries) - 1
    view.setCurrentIndex(model.index(last))
    assert ground(view, last) == QColor(colours.accent_soft).name()
    assert ground(view, last - 1) == QColor(colours.surface).name()
    QTest.mouseMove(view.viewport(), view.visualRect(model.index(last - 1)).center())
    QCursor.setPos(view.viewport().mapToGlobal(view.visualRect(model.index(last - 1)).center()))
    qtbot.waitUntil(lambda: ground(view, last - 1) == QColor(colours.hover).name(), timeout=3000)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(last - 1)).center())
    assert ground(view, last - 1) == QColor(colours.accent_soft).name()
    assert ground(view, last) == QColor(colours.surface).name()


def test_a_name_that_is_entered_while_the_list_becomes_another_is_let_go(qtbot: QtBot, studio: MainWindow) -> None:
    """Return is obeyed a moment later; without a word of Qt's (which fails a test) if the field is gone by then."""
    clusters = studio.workspace.clusters
    before = list(studio.session.curated.names.values())
    clusters.edit_name(0)
    editor = next(one for one in clusters.view.findChildren(QLineEdit) if one.isVisible())
    QTest.keyClicks(editor, "tulips")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    clusters.model.beginResetModel()
    clusters.model.endResetModel()
    qtbot.wait(20)
    assert list(studio.session.curated.names.values()) == before
    clusters.edit_name(0)
    editor = next(one for one in clusters.view.findChildren(QLineEdit) if one.isVisible())
    QTest.keyClicks(editor, "roses")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "roses" in studio.session.curated.names.values(), timeout=3000)
