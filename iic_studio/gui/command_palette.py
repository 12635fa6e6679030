"""Everything the window can do and show, found by typing a few letters of it: actions with their keys, clusters, pages, saved searches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import column

_WIDTH, _HEIGHT = 560, 420
_MOST = 200
_HINT = Qt.ItemDataRole.UserRole + 1
_PLACE = Qt.ItemDataRole.UserRole + 2
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Command:
    """One thing to do. `hint` stands at the right: its keys, or how many pictures; `about` is searched too."""

    title: str
    do: Callable[[], object]
    hint: str = ""
    about: str = ""


def score(typed: str, command: Command) -> int | None:
    """How well a command fits what was typed, the lower the better; None if it does not.

    Every word typed must be in the title or, worse, in its description; failing that, the letters must be in the title in their order.
    """
    title, about = command.title.casefold(), command.about.casefold()
    total = 0
    for word in typed.casefold().split():
        if title.startswith(word):
            continue
        if f" {word}" in title:
            total += 1
        elif word in title:
            total += 2
        elif word in about:
            total += 4
        elif _in_order(word, title):
            total += 8
        else:
            return None
    return total


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def fitting(typed: str, commands: Sequence[Command]) -> list[Command]:
    """Commands that fit, the best first; equal ones in their order."""
    scored = [(found, place) for place, command in enumerate(commands) if (found := score(typed, command)) is not None]
    return [commands[place] for _, place in sorted(scored)]


class _Delegate(QStyledItemDelegate):
    """A title, and its hint at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(64, option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        colours, rect = theme.tokens(), option.rect.adjusted(12, 0, -12, 0)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.accent_soft))
        hint = str(index.data(_HINT))
        room = rect.width() - option.fontMetrics.horizontalAdvance(hint) - 16
        title = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(colours.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(colours.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)


class CommandPalette(QDialog):
    """The palette. Return does what is marked and closes; Escape closes."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What to do"))
        self.setAccessibleName(tr("Command palette"))
        self._commands = list(commands)
        self._found: list[Command] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Type what to do, or the name of a cluster"))
        self.field.setAccessibleName(tr("What to do"))
        self.list = QListView()
        self.list.setAccessibleName(tr("What fits"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Delegate(self.list))
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.setLayout(column(self.field, self.list, margins=(12, 12, 12, 12)))
        self.resize(_WIDTH, _HEIGHT)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self.do_marked)
        self.list.clicked.connect(lambda _: self.do_marked())
        self._fill("")
        if parent is not None:
            corner = parent.mapToGlobal(parent.rect().topLeft())
            self.move(corner.x() + (parent.width() - _WIDTH) // 2, corner.y() + 72)

    def titles(self) -> list[str]:
        """What is offered, from top to bottom."""
        return [command.title for command in self._found]

    def _fill(self, typed: str) -> None:
        self._found = fitting(typed, self._commands)[:_MOST]
        self._model.clear()
        for place, command in enumerate(self._found):
            item = QStandardItem(command.title)
            item.setData(command.hint, _HINT)
            item.setData(place, _PLACE)
            item.setAccessibleText(f"{command.title}, {command.hint}" if command.hint else command.title)
            self._model.appendRow(item)
        if self._found:
            self.list.setCurrentIndex(self._model.index(0, 0))

    def do_marked(self) -> None:
        """Close, and do what is marked."""
        place = self.list.currentIndex().data(_PLACE)
        if place is not None:
            command = self._found[int(place)]
            self.accept()
            command.do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}[Qt.Key(event.key())]
            row = max(0, min(self._model.rowCount() - 1, self.list.currentIndex().row() + step))
            self.list.setCurrentIndex(self._model.index(row, 0))
        else:
            super().keyPressEvent(event)
