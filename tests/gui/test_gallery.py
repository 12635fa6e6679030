"""The grid with a hundred thousand rows: it costs what is seen, and keys, mouse and zoom do what people expect."""

import dataclasses
import functools
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from iic_studio.curation import Curation, curate
from iic_studio.curation.state import Pins
from iic_studio.gui.gallery import GalleryPage
from iic_studio.gui.grid import AT_REST_MS
from iic_studio.gui.grid_cell import PAD
from iic_studio.gui.session import Change, Session, Shown, Sort
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.table import ImageTable, build_verdicts, natural_order
from iic_studio.gui.thumbnails import Thumbnails, Wish
from iic_studio.images.scan import path_key
from iic_studio.records import Assignments

ROWS = 100_000
CLUSTERS = 10


def thumbnail(colour: str, width: int = 64, height: int = 48) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@functools.lru_cache(maxsize=3)
def fake_snapshot(rows: int = ROWS) -> Snapshot:
    """Images with ids 10, 20, …, all usable, in clusters in turn."""
    numbers = np.arange(rows, dtype=np.int64)
    table = ImageTable(
        ids=10 * (numbers + 1),
        paths=tuple(f"folder/{number:06d}.png" for number in range(rows)),
        reasons=("",) * rows,
        status=np.zeros(rows, np.uint8),
        width=np.full(rows, 64, np.int32),
        height=np.full(rows, 48, np.int32),
        thumb_offset=numbers,
        thumb_length=np.ones(rows, np.int64),
        rank=numbers,
    )
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(CLUSTERS, 0.2), rows).astype(np.float32)
    assignment = probabilities.argmax(axis=1).astype(np.int64)
    votes = np.repeat(assignment[:, None], 3, axis=1)
    said = Assignments(table.ids, probabilities, assignment, votes, np.ones(rows, np.float32), 0)
    return Snapshot(table, build_verdicts(table, said))


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Thumbnails:
    made = Thumbnails()
    picture = thumbnail("#3366cc")
    made.set_reader(lambda _offset, _length: picture)
    yield made  # type: ignore[misc]
    made.close()


@pytest.fixture
def page(qtbot: QtBot, thumbnails: Thumbnails) -> GalleryPage:
    session = Session()
    made = GalleryPage(session, thumbnails)
    session.setParent(made)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    session.adopt(fake_snapshot())
    return made


def shown_ids(page: GalleryPage) -> np.ndarray:
    session = page._session
    return session.table.ids[session.shown_rows]


