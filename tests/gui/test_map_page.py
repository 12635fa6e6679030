"""The map under a real mouse and real keys: selecting, pointing, moving; the selection and colours of the window on it."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle
from pytestqt.qtbot import QtBot
from test_gallery import CLUSTERS, fake_snapshot, thumbnail

from iic_studio.gui import map_canvas, theme
from iic_studio.gui.map_page import MapPage
from iic_studio.gui.map_points import MapPoints, matched, points_at, spread
from iic_studio.gui.map_view import Tool
from iic_studio.gui.motion import wants_motion
from iic_studio.gui.session import Session
from iic_studio.gui.thumbnails import Thumbnails

ROWS = 400
LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def grid_points(session: Session, *, turned: bool = False, of: str = "features") -> MapPoints:
    """Every image on a grid of 20 by 20, in the order of their rows."""
    line, column = np.divmod(np.arange(len(session.table)), 20)
    places = np.stack([line, column] if turned else [column, -line], axis=1).astype(np.float32)
    return points_at(session.table, session.table.ids, places, method="umap", of=of, run="r", is_preview=False)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[MapPage]:
    thumbnails = Thumbnails()
    picture = thumbnail("#3366cc")
    thumbnails.set_reader(lambda _offset, _length: picture)
    session = Session()
    made = MapPage(session, thumbnails)
    session.setParent(made)
    qtbot.addWidget(made)
    made.resize(760, 700)
    made.show()
    session.adopt(fake_snapshot(ROWS))
    made.pictures.setChecked(False)
    made.show_points(grid_points(session))
    qtbot.waitUntil(lambda: not made.side_thread.is_busy, timeout=5000)
    yield made
    made.side_thread.close()
    thumbnails.close()


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(False)


def at(page: MapPage, point: int) -> QPoint:
    across, down = page.view.pixels_of(point)
    return QPoint(round(across), round(down))


def drag(qtbot: QtBot, page: MapPage, way: list[QPoint], key: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
    qtbot.mousePress(page.view, button, key, way[0])
    for place in way[1:]:
        qtbot.mouseMove(page.view, place)
    qtbot.mouseRelease(page.view, button, key, way[-1])


def around(page: MapPage, first: int, last: int) -> list[QPoint]:
    """The corners of a rectangle around two points and what lies between them, drawn as a lasso."""
    one, other, gap = at(page, first), at(page, last), 8
    left, right = sorted((one.x(), other.x()))
    top, bottom = sorted((one.y(), other.y()))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    outwards = [(-gap, -gap), (gap, -gap), (gap, gap), (-gap, gap)]
    return [QPoint(x + dx, y + dy) for (x, y), (dx, dy) in zip(corners, outwards, strict=True)]


def selected(page: MapPage) -> list[int]:
    """Rows."""
    return np.flatnonzero(page._session.selected).tolist()


def block(first: int, last: int) -> list[int]:
    """Rows between two corners of the grid."""
    lines, columns = range(first // 20, last // 20 + 1), range(first % 20, last % 20 + 1)
    return [20 * line + column for line in lines for column in columns]


# Selecting --------------------------------------------------------------------------------------------------------------------------------


def test_a_lasso_selects_what_it_encloses(qtbot: QtBot, page: MapPage) -> None:
    drag(qtbot, page, around(page, 42, 105))
    assert selected(page) == block(42, 105)
    assert page._session.current is None
    drag(qtbot, page, around(page, 200, 203))
    assert selected(page) == [200, 201, 202, 203]
    assert "4 selected" in page._state.full


def test_shift_adds_and_alt_takes_away(qtbot: QtBot, page: MapPage) -> None:
    drag(qtbot, page, around(page, 0, 45))
    drag(qtbot, page, around(page, 100, 101), SHIFT)
    assert selected(page) == sorted([*block(0, 45), 100, 101])
    drag(qtbot, page, around(page, 20, 45), ALT)
    assert selected(page) == [*block(0, 5), 100, 101]


def test_a_box_selects_between_its_corners(qtbot: QtBot, page: MapPage) -> None:
    qtbot.mouseClick(page.tools.box, LEFT)
    assert page.view.tool is Tool.BOX
    corners = around(page, 63, 126)
    drag(qtbot, page, [corners[0], QPoint(300, 20), corners[2]])
    assert selected(page) == block(63, 126)
    qtbot.mouseClick(page.tools.lasso, LEFT)
    assert page.view.tool is Tool.LASSO


def test_a_click_selects_one_and_looks_at_it(qtbot: QtBot, page: MapPage) -> None:
    session = page._session
    qtbot.mouseClick(page.view, LEFT, NONE, at(page, 77))
    assert selected(page) == [77]
    assert session.current == int(session.table.ids[77])
    qtbot.mouseClick(page.view, LEFT, CTRL, at(page, 79))
    assert selected(page) == [77, 79]
    qtbot.mouseClick(page.view, LEFT, CTRL, at(page, 79))
    qtbot.mouseClick(page.view, LEFT, SHIFT, at(page, 81))
    assert selected(page) == [77, 81]
    qtbot.mouseClick(page.view, LEFT, ALT, at(page, 81))
    assert selected(page) == [77]
    assert session.current is None
    middle = (at(page, 77) + at(page, 98)) / 2
    qtbot.mouseClick(page.view, LEFT, SHIFT, middle)
    assert selected(page) == [77], "between points nothing is added"
    qtbot.mouseClick(page.view, LEFT, NONE, middle)
    assert selected(page) == []


def test_escape_gives_a_lasso_up(qtbot: QtBot, page: MapPage) -> None:
    page._session.select(np.array([3]), 3)
    way = around(page, 0, 399)
    qtbot.mousePress(page.view, LEFT, NONE, way[0])
    for place in way[1:]:
        qtbot.mouseMove(page.view, place)
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(page.view, LEFT, NONE, way[-1])
    assert selected(page) == [3]


def test_a_selection_made_elsewhere_is_seen_here(page: MapPage) -> None:
    view, session = page.view, page._session
    ink = view._ink
    assert ink is not None
    assert (view._numbers > ink.step).all(), "nothing is selected: all in full colour"
    session.select(np.array([5, 6, 7]), 6)
    assert np.flatnonzero(view._numbers > ink.step).tolist() == [5, 6, 7]
    assert view._current == 6
    frames = view.frames
    session.select(np.array([5, 6, 7]), 7)
    view.repaint()
    assert view.frames == frames + 1, "the same points are selected: only the frame of the change before was open"
    session.select(np.zeros(0, np.int64), -1)
    assert (view._numbers > ink.step).all()
    assert view._current == -1


def test_a_hidden_map_follows_when_somebody_looks(qtbot: QtBot, page: MapPage) -> None:
    view, session = page.view, page._session
    page.hide()
    frames = view.frames
    session.select(np.array([5, 6, 7]), 6)
    assert not view._selected.any()
    session.adopt(fake_snapshot(10))
    page._source._thumbnails.arrived.emit({int(one) for one in session.table.ids})
    assert (view.frames, len(view.points)) == (frames, ROWS)
    page.show()
    assert len(view.points) == 10
    session.select(np.array([3]), 3)
    page.hide()
    session.select(np.array([1, 2]), 2)
    page.show()
    assert np.flatnonzero(view._selected).tolist() == [1, 2]
    assert view._current == 2
    qtbot.waitUntil(lambda: not page.side_thread.is_busy, timeout=5000)


def test_selected_points_are_painted_in_full_and_the_others_faded(page: MapPage) -> None:
    page.names.setChecked(False)
    page.borders.setChecked(False)
    page._session.select(np.array([210]), -1)
    cluster = page._session.verdicts.cluster
    other = next(row for row in range(230, 400) if cluster[row] == cluster[210])
    colour = theme.cluster_colour(int(cluster[210]))

    def painted(point: int) -> QColor:
        image = page.view.grab().toImage()
        return image.pixelColor(at(page, point) * image.devicePixelRatio())

    assert painted(210) == colour
    assert painted(other) != colour
    page._session.select(np.zeros(0, np.int64), -1)
    assert painted(other) == colour


# Looking ----------------------------------------------------------------------------------------------------------------------------------


def wheel(page: MapPage, place: QPoint, turn: int) -> None:
    where = QPointF(place)
    event = QWheelEvent(
        where, page.view.mapToGlobal(where), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(page.view, event)


def test_the_wheel_zooms_at_the_pointer_and_a_double_click_shows_all(qtbot: QtBot, page: MapPage) -> None:
    place = at(page, 44)
    for _ in range(8):
        wheel(page, place, 120)
    zoom = page.view.camera.zoom
    assert zoom > 2
    assert (at(page, 44) - place).manhattanLength() <= zoom + 1  # half a pixel lost each way before, grown since
    assert (at(page, 45) - place).manhattanLength() > 40
    wheel(page, place, -120)
    qtbot.mouseDClick(page.view, LEFT, NONE, place)
    assert page.view.camera == page.view.camera.reset()
    wheel(page, place, 120)
    qtbot.mouseClick(page.tools.whole, LEFT)
    assert page.view.camera.zoom == 1


def test_middle_button_and_space_move_the_map(qtbot: QtBot, page: MapPage) -> None:
    before, way = at(page, 210), [QPoint(200, 200), QPoint(240, 220), QPoint(260, 230)]
    drag(qtbot, page, way, button=Qt.MouseButton.MiddleButton)
    assert at(page, 210) - before == QPoint(60, 30)
    qtbot.keyPress(page.view, Qt.Key.Key_Space)
    assert page.view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(qtbot, page, way[::-1])
    qtbot.keyRelease(page.view, Qt.Key.Key_Space)
    assert at(page, 210) == before
    assert selected(page) == []
    assert page.view.cursor().shape() == Qt.CursorShape.CrossCursor


def is_taken(page: MapPage, key: Qt.Key) -> bool:
    """Whether the map takes a key before the shortcuts of the window."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, NONE)
    event.ignore()
    QApplication.sendEvent(page.view, event)
    return event.isAccepted()


