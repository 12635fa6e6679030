"""Zoom and pan: what is under the pointer stays there, and the picture never leaves an empty edge."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from iic_studio.gui.canvas import Canvas


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def picture(width: int, height: int) -> QImage:
    """Left half red, right half blue."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    return image


def test_fit_shows_all_of_it(canvas: Canvas) -> None:
    canvas.show_picture(picture(200, 100), QSizeF(4000, 2000))
    assert canvas.is_fitted
    assert canvas.scale == pytest.approx(0.1)
    seen = canvas.grab().toImage()
    assert seen.pixelColor(10, 150) == QColor("red")
    assert seen.pixelColor(390, 150) == QColor("blue")
    assert seen.pixelColor(200, 10) not in (QColor("red"), QColor("blue"))


def test_small_pictures_are_fitted_larger_but_photographs_are_not(canvas: Canvas) -> None:
    canvas.resize(2000, 1500)
    canvas.show_picture(picture(8, 8), QSizeF(8, 8))
    assert canvas.scale == pytest.approx(80)
    canvas.show_picture(picture(100, 100), QSizeF(1000, 1000))
    assert canvas.scale == pytest.approx(1.0)


def test_zoom_keeps_the_place_under_the_pointer(canvas: Canvas) -> None:
    canvas.show_picture(picture(200, 150), QSizeF(4000, 3000))
    at = QPointF(300, 100)
    before = canvas.place_at(at)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.scale == pytest.approx(0.1 * 1.25**4)
    assert not canvas.is_fitted
    after = canvas.place_at(at)
    assert (after - before).manhattanLength() < 1
    canvas.zoom_to(1e9)
    assert canvas.scale == 64
    canvas.zoom_to(0)
    assert canvas.scale == pytest.approx(0.01)


def test_panning_stops_at_the_edges(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_picture(picture(200, 150), QSizeF(4000, 3000))
    canvas.zoom_to(1.0)
    middle = canvas.place_at(QPointF(200, 150))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(150, 130))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 130))
    assert canvas.place_at(QPointF(200, 150)) == middle + QPointF(50, 20)
    canvas.pan(QPointF(100_000, 100_000))
    assert canvas.place_at(QPointF(0, 0)) == QPointF(0, 0)
    canvas.fit()
    canvas.pan(QPointF(50, 50))
    assert canvas.place_at(QPointF(200, 150)) == QPointF(2000, 1500)


def test_more_pixels_are_asked_for_only_when_they_would_be_seen(qtbot: QtBot, canvas: Canvas) -> None:
    asked: list[bool] = []
    canvas.pixels_wanted.connect(lambda: asked.append(True))
    canvas.show_picture(picture(400, 300), QSizeF(4000, 3000))
    assert not asked
    canvas.zoom_to(0.5)
    assert asked
    place = canvas.place_at(QPointF(0, 0))
    canvas.show_better(QImage(4000, 3000, QImage.Format.Format_RGB888), QSizeF(4000, 3000))
    asked.clear()
    assert canvas.scale == 0.5
    assert canvas.place_at(QPointF(0, 0)) == place
    canvas.zoom_to(1.0)
    assert not asked
    assert canvas._best().width() == 4000
    canvas.fit()
    assert canvas._best().width() == 400, "the fitted picture is painted from the smaller one"


def test_double_click_goes_between_fit_and_full_size(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_picture(picture(400, 300), QSizeF(4000, 3000))
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert canvas.scale == 1.0
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert canvas.is_fitted
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))  # a double click leaves it pressed, for later tests too


def test_a_note_takes_the_place_of_the_picture(canvas: Canvas) -> None:
    canvas.show_note("This file is empty.")
    assert not canvas.has_picture
    canvas.zoom_by(2)
    canvas.grab()
    assert canvas.scale == 1.0


def test_one_that_looks_as_another_waits_until_it_has_the_same_picture(qtbot: QtBot, canvas: Canvas) -> None:
    beside = Canvas()
    qtbot.addWidget(beside)
    beside.resize(400, 300)
    beside.show()
    canvas.zoomed.connect(lambda _: beside.look_as(canvas))
    beside.zoomed.connect(lambda _: canvas.look_as(beside))
    for one in (canvas, beside):
        one.show_picture(picture(40, 30), QSizeF(400, 300))
    canvas.zoom_to(2.0, QPointF(10, 10))
    assert (beside.scale, beside.place_at(QPointF())) == (2.0, canvas.place_at(QPointF()))
    canvas.show_picture(picture(20, 90), QSizeF(2000, 9000))  # they would move each other to their own middle without end
    assert beside.scale == 2.0
    beside.show_picture(picture(20, 90), QSizeF(2000, 9000))
    canvas.zoom_to(0.5, QPointF(200, 10))
    assert (beside.scale, beside.place_at(QPointF())) == (0.5, canvas.place_at(QPointF()))
