"""The panel beside the labels: the classes with key, colour, name and counts; where they are defined, renamed, coloured and dropped."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from iic_studio.curation.edits import MOST_NAME
from iic_studio.curation.labels import NOT_SURE, SKIPPED, ImageClass
from iic_studio.gui.change import Change
from iic_studio.gui.class_state import ClassState
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.flow import Flow
from iic_studio.gui.headed_model import NO_PARENT, HeadedModel, Index
from iic_studio.gui.labelling import Labelling
from iic_studio.gui.language import amount, count_images, later, tr
from iic_studio.gui.pixel_words import count_pixels
from iic_studio.gui.session import Session
from iic_studio.gui.widgets import Label, Panel, action, at_most, colour_icon, column, described, plain_tooltip, row

KEY, NAME, LABELS, IMAGES = range(4)
_HEADS = (later("Key"), later("Class"), later("Labelled"), later("Pictures"))
_TIPS = {
    KEY: later("One key that labels with this class; double click to change it"),
    NAME: later("Double click or F2 gives it another name"),
    LABELS: later("Pictures that were labelled with it"),
    IMAGES: later("Pictures that get it, by the map"),
}


class ClassModel(HeadedModel):
    """The classes; name and key can be edited."""

    def __init__(self, session: Session, labelling: Labelling, state: ClassState, *, of_pixels: bool = False) -> None:
        super().__init__(_HEADS, _TIPS, LABELS)
        self._of_pixels = of_pixels
        self._session, self._labelling, self._state = session, labelling, state
        self._classes: tuple[ImageClass, ...] = ()
        self._counts: dict[int, int] = {}
        self._sizes: dict[int, int] = {}

    def refresh(self) -> None:
        """Show the classes as they are."""
        known, made = self._session.curated.curation.known, self._state.tables
        before, self._classes = self._classes, tuple(known.classes.values())
        self._counts = known.pixels.counts() if self._of_pixels else known.counts()
        uids = [one.uid for one in made.classified.classes] if made.classified is not None else []
        self._sizes = dict(zip(uids, made.sizes, strict=True))
        if [one.uid for one in before] == [one.uid for one in self._classes]:
            if before:
                self.dataChanged.emit(self.index(0, 0), self.index(len(before) - 1, IMAGES))
            return
        self.beginResetModel()
        self.endResetModel()

    @property
    def classes(self) -> tuple[ImageClass, ...]:
        return self._classes

    @property
    def counts(self) -> dict[int, int]:
        """Labels of each class, by number."""
        return self._counts

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._classes):
            return None
        one, place = self._classes[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if place in (KEY, NAME):
                return one.key if place == KEY else one.name
            number = self._counts.get(one.uid, 0) if place == LABELS else self._sizes.get(one.uid)
            return "" if number is None else amount(number)
        if role == Qt.ItemDataRole.DecorationRole and place == NAME:
            return colour_icon(class_colours([one])[0])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if place > NAME
                else Qt.AlignmentFlag.AlignHCenter
                if place == KEY
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{one.name}\n{tr(_TIPS[place])}" if place == NAME else tr(_TIPS[place]))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in (KEY, NAME) else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        uid, typed = self._classes[index.row()].uid, str(value).strip()
        if index.column() == KEY:
            return self._labelling.change(uid, key=typed.lower())
        return self._labelling.change(uid, name=typed)


class ClassDelegate(QStyledItemDelegate):
    """One sign for the key, and names that are not too long."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        at_most(editor, 1 if index.column() == KEY else MOST_NAME)
        editor.setAccessibleName(tr("Key of the class") if index.column() == KEY else tr("Name of the class"))
        editor.setProperty("role", "inTable")
        return editor