def test_space_is_the_maps_own_and_escape_while_something_is_drawn(qtbot: QtBot, page: MapPage) -> None:
    assert is_taken(page, Qt.Key.Key_Space)
    assert not is_taken(page, Qt.Key.Key_Escape)
    qtbot.mousePress(page.view, LEFT, NONE, QPoint(50, 50))
    assert is_taken(page, Qt.Key.Key_Escape)
    qtbot.mouseRelease(page.view, LEFT, NONE, QPoint(50, 50))
    assert not is_taken(page, Qt.Key.Key_1)


def test_keys_move_and_zoom(qtbot: QtBot, page: MapPage) -> None:
    view = page.view
    before = at(page, 210)
    for key, way in ((Qt.Key.Key_Left, (1, 0)), (Qt.Key.Key_Right, (-1, 0)), (Qt.Key.Key_Up, (0, 1)), (Qt.Key.Key_Down, (0, -1))):
        qtbot.keyClick(view, key)
        step = at(page, 210) - before
        assert (np.sign(step.x()), np.sign(step.y())) == way
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert at(page, 210) == before
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.zoom > 1
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.camera.zoom == pytest.approx(1)
    with qtbot.waitSignal(view.opened, timeout=1000):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_pointing_shows_the_picture_and_its_name(qtbot: QtBot, page: MapPage) -> None:
    view = page.view
    qtbot.mouseMove(view, at(page, 33))
    assert view.card.isVisible()
    assert view.card.name.full == "000033.png"
    cluster = int(page._session.verdicts.cluster[33])
    assert view.card.words.full.endswith(f"Cluster {cluster}")
    qtbot.waitUntil(lambda: not view.card.picture.pixmap().isNull(), timeout=5000)
    assert view.rect().contains(view.card.geometry())
    for corner in (0, 19, 380, 399):
        qtbot.mouseMove(view, at(page, corner))
        assert view.rect().contains(view.card.geometry())
    QApplication.sendEvent(page.tools, QEnterEvent(QPointF(), QPointF(), QPointF()))
    assert not view.card.isVisible()
    qtbot.mouseMove(view, at(page, 33))
    assert view.card.isVisible()
    qtbot.mouseMove(view, (at(page, 33) + at(page, 54)) / 2)
    assert not view.card.isVisible()


