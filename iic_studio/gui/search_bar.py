"""The search field with suggestions, and the line below it: chips for what is active, or why it cannot be understood.

What is typed is applied a moment after the last key, so that typing stays smooth; Return applies it at once and goes to the pictures.
"""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from iic_studio.errors import StudioError
from iic_studio.gui import icons, theme
from iic_studio.gui.language import tr
from iic_studio.gui.saved_menu import SavedMenu
from iic_studio.gui.session import Change, Session
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, Panel, column, described, row
from iic_studio.query import Query, QueryError, Term, parse, suggest

PAUSE_MS = 150
_ABOUT = Qt.ItemDataRole.UserRole + 1
_WHOLE = Qt.ItemDataRole.UserRole + 2
_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Down)


class _SuggestionDelegate(QStyledItemDelegate):
    """A value, and beside it what it means."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(320, option.fontMetrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        colours, rect = theme.tokens(), option.rect.adjusted(8, 0, -8, 0)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.accent_soft))
        label = str(index.data())
        painter.setPen(QColor(colours.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)
        rest = rect.adjusted(option.fontMetrics.horizontalAdvance(label) + 16, 0, 0, 0)
        about = option.fontMetrics.elidedText(str(index.data(_ABOUT)), Qt.TextElideMode.ElideRight, rest.width())
        painter.setPen(QColor(colours.muted))
        painter.drawText(rest, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, about)


class SearchField(QLineEdit):
    """A line edit that keeps Escape and Down for itself, whatever the window does with them. `left` says to go to the pictures."""

    left = Signal()
    more = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.more.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QWidget):
    """Field and menu of saved searches; `details` is the line below, to be put where there is room. `left` says to go to the pictures."""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.field = described(
            SearchField(),
            tr("Search"),
            tr(
                "Narrow what is shown, e.g. beach -night cluster:roses confidence:<0.6 (Ctrl+F).\n"
                "Space: and. Comma: or. Minus: not. The down key shows what can be asked."
            ),
        )
        self.field.setPlaceholderText(tr("Search pictures"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(80)  # else the last tab is cut in a window that is not wide
        self.field.setMaximumWidth(420)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon = self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        for button, name in zip(
            self.field.findChildren(QToolButton), (tr("Clear the search"), tr("Show what can be searched")), strict=True
        ):
            described(button, name)
        self._icon.triggered.connect(self.offer)
        self.saved = SavedMenu(session)
        self.setLayout(row(self.field, self.saved, spacing=4, margins=(0, 5, 0, 5)))
        self.details = SearchDetails(session)
        self.details.changed_text.connect(self.search)
        self.saved.chosen.connect(self.search)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.apply)
        self._make_completer()
        self.field.textEdited.connect(self._edited)
        self.field.textChanged.connect(lambda text: None if text else self.apply())  # also by the field's clear button
        self.field.returnPressed.connect(self._return)
        self.field.left.connect(self._leave)
        self.field.more.connect(self.offer)
        session.changed.connect(self._follow)
        self._dress()

    def _make_completer(self) -> None:
        self._model = QStandardItemModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(8)
        self.completer.setWidget(self.field)
        popup = self.popup = QListView()
        self.completer.setPopup(popup)  # which takes it over, and its delegate with it
        popup.setItemDelegate(_SuggestionDelegate(popup))
        popup.setAccessibleName(tr("What can be searched"))
        popup.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # typing goes on in the field
        self.completer.activated[QModelIndex].connect(self._take)  # type: ignore[index] # the overload with an index

    # What is typed --------------------------------------------------------------------------------------------------------------------

    def _edited(self, _text: str) -> None:
        self._timer.start()
        self.offer()

    def offer(self) -> None:
        """Show what may come next."""
        found = suggest(self.field.text(), self._session.snapshot.columns)
        self._model.clear()
        for one in found:
            item = QStandardItem(one.label)
            item.setData(one.about, _ABOUT)
            item.setData(one.text, _WHOLE)
            self._model.appendRow(item)
        if found and self.window().focusWidget() is self.field:
            self.completer.complete()
        else:
            self.popup.hide()

    def _take(self, index: QModelIndex) -> None:
        whole = index.data(_WHOLE)
        self.field.setText(str(whole))
        if str(whole).endswith(":"):
            QTimer.singleShot(0, self, self.offer)  # once the list has closed
        else:
            self.apply()

    def _return(self) -> None:
        if self.popup.isVisible() and self.popup.currentIndex().isValid():
            return  # the list gets the key next, and takes what is marked
        self.popup.hide()
        if self.apply():
            self._leave()

    def _leave(self) -> None:
        """To the pictures; the list of what can be searched may have made itself the active window, which then has to be this one again."""
        self.popup.hide()
        self.window().activateWindow()
        self.left.emit()

    def search(self, text: str) -> None:
        """Search for this, as if it had been typed."""
        with QSignalBlocker(self.field):
            self.field.setText(text)
        self.apply()

    def apply(self) -> bool:
        """Narrow the session to what is typed now; whether it could be understood."""
        self._timer.stop()
        try:
            query = parse(self.field.text())
            if query != self._session.query:
                self._session.filter_by(query)
        except QueryError as error:
            self.details.show_error(error)
            return False
        self.details.show_query()
        return True

    def _follow(self, what: Change) -> None:
        if not what & Change.FILTER:
            return
        asked_elsewhere = what & Change.PROJECT or not self.field.hasFocus()
        if asked_elsewhere and self._session.query.text != self.field.text().strip():
            with QSignalBlocker(self.field):
                self.field.setText(self._session.query.text)
        self.details.show_query()

    def _dress(self) -> None:
        self._icon.setIcon(icons.icon("search", theme.tokens().muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()


class SearchDetails(Panel):
    """Chips, or the sentence why a search cannot be understood. `changed_text` asks for another search."""

    changed_text = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("searchDetails", parent)
        self._session = session
        self._chips = QWidget()
        self._chips.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._line = row(None, spacing=6)
        self._chips.setLayout(self._line)
        self._query = Query()
        self._all = described(QPushButton(tr("Show all")), tr("Show all"), tr("End the search (Escape in the search field)"))
        self._all.setProperty("role", "link")
        self._all.clicked.connect(lambda: self.changed_text.emit(""))
        self.error = Label(role="bad", wrap=True)
        chips = row(self._chips, self._all, spacing=12)
        chips.setStretch(0, 1)
        self.setLayout(column(self.error, chips, spacing=4, margins=(16, 6, 16, 6)))
        self.hide()

    def chips(self) -> list[QPushButton]:
        """The chips, in order."""
        return self._chips.findChildren(QPushButton)

    def show_error(self, error: StudioError) -> None:
        """Say what is wrong; the search before stays in force, and its chips with it."""
        self.error.setText(told(error.message, error.hint))
        self.error.show()
        self._show_chips(self._session.query)
        self.setVisible(True)

    def show_query(self) -> None:
        """Show the chips of the search in force."""
        self.error.hide()
        self._show_chips(self._session.query)
        self.setVisible(bool(self._session.query))

    def _show_chips(self, query: Query) -> None:
        self._all.setVisible(bool(query))
        self._chips.setVisible(bool(query))
        if query is self._query:
            return
        self._query = query
        for chip in self.chips():  # not `empty`: the stretch has to stay
            chip.setParent(None)
            chip.deleteLater()
        for place, term in enumerate(query.terms):
            self._line.insertWidget(place, self._chip(query, term))

    def _chip(self, query: Query, term: Term) -> QPushButton:
        chip = described(
            QPushButton(f"{term.source.replace('&', '&&')}   ×"), tr("Remove {0}", term.source), tr("Search without {0}", term.source)
        )
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda: self.changed_text.emit(query.without(term)))
        return chip
