"""Looking through a cluster, forty pictures at a time: untick what does not belong, accept the rest with one key."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QPushButton, QWidget

from iic_studio.curation import Curated, edits
from iic_studio.gui.grid import Pick, ThumbnailGrid
from iic_studio.gui.grid_cell import Cell
from iic_studio.gui.language import count_images, tr
from iic_studio.gui.session import Change, Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, column, described, row
from iic_studio.records import IntArray

AT_A_TIME = 40
INSIDE, ELSEWHERE = "inside", "elsewhere"


def candidates(curated: Curated, group: int, where: str) -> IntArray:
    """Ids of images that nobody has looked at yet: those in a group, the surest first, or those that would come to it next, the closest
    calls first."""
    open_ = ~(curated.by_user | curated.unsure | curated.excluded)
    if where == INSIDE:
        rows = np.flatnonzero(open_ & (curated.group == group))
        order = np.argsort(-curated.confidence[rows], kind="stable")
    else:
        rows = np.flatnonzero(open_ & (curated.group != group) & (curated.second == group))
        order = np.argsort(curated.margin[rows], kind="stable")
    return np.asarray(curated.image_ids[rows[order]], np.int64)


class _Source:
    """Feeds the grid with a page of images."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        self._session, self._thumbnails = session, thumbnails
        self.images: IntArray = np.zeros(0, np.int64)
        self.ticked = np.zeros(0, np.bool_)
        self.position = 0

    def show(self, images: IntArray) -> None:
        """Show other images, all of them ticked."""
        self.images, self.ticked, self.position = images, np.ones(len(images), np.bool_), 0

    def count(self) -> int:
        return len(self.images)

    def current(self) -> int:
        return self.position if len(self.images) else -1

    def images_in(self, first: int, last: int) -> list[int]:
        return list(self.images[first:last].tolist())

    def cell(self, position: int, side: int) -> Cell:
        found = self._thumbnails.get(int(self.images[position]))
        return Cell(
            picture=None if found is None else found.picture,
            waiting=found is None,
            colour=None,
            selected=False,
            current=position == self.position,
            note="",
            mark="ticked" if self.ticked[position] else "unticked",
        )

    def visible(self, first: int, last: int, side: int, *, exactly: bool) -> None:
        table = self._session.table
        rows = table.rows_of(self.images[first:last])
        least = side if exactly else 1
        self._thumbnails.want("check", self._thumbnails.lacking(table, rows[rows >= 0].tolist(), side, least=least))

    def empty_text(self) -> str:
        return tr("Every picture of this kind has been looked at.")


class TickGrid(ThumbnailGrid):
    """A grid whose pictures are ticked and unticked by a click, or by Space on the current one. Return is the dialog's: it accepts."""

    flipped = Signal(object)  # position

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position >= 0:
            self.flipped.emit(position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._source.current() >= 0:
            self.flipped.emit(self._source.current())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class CheckDialog(QDialog):
    """The pages. Each acceptance is one edit."""

    def __init__(self, session: Session, thumbnails: Thumbnails, group: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._thumbnails = session, thumbnails
        self._uid = session.curated.groups[group].uid
        self._skipped: set[int] = set()
        self._source = _Source(session, thumbnails)
        self.grid = TickGrid(self._source)
        self.grid.set_cell_side(88)
        self._title, self._left = Label(role="heading"), Label(role="muted")
        self.where = described(QComboBox(), tr("Which pictures"), tr("Which pictures to look through"))
        self.where.addItem(tr("Pictures in it"), INSIDE)
        self.where.addItem(tr("Pictures that would come to it next"), ELSEWHERE)
        self.unsure = described(
            QCheckBox(tr("Mark the unticked as not sure")),
            tr("Mark the unticked as not sure"),
            tr("They then wait under Uncertain; else they stay as they are"),
        )
        self.unsure.setChecked(True)
        self.buttons = QDialogButtonBox()
        self.accept_button = described(
            self.buttons.addButton(tr("Accept"), QDialogButtonBox.ButtonRole.AcceptRole), tr("Accept the ticked pictures")
        )
        self.accept_button.setProperty("role", "primary")
        self._close = self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.toggle_button = described(QPushButton(tr("Untick all")), tr("Untick or tick all"))
        self._build()
        self._next()

    def _build(self) -> None:
        hint = Label(
            tr("Click a picture, or press Space on it, to take its tick away. What you accept stays where it is, in every later run."),
            "muted",
            wrap=True,
        )
        self.setLayout(
            column(
                row(self._title, None, self.where),
                hint,
                self.grid,
                row(self._left, None, self.toggle_button, self.unsure),
                self.buttons,
                margins=(16, 16, 16, 16),
            )
        )
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self.resize(880, 640)
        self.grid.picked.connect(self._go_to)
        self.grid.flipped.connect(self._flip)
        self.accept_button.clicked.connect(self._accept)
        self._close.clicked.connect(self.reject)
        self.toggle_button.clicked.connect(self._flip_all)
        self.where.currentIndexChanged.connect(lambda _: self._next())
        self._thumbnails.arrived.connect(self.grid.pictures_came)
        self._session.changed.connect(self._follow)
        self.grid.setFocus()

    def _group(self) -> int | None:
        return self._session.curated.grouping.index_of.get(self._uid)

    def _next(self) -> None:
        """Show the next images that nobody has looked at."""
        group = self._group()
        if group is None:
            self.reject()
            return
        curated = self._session.curated
        found = candidates(curated, group, self.where.currentData())
        found = found[~np.isin(found, list(self._skipped))] if self._skipped else found
        self._source.show(found[:AT_A_TIME])
        label = curated.groups[group].label
        self.setWindowTitle(tr("Check {0}", label))
        number = self._source.count()
        these = tr("This picture looks like {0}", label) if number == 1 else tr("These {0} look like {1}", number, label)
        self._title.setText(these if number else tr("Nothing left to check in {0}", label))
        self._left.setText(tr("{0} more", count_images(len(found) - number)) if len(found) > number else "")
        self.grid.reset(to_top=True)
        self._name_buttons()

    def _name_buttons(self) -> None:
        number = int(self._source.ticked.sum())
        self.accept_button.setText(tr("Accept {0}", number) if number else tr("Accept none"))
        self.accept_button.setEnabled(self._source.count() > 0)
        self.toggle_button.setEnabled(self._source.count() > 0)
        self.toggle_button.setText(tr("Untick all") if number else tr("Tick all"))

    def _go_to(self, pick: Pick) -> None:
        self._source.position = max(pick.current, 0)
        self.grid.refresh()

    def _flip(self, position: int) -> None:
        if 0 <= position < self._source.count():
            self._source.position = position
            self._source.ticked[position] = not self._source.ticked[position]
            self.grid.refresh()
            self._name_buttons()

    def _flip_all(self) -> None:
        self._source.ticked[:] = not self._source.ticked.any()
        self.grid.refresh()
        self._name_buttons()

    def _accept(self) -> None:
        group = self._group()
        if group is None:
            return
        images, ticked = self._source.images, self._source.ticked
        unticked = images[~ticked]
        self._skipped.update(unticked.tolist())
        doubtful = unticked if self.unsure.isChecked() else None
        self._session.corrections.do(edits.accept(self._session.curated, images[ticked], group, doubtful))
        self._next()

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.reject()

    def done(self, result: int) -> None:
        """Close."""
        self._thumbnails.want("check", [])
        super().done(result)