def test_pictures_take_the_place_of_points_when_near(qtbot: QtBot, page: MapPage) -> None:
    page.pictures.setChecked(True)
    view = page.view
    view.repaint()
    assert not len(view._pictures.points), "too far away"
    place = at(page, 210)
    for _ in range(14):
        wheel(page, place, 120)
    view.repaint()
    shown = view._pictures
    assert 210 in shown.points.tolist()
    assert shown.side >= 32
    middles = np.array(shown.middles)
    gaps = np.abs(middles[:, None] - middles[None]).max(axis=2) + 1e9 * np.eye(len(middles))
    assert gaps.min() > 0.8 * shown.side, "none hides another"
    qtbot.waitUntil(lambda: all(view._source.picture(point) is not None for point in shown.points.tolist()), timeout=5000)
    edge = QPointF(*view.pixels_of(210)) + QPointF(0.4 * shown.side, 0.4 * shown.side)
    assert view.point_at(edge) == 210, "the whole picture counts"
    before = set(shown.points.tolist())
    view.look_from(view.camera.moved(7, 3))
    view.repaint()
    kept = before & set(view._pictures.points.tolist())
    assert len(kept) > 0.6 * len(before), "pictures do not dance while the map is moved"


# What is shown ----------------------------------------------------------------------------------------------------------------------------


def test_points_glide_to_another_map_and_can_be_stopped(qtbot: QtBot, page: MapPage) -> None:
    view = page.view
    start, target = view._x.copy(), grid_points(page._session, turned=True)
    page.show_points(target)
    assert view.is_gliding
    qtbot.waitUntil(lambda: not np.array_equal(view._x, start), timeout=2000)
    assert not np.array_equal(view._x, target.x)
    qtbot.mousePress(view, LEFT, NONE, QPoint(5, 5))
    assert not view.is_gliding
    assert np.array_equal(view._x, target.x)
    qtbot.mouseRelease(view, LEFT, NONE, QPoint(5, 5))
    page.show_points(grid_points(page._session, turned=True))
    assert not view.is_gliding, "they are there already"


