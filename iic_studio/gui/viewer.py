"""The full-size viewer: lies over the whole window, goes through the shown pictures in their order, and leaves everything as it was.

At once the thumbnail, then the picture as large as the window, then every pixel where somebody looks closely.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from iic_studio.gui import icons
from iic_studio.gui.canvas import STEP, Canvas
from iic_studio.gui.files import high_bit_range_of, path_of, printable
from iic_studio.gui.language import amount, tr
from iic_studio.gui.picture_loader import Loaded, PictureLoader, Wanted
from iic_studio.gui.session import Change, Session
from iic_studio.gui.table import STATUSES
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, Swatch, column, described, panel, row
from iic_studio.project.records import MISSING

_AHEAD, _BEHIND = 2, 1
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Backspace)
_OUT = (Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Viewer(Panel):
    """Made once for a window and shown over `parent`. `closed` says that the window below has its turn again."""

    closed = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__("viewer", parent)
        self._session, self._thumbnails = session, thumbnails
        self.loader = PictureLoader(self)
        self._wanted: Wanted | None = None
        self._known: Loaded | None = None
        self._position = -1
        self.canvas = Canvas()
        self._name = ElidedLabel(role="heading")
        self._place = Label(role="muted")
        self._swatch = Swatch()
        self._cluster = Label()
        self._size = Label(role="muted")
        self._zoom = described(Label(role="number"), tr("Zoom"))
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("1,000 %"))
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._buttons = {
            "previous": self._button(tr("Previous picture"), tr("Previous picture (left arrow)"), lambda: self.step(-1)),
            "next": self._button(tr("Next picture"), tr("Next picture (right arrow)"), lambda: self.step(1)),
            "fit": self._button(tr("Fit"), tr("Fit the picture to the window (0)"), self.canvas.fit),
            "actual": self._button("100 %", tr("One pixel of the picture on one of the screen (1)"), lambda: self.canvas.zoom_to(1.0)),
            "close": self._button(tr("Close the viewer"), tr("Back to the pictures (Escape)"), self.leave),
        }
        self._buttons["actual"].setText("1 : 1")
        facts = (self._place, self._swatch, self._cluster, self._size, self._zoom)
        head = row(self._name, *facts, *self._buttons.values(), margins=(16, 6, 8, 6), spacing=10)
        head.setStretch(0, 1)
        self.setLayout(column(panel("topBar", head), self.canvas, spacing=0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Viewer"))
        self.canvas.zoomed.connect(self._say_zoom)
        self.canvas.pixels_wanted.connect(self._want_whole)
        self.loader.loaded.connect(self._take)
        session.changed.connect(self._follow)
        parent.installEventFilter(self)
        self._dress()
        self.hide()

    def _button(self, name: str, tip: str, do: Callable[[], object]) -> QToolButton:
        button = described(QToolButton(), name, tip)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: do())
        return button

    # Opening and leaving --------------------------------------------------------------------------------------------------------------

    def open_current(self) -> None:
        """Show the current picture, or the first that is shown."""
        session = self._session
        if not len(session.shown_rows):
            return
        self.loader.high_bit_range = high_bit_range_of(session)
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()
        self._go_to(max(self._find(session.current_row()), 0))

    def leave(self) -> None:
        """Back to the pictures."""
        self.hide()
        self._wanted = self._known = None
        self.canvas.show_note("")
        self.loader.forget()
        self.closed.emit()

    def close_loader(self) -> None:
        """Wait for the threads; for the end of the window."""
        self.loader.close()

    def _cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    # From picture to picture ----------------------------------------------------------------------------------------------------------

    def _find(self, row_: int) -> int:
        places = np.flatnonzero(self._session.shown_rows == row_) if row_ >= 0 else np.zeros(0, np.int64)
        return int(places[0]) if len(places) else -1

    def step(self, by: int) -> None:
        """Go so many pictures on, as far as there are any."""
        here = self._find(self._session.current_row())
        self._go_to((here if here >= 0 else self._position) + by)

    def _go_to(self, position: int) -> None:
        rows = self._session.shown_rows
        if not len(rows):
            self.leave()
            return
        forward = position >= self._position
        self._position = max(0, min(position, len(rows) - 1))
        self._session.look_at(int(rows[self._position]))
        self._show_current(forward=forward)

    def _show_current(self, *, forward: bool) -> None:
        session, row_ = self._session, int(self._session.shown_rows[self._position])
        table = session.table
        self._describe(row_)
        path = path_of(session, row_)
        self._known = None
        self._wanted = None if path is None else Wanted(int(table.ids[row_]), path)
        if table.problems[row_] or self._wanted is None:
            reason = printable(table.reasons[row_])
            gone = STATUSES[table.status[row_]] == MISSING
            self.canvas.show_note(tr("This file {0}.", reason or (tr("is no longer there") if gone else tr("cannot be shown"))))
            return
        self._show_thumbnail(row_)
        ready = self.loader.want(self._wanted, self._neighbours(forward=forward), self._side())
        if ready is not None:
            self._show(ready)

    def _show_thumbnail(self, row_: int) -> None:
        table = self._session.table
        found = self._thumbnails.get(int(table.ids[row_]))
        size = QSizeF(float(table.width[row_]), float(table.height[row_]))
        if found is not None and not found.picture.isNull() and not size.isEmpty():
            self.canvas.show_picture(found.picture.toImage(), size)
        else:
            self.canvas.show_note("")

    def _neighbours(self, *, forward: bool) -> list[Wanted]:
        session, way = self._session, 1 if forward else -1
        places = [self._position + way * step for step in (*range(1, _AHEAD + 1), *range(-1, -_BEHIND - 1, -1))]
        found = []
        for place in places:
            if 0 <= place < len(session.shown_rows):
                row_ = int(session.shown_rows[place])
                path = path_of(session, row_)
                if path is not None and not session.table.problems[row_]:
                    found.append(Wanted(int(session.table.ids[row_]), path))
        return found

    def _side(self) -> int:
        room = self.canvas.size() * self.devicePixelRatioF()
        return max(room.width(), room.height(), 512)

    def _describe(self, row_: int) -> None:
        session = self._session
        self._name.set_full(printable(session.table.paths[row_]))
        self._place.setText(tr("{0:,} of {1:,}", self._position + 1, len(session.shown_rows)))
        cluster = int(session.verdicts.cluster[row_])
        self._swatch.set_cluster(cluster)
        sure = f"{session.cluster_name(cluster)}, {100 * float(session.verdicts.confidence[row_]):.0f} %" if cluster >= 0 else ""
        self._cluster.setText(sure)
        width, height = int(session.table.width[row_]), int(session.table.height[row_])
        self._size.setText(f"{amount(width)} × {amount(height)}" if width else "")
        self._buttons["previous"].setEnabled(self._position > 0)
        self._buttons["next"].setEnabled(self._position < len(session.shown_rows) - 1)
        self.canvas.setAccessibleDescription(f"{self._name.full}. {self._place.text()}. {sure}")

    # What was read --------------------------------------------------------------------------------------------------------------------

    def _take(self, found: Loaded) -> None:
        if self._wanted is not None and found.image == self._wanted.image and self.isVisible():
            self._show(found)

    def _show(self, found: Loaded) -> None:
        if found.problem:
            if self._known is None:
                self.canvas.show_note(found.problem)
            return
        is_other = self._known is not None and found.mark != self._known.mark
        if self._known is None or is_other or found.picture.width() > self._known.picture.width():
            self._known = found
        size = QSizeF(found.width, found.height)
        if self.canvas.has_picture and not is_other:
            self.canvas.show_better(found.picture, size)
        else:
            self.canvas.show_picture(found.picture, size)

    def _want_whole(self) -> None:
        if self._wanted is None or self._known is None or self._known.is_whole:
            return
        self.loader.want_whole(self._wanted, self._known)

    def _say_zoom(self, scale: float) -> None:
        self._zoom.setText(f"{amount(100 * scale, ',.0f' if scale >= 0.1 else '.1f')} %")

    def _follow(self, what: Change) -> None:
        if not self.isVisible():
            return
        if what & Change.PROJECT or not len(self._session.shown_rows):
            self.leave()
        elif what & (Change.SHOWN | Change.CLUSTERS | Change.NAMES):
            here = self._find(self._session.current_row())
            self._position = here if here >= 0 else min(self._position, len(self._session.shown_rows) - 1)
            if here >= 0:
                self._describe(self._session.current_row())

    # Keys -----------------------------------------------------------------------------------------------------------------------------

    def _keys(self) -> dict[int, Callable[[], object]]:
        canvas = self.canvas
        keys: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Home: lambda: self._go_to(0),
            Qt.Key.Key_End: lambda: self._go_to(len(self._session.shown_rows) - 1),
            Qt.Key.Key_Plus: lambda: canvas.zoom_by(STEP),
            Qt.Key.Key_Equal: lambda: canvas.zoom_by(STEP),
            Qt.Key.Key_Minus: lambda: canvas.zoom_by(1 / STEP),
            Qt.Key.Key_0: canvas.fit,
            Qt.Key.Key_1: lambda: canvas.zoom_to(1.0),
        }
        keys |= dict.fromkeys(_FORWARD, lambda: self.step(1))
        keys |= dict.fromkeys(_BACK, lambda: self.step(-1))
        return keys | dict.fromkeys(_OUT, self.leave)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._does(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        do = self._does(event)
        if do is not None:
            do()
        else:
            super().keyPressEvent(event)

    def _does(self, event: QKeyEvent) -> Callable[[], object] | None:
        plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        return None if plain else self._keys().get(event.key())

    def _dress(self) -> None:
        for name, icon in (("previous", "previous"), ("next", "next"), ("fit", "fit"), ("close", "close")):
            self._buttons[name].setIcon(icons.icon(icon))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_buttons"):
            self._dress()