class ClassPanel(Panel):
    """The panel. `import_wanted` asks for a label file, `learn_wanted` for fine-tuning; `done`: no class is being typed any more.

    Args:
        of_pixels: labels are of single pixels; then there is no fine-tuning, and no number of pictures.
    """

    done = Signal()
    import_wanted = Signal()
    learn_wanted = Signal()

    def __init__(
        self,
        session: Session,
        labelling: Labelling,
        state: ClassState,
        parent: QWidget | None = None,
        *,
        of_pixels: bool = False,
    ) -> None:
        super().__init__("sidePanel", parent)
        self._of_pixels = of_pixels
        self._session, self._labelling, self._state = session, labelling, state
        self.model = ClassModel(session, labelling, state, of_pixels=of_pixels)
        self.view = self._make_view()
        self.typed = described(
            QLineEdit(),
            tr("New class"),
            tr("Type a name and press Return; several with commas between. Return alone leads to the picture."),
        )
        self.typed.setPlaceholderText(tr("New class…"))
        at_most(self.typed, 40 * MOST_NAME)
        self.add = described(QPushButton(tr("Add")), tr("Add the class"), tr("Add what is typed as classes"))
        self._make_buttons()
        self._said = Label("", "muted", wrap=True)
        self._truth = Label("", "muted", wrap=True)
        add = row(self.typed, self.add)
        add.setStretch(0, 1)
        parts = (
            Label(tr("CLASSES"), "section"), add, self.view, self._said, self._truth, Flow((self.by_clusters, self.read, self.learn))
        )  # fmt: skip
        layout = column(*parts, margins=(16, 16, 16, 16), spacing=8)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.typed.returnPressed.connect(self._add)
        self.add.clicked.connect(lambda _=False: self._add())
        self.by_clusters.clicked.connect(lambda _=False: labelling.define_by_clusters())
        self.read.clicked.connect(lambda _=False: self.import_wanted.emit())
        self.learn.clicked.connect(lambda _=False: self.learn_wanted.emit())
        session.changed.connect(self._follow)
        state.changed.connect(self.refresh)
        self._fit_columns()
        self.refresh()

    def _make_buttons(self) -> None:
        self.by_clusters = described(
            QPushButton(tr("Names of clusters")), tr("Names of clusters"), tr("Make a class of each name that a cluster has")
        )
        where = tr("From a table; with a report") if self._of_pixels else tr("From a table or from the names of folders; with a report")
        self.read = described(QPushButton(tr("Import labels…")), tr("Import labels…"), where)
        self.learn = described(
            QPushButton(tr("Fine-tune…")), tr("Fine-tune…"), tr("Train on with the labels, compare, and use what is best")
        )
        self.learn.setVisible(not self._of_pixels)

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setItemDelegate(ClassDelegate(view))
        view.setAccessibleName(tr("Classes"))
        view.setProperty("role", "narrow")
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.verticalHeader().hide()
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(32)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        action(view, tr("Delete the class"), self._drop, "Ctrl+Del")
        return view

    def _fit_columns(self) -> None:
        """As wide as what they hold, in any size of text."""
        metrics, head = QFontMetrics(self.font()), self.view.horizontalHeader()
        for place, widest in ((KEY, tr(_HEADS[KEY])), (LABELS, tr(_HEADS[LABELS])), (IMAGES, max(tr(_HEADS[IMAGES]), "000,000", key=len))):
            head.resizeSection(place, metrics.horizontalAdvance(widest) + 14)
        used = sum(head.sectionSize(place) for place in (KEY, LABELS, IMAGES)) + self.view.verticalScrollBar().sizeHint().width()
        # Where text is large, the name goes before how many pictures get it.
        self.view.setColumnHidden(
            IMAGES, self._of_pixels or (self.view.width() - used < metrics.horizontalAdvance("sunflower") and self.isVisible())
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "learn"):
            self._fit_columns()

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & (Change.LABELS | Change.CLASSES | Change.CLUSTERS | Change.NAMES | Change.PROJECT):
            self.refresh()

    def refresh(self) -> None:
        """Show the classes as they are."""
        self.model.refresh()
        known = self._session.curated.curation.known
        counts, named = self.model.counts, sum(number for uid, number in self.model.counts.items() if uid >= 0)
        words = count_pixels(named) if self._of_pixels else tr("1 label") if named == 1 else tr("{0:,} labels", named)
        others = ((NOT_SURE, later("{0:,} not sure")), (SKIPPED, later("{0:,} skipped")))
        self._said.setText(", ".join([words, *(tr(text, counts[uid]) for uid, text in others if counts.get(uid))]))
        truth = len(known.truth)
        self._truth.setText(tr("Truth of {0}: it only judges; no map and no training sees it.", count_images(truth)) if truth else "")
        self._truth.setVisible(truth > 0)
        names = {group.name for group in self._session.curated.groups if group.name}
        self.by_clusters.setVisible(bool(names - {one.name for one in self.model.classes}))
        self.learn.setEnabled(bool(self._session.curated.run) and named > 0)

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _add(self) -> None:
        if not self.typed.text().strip():
            self.done.emit()
        elif self._labelling.define(self.typed.text()):
            self.typed.clear()

    def current(self) -> int | None:
        """Number of the selected class."""
        place = self.view.currentIndex().row()
        return self.model.classes[place].uid if 0 <= place < len(self.model.classes) else None

    def _drop(self) -> None:
        uid = self.current()
        if uid is not None:
            self._labelling.drop(uid)

    def _show_menu(self, where: QPoint) -> None:
        index = self.view.indexAt(where)
        if not index.isValid():
            return
        self.view.setCurrentIndex(index)
        uid, labelling = self.model.classes[index.row()].uid, self._labelling
        menu = QMenu(self.view)
        menu.aboutToHide.connect(menu.deleteLater)
        if not self._of_pixels:
            has_classes = self._session.snapshot.classified is not None
            menu.addAction(tr("Show its pictures"), lambda: labelling.show_class(uid)).setEnabled(has_classes)
            menu.addAction(tr("Show what was labelled with it"), lambda: labelling.show_class(uid, labelled=True))
            menu.addSeparator()
        menu.addAction(tr("Name…"), lambda: self.view.edit(self.model.index(index.row(), NAME)))
        menu.addAction(tr("Key…"), lambda: self.view.edit(self.model.index(index.row(), KEY)))
        menu.addAction(tr("Colour…"), lambda: labelling.choose_colour(uid, self.view))
        menu.addSeparator()
        menu.addAction(tr("Delete the class"), lambda: labelling.drop(uid))
        menu.popup(self.view.viewport().mapToGlobal(where))
