"""A list of clusters to find by typing; what is not in it becomes a new one."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from iic_studio.curation import Curated, Group, edits
from iic_studio.gui import icons, theme
from iic_studio.gui.language import amount, tr
from iic_studio.gui.widgets import Label, at_most, colour_icon, column, described
from iic_studio.project.command_log import Edit
from iic_studio.records import IntArray

_WIDTH, _HEIGHT = 340, 420
_AROUND = 64  # of a text in the line: the margins of both
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Choice:
    """Where images go: to the group of this number, or to a new one of this name."""

    uid: int | None
    name: str = ""

    def move(self, curated: Curated, images: IntArray) -> Edit:
        """The edit that puts images there."""
        if self.uid is None:
            return edits.move_to_new(curated, images, self.name)
        place = curated.grouping.index_of.get(self.uid)
        return edits.move_to_known(curated, images, self.uid) if place is None else edits.move(curated, images, place)


def fitting(groups: list[Group], typed: str) -> list[Group]:
    """Groups that a typed text means: those whose label begins with it first, then those that hold it."""
    wanted = typed.strip().casefold()
    found = [group for group in groups if wanted in group.label.casefold()]
    return sorted(found, key=lambda group: not group.label.casefold().startswith(wanted))


class GroupChooser(QDialog):
    """Asks where images shall go. `chosen` carries a `Choice`."""

    chosen = Signal(object)

    def __init__(self, curated: Curated, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Move {0}", what))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = {group.uid for group in curated.groups}
        # Names of groups that hold nothing at the moment are known, too.
        self._groups = [*curated.groups, *(one for one in curated.curation.groups.values() if one.uid not in shown and one.name)]
        self._sizes = {group.uid: int(size) for group, size in zip(curated.groups, curated.sizes, strict=True)}
        self.typed = described(QLineEdit(), tr("Name of the cluster"), tr("Type to find a cluster, or a name for a new one"))
        self.typed.setPlaceholderText(tr("Type to find a cluster, or a name for a new one"))
        at_most(self.typed, edits.MOST_NAME)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Clusters"))
        self.list.setIconSize(QSize(12, 12))
        self.setLayout(column(Label(tr("Move {0} to", what), "heading"), self.typed, self.list, margins=(16, 16, 16, 16)))
        self.resize(max(_WIDTH, self.fontMetrics().horizontalAdvance(self.typed.placeholderText()) + _AROUND), _HEIGHT)
        self.typed.textChanged.connect(self._fill)
        self.typed.returnPressed.connect(self._choose)
        self.typed.installEventFilter(self)
        self.list.itemActivated.connect(lambda _: self._choose())
        self.list.itemClicked.connect(lambda _: self._choose())
        self._fill("")

    def _fill(self, typed: str) -> None:
        self.list.clear()
        found = fitting(self._groups, typed)
        for group in found:
            size = self._sizes.get(group.uid)
            self._add(
                f"{group.label}   {amount(size)}" if size is not None else group.label,
                Choice(group.uid),
                colour_icon(group.colour or theme.palette_colour(group.uid)),
            )
        name = typed.strip()
        self._add(tr("New cluster “{0}”", name) if name else tr("New cluster"), Choice(None, name), icons.icon("plus"))
        exact = [place for place, group in enumerate(found) if group.label.casefold() == name.casefold()]
        self.list.setCurrentRow(exact[0] if exact else 0)

    def _add(self, text: str, choice: Choice, icon: QIcon) -> None:
        item = QListWidgetItem(icon, text)
        item.setData(Qt.ItemDataRole.UserRole, choice)
        item.setSizeHint(QSize(0, self.fontMetrics().height() + 12))
        self.list.addItem(item)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in a list do so while one types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)
