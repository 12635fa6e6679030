"""The list at the left: all images, the clusters with colour, name, size and most typical pictures, the uncertain ones, the problems."""

from collections.abc import Callable, Set
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from iic_studio.gui.cluster_lines import ClusterDelegate, ClusterLines, Entry, Index, LinePictures
from iic_studio.gui.grid import AT_REST_MS
from iic_studio.gui.language import count_images, later, tr
from iic_studio.gui.session import Change, Session, Shown
from iic_studio.gui.table import CLOSE_MARGIN, folder_areas
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, Panel, action, column, edit_at, plain_tooltip

_NO_PARENT = QModelIndex()
_OF_A_SET = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_OF_A_CLUSTER = _OF_A_SET | Qt.ItemFlag.ItemIsEditable

_TIPS = {
    "all": later("Every picture that could be read"),
    "uncertain": later(
        "Pictures whose two most likely clusters are less than {0:.0f} percentage points apart,\n"
        "or on which fewer than half of the sub-heads agree"
    ),
    "excluded": later("Pictures that you left out. They are in no cluster, and in the CSV without one."),
    "problems": later("Files that could not be read, each with its reason. They are left out of training and of the CSV."),
}


def _tip(kind: str) -> str:
    return tr(_TIPS[kind], 100 * CLOSE_MARGIN) if kind in _TIPS else ""


def entries_of(session: Session) -> list[Entry]:
    """The lines for the session as it is."""
    snapshot = session.snapshot
    entries = [Entry(Shown("all"), tr("All pictures"), int(snapshot.present.sum()))]
    if session.num_clusters and not session.of_pixels:
        entries.append(Entry(Shown("uncertain"), tr("Uncertain"), int(snapshot.uncertain.sum())))
    excluded = int((session.table.usable & ~snapshot.present).sum())
    if excluded or session.shown.kind == "excluded":
        entries.append(Entry(Shown("excluded"), tr("Excluded"), excluded))
    entries.append(Entry(Shown("problems"), tr("Problems"), int(session.table.problems.sum())))
    sizes = snapshot.sizes
    largest = max(int(sizes.max()), 1) if len(sizes) else 1
    chosen = session.verdicts.cluster[session.selected]
    selected = np.bincount(chosen[chosen >= 0], minlength=len(sizes)).tolist()
    areas = folder_areas(session.table, session.verdicts) if session.of_pixels else None
    for cluster, size in enumerate(sizes.tolist()):
        shown = Shown("cluster", cluster)
        heading = "" if cluster else tr("{0} CLUSTERS", len(sizes)) if areas is None else tr("{0} CLASSES OF PIXELS", len(sizes))
        name, prototypes = session.cluster_name(cluster), snapshot.prototypes[cluster]
        area = None if areas is None else float(areas[cluster])
        share = size / largest if areas is None else float(areas[cluster] / max(float(areas.max()), 1e-9))
        entries.append(Entry(shown, name, size, share, prototypes, heading, selected[cluster], area))
    return entries


