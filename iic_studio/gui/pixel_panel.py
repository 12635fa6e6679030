"""The panel beside a mask while pixels are labelled: the classes, how right they are, and the map from clusters to classes."""

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableView, QWidget

from iic_studio.curation import label_edits as edits
from iic_studio.curation.labels import METHOD, PRIOR
from iic_studio.evaluation.pixel_maps import PIXEL_METHODS
from iic_studio.gui.change import Change
from iic_studio.gui.class_map_table import CLASS, CLUSTER, IMAGES, NOTE, SHARE, VOTES, MapModel, map_table
from iic_studio.gui.class_map_view import AUTO, METHOD_WORDS
from iic_studio.gui.class_panel import ClassPanel
from iic_studio.gui.class_tables import interval_words
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.labelling import Labelling
from iic_studio.gui.language import tr
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.pixel_state import PixelState
from iic_studio.gui.pixel_words import pixel_accuracy_words, pixel_assumed_words
from iic_studio.gui.session import Session
from iic_studio.gui.table_over import TableOver
from iic_studio.gui.widgets import Label, Panel, column, described


class PixelPanel(Panel):
    """The panel. What it changes can be undone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("sidePanel", parent)
        self._session = session
        self.labelling = Labelling(session, self)
        self.state = PixelState(session, self)
        self.classes = ClassPanel(session, self.labelling, self.state, of_pixels=True)
        self.now = Label("", wrap=True)
        self.sentence = Label("", wrap=True)
        self.assumed = Label("", "muted", wrap=True)
        self.method = described(QComboBox(), tr("Kind of map"), tr("How clusters become classes"))
        self.model = MapModel()
        self.table = self._make_table()
        lower = Panel("sidePanel")
        head = Label(tr("MAP"), "section")
        meaning = Meaning(tr("Map"), meanings()["pixel_map"])
        inner = column(head, self.sentence, self.assumed, self.method, self.table, meaning, margins=(16, 8, 16, 12), spacing=8)
        inner.setStretch(4, 1)
        lower.setLayout(inner)
        sides = TableOver(self.classes, lower, self.classes.view, 0.5)
        layout = column(column(self.now, margins=(16, 16, 16, 0)), sides, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.method.activated.connect(lambda _: self._choose())
        self.model.mapped.connect(self._correct)
        self.state.changed.connect(self.refresh)
        session.changed.connect(self._follow)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = map_table(self.model)
        table.setProperty("role", "narrow")
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place in (IMAGES, SHARE, NOTE):
            table.setColumnHidden(place, True)
        head = table.horizontalHeader()
        head.setMinimumSectionSize(32)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(VOTES, QHeaderView.ResizeMode.Stretch)
        return table

    def _fit_columns(self) -> None:
        metrics = QFontMetrics(self.font())
        self.table.verticalHeader().setDefaultSectionSize(metrics.height() + 18)
        for place, widest, around in ((CLUSTER, "Cluster 00", 36), (CLASS, "dandelion 0", 27)):
            self.table.horizontalHeader().resizeSection(place, metrics.horizontalAdvance(widest) + around)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_columns()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "table"):
            self._fit_columns()

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if self._session.of_pixels and what & (Change.LABELS | Change.NAMES | Change.CLUSTERS):
            self.refresh()

    def refresh(self) -> None:
        """Show map and estimate as they are."""
        made, tables = self.state.made, self.state.tables
        known = self._session.curated.curation.known
        classes = tuple(known.classes.values()) if made is None else made.classes
        self.model.take(tables.groups if classes else (), classes)
        self.sentence.setText(pixel_accuracy_words(made, is_trained=bool(self._session.curated.run), num_labels=len(known.pixels)))
        self.assumed.setText(pixel_assumed_words(made))
        self.assumed.setVisible(bool(self.assumed.text()))
        self._fill_methods()

    def _fill_methods(self) -> None:
        made = self.state.made
        tried = {} if made is None else made.compared
        chosen = self._session.curated.curation.known.settings.get(METHOD, "") or AUTO
        with QSignalBlocker(self.method):
            self.method.clear()
            for name in (AUTO, *(one for one in PIXEL_METHODS if made is None or one in tried)):
                title, tip = METHOD_WORDS[name]
                share = f": {interval_words(tried[name])}" if name in tried and not np.isnan(tried[name].value) else ""
                self.method.addItem(tr(title) + share, name)
                self.method.setItemData(self.method.count() - 1, tr(tip), Qt.ItemDataRole.ToolTipRole)
            self.method.setCurrentIndex(max(self.method.findData(chosen), 0))

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        method, curated = str(self.method.currentData()), self._session.curated
        prior = curated.curation.known.settings.get(PRIOR, "")
        self.labelling.do(lambda: edits.choose_map(curated, method, prior))

    def _correct(self, place: int, uid: int | None) -> None:
        curated, groups = self._session.curated, self.state.tables.curated.groups
        now = curated.grouping.index_of.get(groups[place].uid)
        if now is not None:
            self.labelling.do(lambda: edits.correct_map(curated, now, uid))