def test_painting_costs_what_is_seen(qtbot: QtBot, page: GalleryPage) -> None:
    grid = page.grid
    visible = grid.columns() * (grid.viewport().height() // grid._pitch().height() + 2)
    for value in (0, grid.verticalScrollBar().maximum() // 2, grid.verticalScrollBar().maximum()):
        grid.verticalScrollBar().setValue(value)
        grid.viewport().repaint()
        assert 0 < grid.painted <= visible
    first, last = grid.visible_range()
    assert last == ROWS
    assert last - first <= visible


def test_scrolling_paints_only_the_strip_that_comes_into_view(qtbot: QtBot, page: GalleryPage) -> None:
    grid, bar = page.grid, page.grid.verticalScrollBar()
    bar.setValue(5000)
    grid.viewport().repaint()
    assert grid.painted > 3 * grid.columns()

    def painted_a_strip() -> bool:
        painted, grid.painted = grid.painted, 0
        bar.setValue(bar.value() + 3)
        return 0 < painted <= 3 * grid.columns()

    # Other reasons may paint all of it in between; a strip alone comes from scrolling only.
    qtbot.waitUntil(painted_a_strip)


def test_only_visible_thumbnails_are_kept_waiting(qtbot: QtBot, thumbnails: Thumbnails) -> None:
    asked: list[int] = []
    picture, scrolled = thumbnail("#ffffff"), threading.Event()

    def read(offset: int, length: int) -> bytes:
        asked.append(offset)
        scrolled.wait(5)
        return picture

    thumbnails.set_reader(read)
    thumbnails.want("grid", [Wish(one, one, 1, 64) for one in range(5000)])
    thumbnails.want("grid", [Wish(one, one, 1, 64) for one in range(100_000, 100_010)])
    scrolled.set()
    qtbot.waitUntil(lambda: all(thumbnails.get(one) is not None for one in range(100_000, 100_010)), timeout=5000)
    assert len(asked) < 100


def test_pictures_are_decoded_for_another_side_when_the_window_is_at_rest(
    qtbot: QtBot, page: GalleryPage, thumbnails: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the window is resized cells have another side with every frame."""
    grid = page.grid
    sides: list[set[int]] = []

    def all_are_of(side: int) -> bool:
        found = [thumbnails.get(int(one)) for one in shown_ids(page)[slice(*grid.visible_range())]]
        return all(one is not None and one.side == side for one in found)

    qtbot.waitUntil(lambda: all_are_of(grid._cell), timeout=5000)
    want = thumbnails.want
    monkeypatch.setattr(thumbnails, "want", lambda asker, wishes: (sides.append({one.side for one in wishes}), want(asker, wishes)))
    before, columns = grid._cell, grid.columns()
    for width in range(901, 909):
        page.resize(width, 700)
        qtbot.waitUntil(lambda wanted=width: page.width() == wanted)
    assert grid._cell > before and grid.columns() == columns
    assert not any(sides), "pictures of every cell are here"
    qtbot.waitUntil(lambda: all_are_of(grid._cell), timeout=5000)
    assert any(sides)


def test_a_picture_asked_for_at_another_size_while_it_is_decoded_comes_at_that(qtbot: QtBot, thumbnails: Thumbnails) -> None:
    picture, begun, permit = thumbnail("#ffffff", 200, 200), threading.Event(), threading.Event()

    def read(_offset: int, _length: int) -> bytes:
        begun.set()
        permit.wait(5)
        return picture

    thumbnails.set_reader(read)
    thumbnails.want("list", [Wish(1, 0, 1, 48)])
    assert begun.wait(5)
    thumbnails.want("grid", [Wish(1, 0, 1, 128)])
    permit.set()
    qtbot.waitUntil(lambda: (found := thumbnails.get(1)) is not None and found.side == 128, timeout=5000)


def test_thumbnails_are_bounded_by_bytes(qtbot: QtBot) -> None:
    small = Thumbnails(max_bytes=10 * 64 * 48 * 4)
    picture = thumbnail("#000000")
    read: list[int] = []
    small.set_reader(lambda offset, _length: read.append(offset) or picture)  # type: ignore[func-returns-value]
    small.want("grid", [Wish(one, one, 1, 64) for one in range(50)])
    qtbot.waitUntil(lambda: len(read) == 50, timeout=5000)
    qtbot.waitUntil(lambda: small.bytes_kept == 10 * 64 * 48 * 4, timeout=5000)
    assert sum(small.get(one) is not None for one in range(50)) == 10
    small.close()


def test_pictures_that_are_not_here_or_have_changed_are_wished_for(qtbot: QtBot, thumbnails: Thumbnails) -> None:
    table = ImageTable(ids=np.array([4, 7, 9]), thumb_offset=np.array([0, 50, 100]), thumb_length=np.array([50, 50, 0]))
    rows = range(3)
    assert [wish.image for wish in thumbnails.lacking(table, rows, 64)] == [4, 7], "of the third there is no thumbnail"
    picture = thumbnail("#ffffff")
    thumbnails.set_reader(lambda _offset, _length: picture)
    thumbnails.want("grid", thumbnails.lacking(table, rows, 64))
    qtbot.waitUntil(lambda: thumbnails.get(4) is not None and thumbnails.get(7) is not None, timeout=5000)
    assert not thumbnails.lacking(table, rows, 64)
    assert not thumbnails.lacking(table, rows, 48), "a larger one will do"
    assert thumbnails.lacking(table, rows, 48, most=48) == [Wish(4, 0, 50, 48), Wish(7, 50, 50, 48)]
    assert len(thumbnails.lacking(table, rows, 128)) == 2
    assert not thumbnails.lacking(table, rows, 128, least=1)
    changed = dataclasses.replace(table, thumb_offset=np.array([0, 200, 100]))
    assert thumbnails.lacking(changed, rows, 64, least=1) == [Wish(7, 200, 50, 64)]


def test_a_hidden_grid_looks_up_no_rows_when_pictures_come(
    page: GalleryPage, thumbnails: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows may be those of a longer table."""
    asked: list[int] = []
    monkeypatch.setattr(page._source, "images_in", lambda first, last: asked.append(last) or [])
    thumbnails.arrived.emit({10})
    assert len(asked) == 1
    page.hide()
    thumbnails.arrived.emit({10})
    assert len(asked) == 1


def test_a_thumbnail_that_cannot_be_decoded_is_asked_for_once(qtbot: QtBot, thumbnails: Thumbnails) -> None:
    thumbnails.set_reader(lambda _offset, _length: b"no picture")
    with qtbot.waitSignal(thumbnails.arrived, timeout=5000):
        thumbnails.want("grid", [Wish(1, 0, 1, 64)])
    found = thumbnails.get(1)
    assert found is not None
    assert found.picture.isNull()


def test_keys_move_and_select(qtbot: QtBot, page: GalleryPage) -> None:
    grid, session = page.grid, page._session
    session.sort_by(Sort.NAME)
    grid.setFocus()
    columns = grid.columns()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert session.current == 10
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert session.current == 10 * (2 + columns)
    qtbot.keyClick(grid, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert session.selected_ids().tolist() == [10 * (1 + columns), 10 * (2 + columns)]
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert session.current == 10 * ROWS
    assert grid.visible_range()[1] == ROWS
    qtbot.keyClick(grid, Qt.Key.Key_PageUp)
    assert session.current < 10 * ROWS - 10 * columns
    qtbot.keyClick(grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert len(session.selected_ids()) > ROWS - 10 * columns
    qtbot.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert int(session.selected.sum()) == ROWS


def test_mouse_selects(qtbot: QtBot, page: GalleryPage) -> None:
    grid, session = page.grid, page._session
    session.sort_by(Sort.NAME)
    view = grid.viewport()

    def click(position: int, key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, key, grid.cell_rect(position).center())

    click(2)
    assert session.selected_ids().tolist() == [30]
    click(4, Qt.KeyboardModifier.ControlModifier)
    assert session.selected_ids().tolist() == [30, 50]
    click(4, Qt.KeyboardModifier.ControlModifier)
    assert session.selected_ids().tolist() == [30]
    click(1)
    click(3, Qt.KeyboardModifier.ShiftModifier)
    assert session.selected_ids().tolist() == [20, 30, 40]
    start, end = grid.cell_rect(0).bottomRight() + QPoint(3, 3), grid.cell_rect(grid.columns() + 2).center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(20, 20))
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert session.selected_ids().tolist() == [10 * (grid.columns() + place) for place in (2, 3)]


def test_zoom_keeps_the_middle_and_its_bounds(qtbot: QtBot, page: GalleryPage) -> None:
    grid = page.grid
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    middle = sum(grid.visible_range()) // 2
    page.zoom.setValue(200)
    assert grid.cell_side == 200
    first, last = grid.visible_range()
    assert first <= middle < last
    grid.set_cell_side(5000)
    assert grid.cell_side == 256
    grid.set_cell_side(1)
    assert grid.cell_side == 48
    assert page.zoom.value() == 48


def test_a_resized_window_keeps_the_picture_that_is_at_the_top(qtbot: QtBot, page: GalleryPage) -> None:
    """Whatever the number of columns on the way: another line at the top would be other pictures, all to be decoded."""
    grid, bar = page.grid, page.grid.verticalScrollBar()
    columns, at_top = grid.columns(), bar.maximum() // 2 // grid._pitch().height() * grid.columns()
    bar.setValue(at_top // columns * grid._pitch().height())
    seen = set()
    for width in (700, 560, 420, 640, 900):
        page.resize(width, 700)
        qtbot.waitUntil(lambda wanted=width: page.width() == wanted)
        qtbot.wait(3 if width < 600 else 2 * AT_REST_MS)
        seen.add(grid.columns())
        assert grid.position_at(grid.cell_rect(at_top).center()) == at_top, "it is on the screen"
        assert 0 <= grid.cell_rect(at_top).top() <= PAD
    assert len(seen) > 2 and grid.columns() == columns


def test_sets_and_orders(page: GalleryPage) -> None:
    session = page._session
    session.show(Shown("cluster", 3))
    rows = session.shown_rows
    assert (session.verdicts.cluster[rows] == 3).all()
    confidence = session.verdicts.confidence[rows]
    assert (np.diff(confidence) <= 0).all()
    session.sort_by(Sort.UNSURE)
    assert (np.diff(session.verdicts.confidence[session.shown_rows]) >= 0).all()
    session.sort_by(Sort.NAME)
    assert (np.diff(session.shown_rows) > 0).all()
    session.show(Shown("uncertain"))
    assert session.sort is Sort.UNSURE
    assert (session.verdicts.margin[session.shown_rows] < 0.2).all()


def test_names_are_in_natural_order_however_many_and_whenever_they_came() -> None:
    first = [f"b/img{number}.png" for number in range(25_000)]
    later = ("b/IMG2a.png", "a/img10.png", "a/img9.png", "b/img007.png", "B/img3.JPG", "é.png", "a.png")
    order = natural_order((*first, *later))
    paths = [(*first, *later)[row] for row in order]
    assert paths[:3] == ["a/img9.png", "a/img10.png", "a.png"]
    assert paths[3:9] == ["b/img0.png", "b/img1.png", "b/img2.png", "b/IMG2a.png", "B/img3.JPG", "b/img3.png"]
    assert paths.index("b/img007.png") == paths.index("b/img7.png") + 1
    assert paths.index("b/img10.png") == paths.index("b/img9.png") + 1
    assert paths[-1] == "é.png"
    assert sorted(order.tolist()) == list(range(len(paths)))


def test_names_are_in_the_order_in_which_a_folder_is_read() -> None:
    names = ["10", "9", "b 2", "b2", "b-2", "b10", "B3", "_", "ä", "a", "a1/x", "a1/2", "a/9", "a!", "img_1-2", "img_1-10", "0", "00x"]
    found = [names[row] for row in natural_order(tuple(names))]
    assert found == sorted(names, key=path_key)


def test_what_looks_certain_is_ordered_by_what_is_left() -> None:
    """All but one are 100 % sure when rounded: their order must not be that of the paths."""
    rest = np.array([1e-3, 1e-9, 1e-12, 1e-8, 0.4], np.float32)
    probabilities = np.stack([1 - rest, rest], axis=1)
    assert (probabilities[1:4, 0] == 1).all()
    whole = fake_snapshot()
    votes = np.zeros((5, 4), np.int64)
    votes[2, :3] = 1  # the least is left to others, and yet three of four sub-heads say otherwise
    agreement = (votes == 0).mean(axis=1, dtype=np.float32)
    said = Assignments(whole.table.ids[:5], probabilities, np.zeros(5, np.int64), votes, agreement, 0)
    snapshot = Snapshot(whole.table, build_verdicts(whole.table, said))
    assert snapshot.by_confidence[:5].tolist() == [1, 3, 0, 4, 2]
    assert snapshot.prototypes[0] == (1, 3, 0, 4)


def test_an_order_after_an_edit_is_the_one_that_would_be_found_without_the_order_before() -> None:
    rng, rows = np.random.default_rng(5), 600
    whole = fake_snapshot(rows)
    probabilities = rng.dirichlet(np.ones(3), rows).astype(np.float32)
    votes = rng.integers(0, 3, (rows, 4))
    said = Assignments(whole.table.ids, probabilities, probabilities.argmax(axis=1), votes, (votes == 1).mean(axis=1, dtype=np.float32), 0)
    before = Snapshot(whole.table, build_verdicts(whole.table, said))
    assert len(before.by_confidence) == len(before.by_doubt) == rows
    pins = Pins(whole.table.ids[::3], np.tile([[1, 0, 0, 0]], (len(whole.table.ids[::3]), 1)))
    corrected = curate(said, Curation("", "run", pins=pins), "run")
    after, anew = before.with_groups(corrected).with_classes(None), Snapshot(whole.table, build_verdicts(whole.table, corrected))
    assert after._confident_before is before.by_confidence and after._doubtful_before is before.by_doubt
    assert after.by_confidence.tolist() == anew.by_confidence.tolist() != before.by_confidence.tolist()
    assert after.by_doubt.tolist() == anew.by_doubt.tolist() != before.by_doubt.tolist()


def test_groups_of_all_images_and_of_some_are_aligned_alike() -> None:
    rows = 600
    table = fake_snapshot(rows).table
    assert table.rows_of(table.ids).tolist() == list(range(rows))
    some = np.append(table.ids[1::2], 10**9)
    assert table.rows_of(some).tolist() == [*range(1, rows, 2), -1]
    probabilities = np.random.default_rng(1).dirichlet(np.ones(3), rows).astype(np.float32)
    votes = probabilities.argmax(axis=1)[:, None]
    facts = (probabilities, votes[:, 0], votes, np.ones(rows, np.float32))
    whole = build_verdicts(table, Assignments(table.ids, *facts, 0))
    part = build_verdicts(table, Assignments(table.ids[1::2], *(one[1::2] for one in facts), 0))
    assert whole.position.tolist() == list(range(rows))
    assert part.position[1::2].tolist() == list(range(rows // 2)) and (part.position[::2] == -1).all()
    assert np.array_equal(whole.cluster[1::2], part.cluster[1::2]) and (part.cluster[::2] == -1).all()
    assert np.array_equal(whole.confidence[1::2], part.confidence[1::2])


def test_the_selection_outlives_a_refresh_by_id(page: GalleryPage) -> None:
    session = page._session
    session.select(np.array([5, 6]), 6)
    told: list[Change] = []
    session.changed.connect(told.append)
    session.adopt(fake_snapshot(ROWS // 2))
    assert session.selected_ids().tolist() == [60, 70]
    assert session.current == 70
    assert told
    assert told[-1] & Change.IMAGES


def test_the_empty_gallery_says_what_to_do(page: GalleryPage) -> None:
    page._session.adopt(fake_snapshot(0))
    assert "Drop a folder" in page._source.empty_text()


def test_paths_are_copied_as_text(page: GalleryPage, tmp_path: Path) -> None:
    page._session.select(np.array([0]), 0)
    page._copy_paths()  # no project: nothing to copy, and no error
    assert "folder/" not in QGuiApplication.clipboard().text()
