"""Small building blocks that several pages use: labels that show plain text only, layouts on the grid, a swatch."""

import html
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from iic_studio.gui import theme
from iic_studio.gui.language import tr


class Label(QLabel):
    """Plain text: a file called `<img>` stays that. `role` picks its look in the theme."""

    def __init__(self, text: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)


class ElidedLabel(QLabel):
    """One line of plain text, cut in the middle when there is no room; the tooltip and a screen reader have all of it.

    It cuts while it paints: a text that changed with the width would have the whole window laid out once more for each frame of a resize.
    """

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle, role: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._mode = mode
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.set_full(text)

    def set_full(self, text: str) -> None:
        """Show this text."""
        self._full = text
        self.setText(" ".join(text.split("\n")))
        self._tell_whole()

    @property
    def full(self) -> str:
        """The whole text."""
        return self._full

    @property
    def shown(self) -> str:
        """What there is room for."""
        return self.fontMetrics().elidedText(self.text(), self._mode, max(self.contentsRect().width(), 8))

    def _tell_whole(self) -> None:
        told = plain_tooltip(self._full) if self.shown != self.text() else ""
        if told != self.toolTip():
            self.setToolTip(told)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, style = QPainter(self), self.style()
        place = style.visualAlignment(self.layoutDirection(), self.alignment())
        style.drawItemText(painter, self.contentsRect(), place, self.palette(), self.isEnabled(), self.shown, self.foregroundRole())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._tell_whole()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height())


def plain_tooltip(text: str) -> str:
    """A tooltip that is never taken for HTML."""
    return f"<span style='white-space: pre-wrap'>{html.escape(text)}</span>" if text else ""


def row(*items: QWidget | QLayout | int | None, spacing: int = theme.GRID, margins: Sequence[int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Items side by side: a number is a gap, None is the stretch."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(*items: QWidget | QLayout | int | None, spacing: int = theme.GRID, margins: Sequence[int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Items below each other: a number is a gap, None is the stretch."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def _fill(layout: QBoxLayout, items: Sequence[QWidget | QLayout | int | None], spacing: int, margins: Sequence[int]) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item, 0, _alignment(layout, item))
        else:
            layout.addLayout(item)


def _alignment(layout: QBoxLayout, item: QWidget) -> Qt.AlignmentFlag:
    """Side by side, what has a fixed height is aligned: else a low check box holds the whole row, and a button in it, to its own height."""
    is_low = isinstance(layout, QHBoxLayout) and item.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Fixed
    return Qt.AlignmentFlag.AlignVCenter if is_low else Qt.AlignmentFlag(0)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout of widgets, for good.

    It must hold nothing else: of a gap or a stretch that is taken out PySide keeps an object without its C++ part, and takes it for
    whatever lies at that address next.
    """
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()


def panel(name: str, layout: QLayout) -> QFrame:
    """A frame that the theme knows by name."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setLayout(layout)
    return frame


class Swatch(QWidget):
    """The colour of a cluster."""

    def __init__(self, side: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cluster = -1
        self._colour: QColor | None = None
        self.setFixedSize(side, side)

    def set_cluster(self, cluster: int) -> None:
        """Show the colour of this cluster; nothing below zero."""
        self._cluster, self._colour = cluster, None
        self.setVisible(cluster >= 0)
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Show a colour, whatever has it."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour or theme.cluster_colour(self._cluster))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Panel(QWidget):
    """A plain area that the style sheet colours by name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


class ActionButton(QPushButton):
    """A push button that is an action's: text, icon, tooltip and state follow it."""

    def __init__(self, of: QAction, role: str = "", *, with_text: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of, self._with_text = of, with_text
        self.setIconSize(QSize(16, 16) if with_text else QSize(20, 20))
        if role:
            self.setProperty("role", role)
        of.changed.connect(self._copy)
        self.clicked.connect(lambda: of.trigger())
        self._copy()

    def show_text(self, wanted: bool) -> None:
        """With its text, or as an icon alone."""
        if wanted != self._with_text:
            self._with_text = wanted
            self._copy()

    def _copy(self) -> None:
        gap = "" if self._of.icon().isNull() else " "
        self.setText(f"{gap}{self._of.text()}" if self._with_text else "")
        self.setAccessibleName(self._of.text())
        self.setToolTip(self._of.toolTip())
        self.setIcon(self._of.icon())
        self.setEnabled(self._of.isEnabled())


W = TypeVar("W", bound=QWidget)


def described(widget: W, name: str, tip: str = "") -> W:
    """Give a widget its accessible name and its tooltip."""
    widget.setAccessibleName(name)
    widget.setToolTip(plain_tooltip(tip or name))
    if isinstance(widget, QAbstractSpinBox):
        widget.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach the text
    return widget


def at_most(editor: QLineEdit, characters: int) -> None:
    """Take no more than so many characters, and say so when more are typed or pasted."""
    editor.setMaxLength(characters)
    words = tr("At most {0:,} characters fit here.", characters)
    editor.inputRejected.connect(lambda: QToolTip.showText(editor.mapToGlobal(editor.rect().bottomLeft()), plain_tooltip(words), editor))


def name_fields(dialog: QInputDialog) -> None:
    """Let what is typed into go by the question asked, and let the tab key lead out of it."""
    for field in (*dialog.findChildren(QLineEdit), *dialog.findChildren(QPlainTextEdit)):
        field.setAccessibleName(dialog.labelText())
        if isinstance(field, QPlainTextEdit):
            field.setTabChangesFocus(True)


def action(owner: QWidget, text: str, do: Callable[[], object], shortcut: "QKeySequence.StandardKey | str | None" = None) -> QAction:
    """An action of a widget, its shortcut valid inside the widget."""
    made = QAction(text, owner)
    made.triggered.connect(lambda _checked=False: do())
    if shortcut is not None:
        made.setShortcut(QKeySequence(shortcut))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    owner.addAction(made)
    return made


def edit_at(view: QAbstractItemView, index: QModelIndex) -> None:
    """Open the editor of a line, unless somebody is typing in one of the view already."""
    if view.state() is not QAbstractItemView.State.EditingState:
        view.edit(index)


def colour_icon(colour: str, side: int = 12) -> QIcon:
    """A square of a colour, the same when its line is selected."""
    picture = QPixmap(side, side)
    picture.fill(QColor(colour))
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Active):
        icon.addPixmap(picture, mode)
    return icon
