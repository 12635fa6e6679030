"""The gallery page: the shown images as a grid, with sorting, zoom and the actions on a selection."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QSlider, QWidget

from iic_studio.gui import theme
from iic_studio.gui.files import open_with_system, path_of, printable, reveal
from iic_studio.gui.grid import MAX_CELL, MIN_CELL, Pick, ThumbnailGrid
from iic_studio.gui.grid_cell import Cell
from iic_studio.gui.history import MAIN
from iic_studio.gui.language import count_images, later, tr
from iic_studio.gui.session import Change, Session, Shown, Sort
from iic_studio.gui.table import Rows
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ElidedLabel, Panel, Swatch, action, column, described, panel, row


def describe(session: Session, shown: Shown) -> str:
    """The shown set in words."""
    if shown.kind == "cluster":
        return session.cluster_name(shown.cluster)
    if shown.kind == "uncertain":
        return tr("Uncertain")
    if shown.kind in ("problems", "excluded"):
        return tr("Problems") if shown.kind == "problems" else tr("Excluded")
    if shown.found is not None:
        return shown.found.title
    if shown.kind == "beside":
        return tr("{0} beside {1}", session.cluster_name(shown.cluster), session.cluster_name(shown.other))
    if shown.kind == "joint":
        one, other = _joint_name(session, shown, shown.cluster), _joint_name(session, shown, shown.other)
        return one if shown.cluster == shown.other else tr("Between {0} and {1}", one, other)
    return tr("All pictures")


def _joint_name(session: Session, shown: Shown, cluster: int) -> str:
    return session.model_cluster_name(cluster) if shown.head == MAIN else tr("Overcluster {0}", cluster)


_NOTES = {
    "by sight": later("Compared by what the network sees in each picture"),
    "by cluster": later("Compared by the probabilities of the clusters alone: the network has not looked at the pictures for this yet"),
}


class SessionSource:
    """Feeds a grid from the session. `asker` is the name under which it asks for thumbnails."""

    def __init__(self, session: Session, thumbnails: Thumbnails, asker: str = "grid") -> None:
        self._session = session
        self._thumbnails = thumbnails
        self._asker = asker
        self.current_position = -1
        self._scores: dict[int, float] = {}
        self._groups: dict[int, int] = {}

    @property
    def rows(self) -> Rows:
        """Rows of the table, in order."""
        return self._session.shown_rows

    def find_current(self) -> None:
        """Look for the current image among the shown ones."""
        row_ = self._session.current_row()
        places = np.flatnonzero(self.rows == row_) if row_ >= 0 else np.zeros(0, np.int64)
        self.current_position = int(places[0]) if len(places) else -1

    def count(self) -> int:
        return len(self.rows)

    def current(self) -> int:
        return self.current_position

    def images_in(self, first: int, last: int) -> list[int]:
        return list(self._session.table.ids[self.rows[first:last]].tolist())

    def cell(self, position: int, side: int) -> Cell:
        session = self._session
        row_ = int(self.rows[position])
        found = self._thumbnails.get(int(session.table.ids[row_]))
        cluster = int(session.verdicts.cluster[row_])
        return Cell(
            picture=None if found is None else found.picture,
            waiting=found is None and bool(session.table.thumb_length[row_]),
            colour=theme.cluster_colour(cluster) if cluster >= 0 else None,
            selected=bool(session.selected[row_]),
            current=position == self.current_position,
            note=self._note(row_, cluster),
            tint=bool(self._groups.get(row_, 0) % 2),
            mark=session.mark(row_),
        )

    def _note(self, row_: int, cluster: int) -> str:
        if row_ in self._scores:
            return tr("{0:.0f} % alike", 100 * self._scores[row_])
        return f"{100 * float(self._session.verdicts.confidence[row_]):.0f} %" if cluster >= 0 else ""

    def take_found(self) -> None:
        """Learn scores and groups of images that were looked for."""
        found, table = self._session.shown.found, self._session.table
        self._scores, self._groups = {}, {}
        if found is not None:
            rows = table.rows_of(found.ids).tolist()
            if found.scores is not None:
                self._scores = dict(zip(rows, found.scores.tolist(), strict=True))
            if found.groups is not None:
                self._groups = dict(zip(rows, found.groups.tolist(), strict=True))

    def visible(self, first: int, last: int, side: int, *, exactly: bool) -> None:
        rows, table = self.rows[first:last].tolist(), self._session.table
        lacking = self._thumbnails.lacking
        self._thumbnails.want(self._asker, lacking(table, rows, side, most=side) if exactly else lacking(table, rows, side, least=1))

    def pick(self, pick: Pick) -> None:
        """Select what the person picked."""
        rows = self.rows
        if pick.mode == "toggle":
            self._session.toggle(int(rows[pick.current]))
            return
        current = int(rows[pick.current]) if 0 <= pick.current < len(rows) else -1
        self._session.select(rows[pick.positions], current, keep=pick.mode == "add")

    def empty_text(self) -> str:
        shown, session = self._session.shown, self._session
        if session.query and len(session.rows_in(shown)):
            return tr("No picture here fits the search “{0}”.", session.query.text)
        if shown.kind == "uncertain":
            return (
                tr("No uncertain pictures.")
                if session.num_clusters
                else tr("Nothing is clustered yet. Press Train; uncertain pictures gather here while it runs.")
            )
        if shown.kind == "cluster":
            return tr(
                "No picture is in this cluster at the moment. If it stays empty, there are probably fewer kinds of pictures than clusters."
            )
        if shown.kind == "excluded":
            return tr("No picture is excluded. Del excludes the selected ones; Shift+Del takes them back in.")
        if shown.kind == "joint":
            return tr("No picture falls between these two clusters.")
        if len(session.table):
            return tr("The pictures are being read. They appear here as soon as they are decoded.")
        if session.project is not None and not session.is_reading:
            return tr("No pictures were found in this folder. JPEG, PNG, WebP, AVIF, TIFF, BMP and GIF are read, also in folders below it.")
        return tr("No pictures here yet. Drop a folder onto the window or press Open folder.")


def fill_sorts(box: QComboBox, session: Session, words: Mapping[Sort, str]) -> None:
    """Offer the orders of the shown set; `words` for those that are called something else here."""
    said = [(tr(words.get(one, one.value)), one) for one in session.sorts]
    with QSignalBlocker(box):
        if [(box.itemText(place), box.itemData(place)) for place in range(box.count())] != said:
            box.clear()
            for text, one in said:
                box.addItem(text, one)
        box.setCurrentIndex(session.sorts.index(session.sort))


class GalleryPage(Panel):
    """Grid and its header. `view_wanted` says to show the current picture large, `similar_wanted` to find those like it."""

    view_wanted = Signal()
    similar_wanted = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._thumbnails = thumbnails
        self._source = SessionSource(session, thumbnails)
        self.grid = ThumbnailGrid(self._source)
        self._swatch = Swatch()
        self._title = ElidedLabel(role="heading", mode=Qt.TextElideMode.ElideRight)
        self._note = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideRight)
        self._count = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideRight)
        self.corrections: list[QAction] = []  # what the menu offers for the selected pictures
        self.sort = described(QComboBox(), tr("Order of the pictures"))
        self.sort.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.notes = described(QCheckBox(tr("Confidence")), tr("Confidence"), tr("Write the probability of its cluster below each picture"))
        self.zoom = described(
            QSlider(Qt.Orientation.Horizontal),
            tr("Size of the pictures"),
            tr("Size of the pictures (+ and −, or Ctrl and the mouse wheel)"),
        )
        self.zoom.setRange(MIN_CELL, MAX_CELL)
        self.zoom.setValue(self.grid.cell_side)
        self.zoom.setFixedWidth(112)
        titles = column(self._title, self._count, spacing=0)
        header = row(self._swatch, titles, self.sort, self.notes, self.zoom, margins=(16, 6, 16, 6), spacing=12)
        header.setStretch(1, 1)
        self._note_line = panel("pageHeader", row(self._note, margins=(16, 0, 16, 8)))
        self.setLayout(column(panel("pageHeader", header), self._note_line, self.grid, spacing=0))
        self._make_actions()
        self.sort.activated.connect(lambda _: session.sort_by(self.sort.currentData()))
        self.notes.toggled.connect(self.grid.show_notes)
        self.zoom.valueChanged.connect(self.grid.set_cell_side)
        self.grid.zoomed.connect(self._zoomed)
        self.grid.picked.connect(self._source.pick)
        self.grid.opened.connect(lambda _: self.view_wanted.emit())
        self.grid.menu_wanted.connect(self._show_menu)
        thumbnails.arrived.connect(self.grid.pictures_came)
        session.changed.connect(self._follow)
        self._follow(Change.PROJECT | Change.SHOWN)

    def _make_actions(self) -> None:
        self.copy_paths = action(self.grid, tr("Copy path"), self._copy_paths, QKeySequence.StandardKey.Copy)
        self.show_in_folder = action(self.grid, tr("Show in file manager"), lambda: self._with_current(reveal))
        self.view_large = action(self.grid, tr("View large"), self.view_wanted.emit)
        self.find_similar = action(self.grid, tr("Find similar"), self.similar_wanted.emit)
        self.open_picture = action(self.grid, tr("Open with its usual program"), self.open_current, "Ctrl+Shift+O")

    # From the session -----------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        session = self._session
        if what & Change.PROJECT:
            self.grid.reset(to_top=True)
        if what & (Change.SHOWN | Change.SELECTION):
            self._source.find_current()
        if what & (Change.SHOWN | Change.IMAGES):
            self._source.take_found()
        if what & (Change.SHOWN | Change.NAMES):
            shown = session.shown
            self._title.set_full(describe(session, shown))
            in_joint = shown.kind == "joint" and shown.head == MAIN
            self._swatch.set_cluster(shown.cluster if shown.kind == "cluster" else session.group_of(shown.cluster) if in_joint else -1)
            groups = session.curated.groups
            self._note.set_full(groups[shown.cluster].note if shown.kind == "cluster" and shown.cluster < len(groups) else "")
            self._note_line.setVisible(bool(self._note.full))
            self._count.set_full(self._say_count())
            if shown.found is not None and shown.found.note in _NOTES:
                self._count.setToolTip(tr(_NOTES[shown.found.note]))
            self.notes.setEnabled(session.num_clusters > 0)
            fill_sorts(self.sort, session, {Sort.FOUND: shown.found.order} if shown.found is not None else {})
        if what & Change.SHOWN:
            self.grid.reset(to_top=not what & (Change.CLUSTERS | Change.IMAGES))
        elif what & (Change.SELECTION | Change.CLUSTERS):
            self.grid.refresh()

    def _say_count(self) -> str:
        session, shown = self._session, self._session.shown
        number = len(session.shown_rows)
        words = count_images(number)
        if session.query:
            whole = len(session.rows_in(shown))
            words = tr("{0:,} of 1 picture", number) if whole == 1 else tr("{0:,} of {1:,} pictures", number, whole)
        if shown.kind == "joint" and shown.cluster != shown.other:
            words += tr(", closest calls first")
        return f"{words}, {tr(shown.found.note)}" if shown.found is not None and shown.found.note else words

    def bring_current_into_view(self) -> None:
        """Scroll to the current picture, if it is shown and out of sight."""
        first, last = self.grid.visible_range()
        if self._source.current_position >= 0 and not first <= self._source.current_position < last:
            self.grid.scroll_to(self._source.current_position)

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _zoomed(self, side: int) -> None:
        with QSignalBlocker(self.zoom):
            self.zoom.setValue(side)

    def _show_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        number = int(self._session.selected.sum())
        self.copy_paths.setText(tr("Copy path") if number < 2 else tr("Copy {0:,} paths", number))
        menu.addActions([self.view_large, self.find_similar, self.open_picture, self.show_in_folder, self.copy_paths])
        menu.addSeparator()
        menu.addActions(self.corrections)
        menu.popup(where)

    def _copy_paths(self) -> None:
        rows = self._session.shown_rows
        paths = [path_of(self._session, int(one)) for one in rows[self._session.selected[rows]]]
        QGuiApplication.clipboard().setText(printable("\n".join(str(path) for path in paths)))

    def open_current(self) -> None:
        """Open the current picture with the system's program for it."""
        self._with_current(open_with_system)

    def _with_current(self, act: Callable[[Path], None]) -> None:
        path = path_of(self._session, self._session.current_row())
        if path is not None:
            act(path)