class _Still(QProxyStyle):
    """A style of a system that wants no animations."""

    def styleHint(self, hint: QStyle.StyleHint, *rest: object) -> int:  # type: ignore[override]
        return 0 if hint is QStyle.StyleHint.SH_Widget_Animation_Duration else super().styleHint(hint, *rest)  # type: ignore[call-overload]


def test_nothing_glides_where_motion_is_not_wanted(qapp: QApplication, page: MapPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wants_motion()
    monkeypatch.setattr(map_canvas, "wants_motion", lambda: False)
    target = grid_points(page._session, turned=True)
    page.show_points(target)
    assert not page.view.is_gliding
    assert np.array_equal(page.view._x, target.x)
    style = _Still()
    monkeypatch.setattr(QApplication, "style", lambda: style)
    assert not wants_motion()


def test_names_and_outlines_follow_the_clusters(qtbot: QtBot, page: MapPage) -> None:
    view = page.view
    assert sorted(name.text for name in view._names) == [f"Cluster {number}" for number in range(CLUSTERS)]
    assert len(view._borders) == CLUSTERS
    plain = view.grab().toImage()
    page.names.setChecked(False)
    page.borders.setChecked(False)
    assert view.grab().toImage() != plain


def test_colours_mean_what_was_chosen(qtbot: QtBot, page: MapPage) -> None:
    before = page.view._numbers.copy()
    assert page.legend.isHidden()
    page.colour.setCurrentText("Confidence")
    page.colour.activated.emit(1)
    assert page.legend.isVisible()
    assert not np.array_equal(page.view._numbers, before)
    page.colour.setCurrentText("Folder")
    page.colour.activated.emit(2)
    assert page.legend.accessibleDescription() == "folder"
    theme.apply(True)
    qtbot.waitUntil(lambda: page.view.grab().toImage().pixelColor(3, 3).name() == theme.tokens().surface, timeout=2000)


def test_new_clusters_change_colours_and_not_places(page: MapPage) -> None:
    x, numbers = page.view._x.copy(), page.view._numbers.copy()
    snapshot = fake_snapshot(ROWS)
    verdicts = snapshot.verdicts
    session = page._session
    from dataclasses import replace

    session.adopt(replace(snapshot, verdicts=replace(verdicts, cluster=(verdicts.cluster + 1) % CLUSTERS)))
    assert np.array_equal(page.view._x, x)
    assert not np.array_equal(page.view._numbers, numbers)


def test_points_belong_to_images_whatever_becomes_of_the_table(page: MapPage) -> None:
    session = page._session
    session.select(np.array([8, 150]), 150)
    place = page.view.pixels_of(8)
    smaller = fake_snapshot(120)  # ids 10 to 1200: of the 400 images 120 are left
    session.adopt(smaller)
    assert len(page.points) == 120
    assert page.points.image_ids.tolist() == smaller.table.ids.tolist()
    assert page.view.pixels_of(8) == pytest.approx(place)
    assert selected(page) == [8]
    ink = page.view._ink
    assert ink is not None
    assert np.flatnonzero(page.view._numbers > ink.step).tolist() == [8]


def test_points_are_matched_by_id() -> None:
    table = fake_snapshot(50).table
    ids = table.ids[[4, 9, 2, 30]]
    points = points_at(table, ids, np.eye(4, 2, dtype=np.float32), method="pca", of="features", run="", is_preview=False)
    later = fake_snapshot(10).table
    kept = matched(points, later)
    assert kept.image_ids.tolist() == ids[:3].tolist()
    assert kept.rows.tolist() == [4, 9, 2]
    assert kept.y[kept.by_height].tolist() == sorted(kept.y.tolist())
    assert matched(points, table).rows.tolist() == points.rows.tolist()


def test_a_few_far_points_do_not_squeeze_the_others() -> None:
    rng = np.random.default_rng(0)
    places = rng.uniform(-1, 1, (2000, 2)).astype(np.float32) * [3, 1]
    x, y = spread(places)
    assert (np.abs(x).max(), np.abs(y).max()) == pytest.approx((1, 1 / 3), abs=0.02)
    places[0] = 500
    x, y = spread(places)
    assert np.abs(x[1:]).max() > 0.8
    assert x[0] > 1
    assert [len(one) for one in spread(places[:0])] == [0, 0]
    assert np.isfinite(spread(places[:1])[0]).all()


def test_the_empty_map_says_what_to_do(qtbot: QtBot) -> None:
    thumbnails, session = Thumbnails(), Session()
    page = MapPage(session, thumbnails)
    session.setParent(page)
    qtbot.addWidget(page)
    page.show()
    assert page._empty.isVisible()
    assert "Press Train" in page._empty.text()
    thumbnails.close()