class ClusterModel(QAbstractListModel):
    """The entries as a model; a cluster's name can be edited."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._entries: list[Entry] = []
        self.tell_more: Callable[[int], str] = lambda _: ""  # of a cluster, for its tooltip

    def take(self, entries: list[Entry]) -> None:
        """Show these; keeps the rows where their number and heights stay."""
        heights = [(bool(entry.prototypes), bool(entry.heading)) for entry in entries]
        if heights == [(bool(entry.prototypes), bool(entry.heading)) for entry in self._entries]:
            self._entries = entries
            self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    @property
    def entries(self) -> list[Entry]:
        return self._entries

    def entry_of(self, index: Index) -> Entry:
        """What a line shows. For painting: a role would go through the view and back for each line of each frame."""
        return self._entries[index.row()]

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.EditRole:
            groups = self._session.curated.groups
            return groups[entry.shown.cluster].name if entry.is_cluster and entry.shown.cluster < len(groups) else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            size = count_images(entry.count) if entry.area is None else tr("{0} of all pixels", entry.size_words)
            return f"{entry.name}, {size}" + (tr(", {0} selected", entry.selected) if entry.selected else "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_tip(entry.shown.kind) or self._about(entry))
        return None

    def _about(self, entry: Entry) -> str:
        groups = self._session.curated.groups
        note = groups[entry.shown.cluster].note if entry.shown.cluster < len(groups) else ""
        if entry.area is None:
            size = count_images(entry.count)
        elif entry.count == 1:
            size = tr("{0} of all pixels; most of 1 picture", entry.size_words)
        else:
            size = tr("{0} of all pixels; most of {1:,} pictures", entry.size_words, entry.count)
        more = self.tell_more(entry.shown.cluster)
        return "\n\n".join(part for part in (note, more, tr("{0}. Double click or F2 gives it a name.", size)) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _OF_A_CLUSTER if index.isValid() and self._entries[index.row()].is_cluster else _OF_A_SET

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self._session.name_cluster(self._entries[index.row()].shown.cluster, str(value))
        return True


class ClusterList(Panel):
    """The panel. Choosing a line shows its images."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("sidePanel", parent)
        self._session = session
        self._thumbnails = thumbnails
        self._marking = False
        self.model = ClusterModel(session)
        self.view = ClusterLines(LinePictures(session, thumbnails), lambda: self.model.entries)
        self.view.setModel(self.model)
        self._delegate = ClusterDelegate(self.model.entry_of, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed)
        self.view.setAccessibleName(tr("Clusters"))
        self.select_its = action(self.view, tr("Select its pictures"), self._select_its, "Ctrl+Shift+A")
        self._hint = Label(
            tr("The clusters appear here while training runs.\n\nChoose how many you expect at the top, then press Train."),
            "muted",
            wrap=True,
        )
        self._hint.setContentsMargins(16, 8, 16, 16)
        self.setLayout(column(8, self.view, self._hint, spacing=0))
        self._layout_hint()
        self.view.selectionModel().currentChanged.connect(self._chosen)
        session.changed.connect(self._follow)
        thumbnails.arrived.connect(self._pictures_came)
        self.view.verticalScrollBar().valueChanged.connect(self.ask_for_prototypes)
        self._at_rest = QTimer(self, singleShot=True, interval=AT_REST_MS)
        self._at_rest.timeout.connect(self.ask_for_prototypes)

    def _follow(self, what: Change) -> None:
        if what & (Change.IMAGES | Change.CLUSTERS | Change.NAMES | Change.PROJECT | Change.SELECTION):
            self._marking = True
            self.model.take(entries_of(self._session))
            self._marking = False
            self._layout_hint()
        if what & (Change.SHOWN | Change.IMAGES | Change.CLUSTERS | Change.PROJECT):
            self._mark()

    def _layout_hint(self) -> None:
        """Without clusters the list is as high as its lines, and says below them how clusters come about."""
        empty = not self._session.num_clusters
        self._hint.setVisible(empty)
        lines = sum(self.view.sizeHintForRow(number) for number in range(len(self.model.entries)))
        self.view.setMaximumHeight(lines + 8 if empty else 16_777_215)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _mark(self) -> None:
        """Mark the line of the shown set without choosing it anew."""
        fitting = [number for number, entry in enumerate(self.model.entries) if entry.shown == self._session.shown]
        self._marking = True
        if self._session.shown.kind == "beside":
            self._mark_both()
        elif fitting:
            if self.view.currentIndex().row() != fitting[0] or not self.view.selectionModel().hasSelection():
                self.view.setCurrentIndex(self.model.index(fitting[0]))
        else:
            self.view.setCurrentIndex(QModelIndex())
        self._marking = False
        self.ask_for_prototypes()

    def _mark_both(self) -> None:
        """Mark the lines of two clusters beside each other."""
        pair = (self._session.shown.cluster, self._session.shown.other)
        lines = [number for number, entry in enumerate(self.model.entries) if entry.is_cluster and entry.shown.cluster in pair]
        model = self.view.selectionModel()
        if self.selected_clusters() != sorted(pair):
            model.clearSelection()
            for line in lines:
                model.select(self.model.index(line), model.SelectionFlag.Select)
        if self.view.currentIndex().row() not in lines and lines:
            model.setCurrentIndex(self.model.index(lines[0]), model.SelectionFlag.NoUpdate)

    def selected_clusters(self) -> list[int]:
        """Places of the selected clusters, top down."""
        chosen = [self.model.entry_of(index) for index in self.view.selectionModel().selectedRows()]
        return sorted(entry.shown.cluster for entry in chosen if entry.is_cluster)

    def edit_name(self, cluster: int) -> None:
        """Let the person type the name of a cluster."""
        for number, entry in enumerate(self.model.entries):
            if entry.shown == Shown("cluster", cluster):
                self.view.scrollTo(self.model.index(number))
                edit_at(self.view, self.model.index(number))

    def _chosen(self, index: QModelIndex) -> None:
        entry = self.model.entry_of(index) if index.isValid() else None
        if entry is not None and not self._marking and entry.shown != self._session.shown:
            self._session.show(entry.shown)

    def _select_its(self) -> None:
        if self.view.currentIndex().isValid():
            self._session.select_set(self.model.entry_of(self.view.currentIndex()).shown)

    def _pictures_came(self, images: Set[int]) -> None:
        ids = self._session.table.ids
        for number, entry in enumerate(self.model.entries):
            if any(row_ < len(ids) and int(ids[row_]) in images for row_ in entry.prototypes):
                self.view.update(self.model.index(number))

    def ask_for_prototypes(self) -> None:
        """Wish for the prototypes of the visible lines that are not decoded yet."""
        if not len(self._session.table):  # a project was closed, and its lines are still there
            return
        area = self.view.viewport().rect()
        rows: list[int] = []
        for number, entry in enumerate(self.model.entries):
            if entry.prototypes and self.view.visualRect(self.model.index(number)).intersects(area):
                rows += entry.prototypes
        self._thumbnails.want("list", self._thumbnails.lacking(self._session.table, rows, 112, least=1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._at_rest.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.view.viewport().update()
