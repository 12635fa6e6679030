"""How clusters become classes: the kind of map as a choice, the table of the map to correct by hand, and the flow as a picture."""

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QTableView, QWidget

from iic_studio.curation import label_edits as edits
from iic_studio.curation.labels import METHOD, PRIOR
from iic_studio.evaluation.class_maps import METHODS
from iic_studio.gui.class_flow import FlowPicture, Stream, Streams
from iic_studio.gui.class_map_table import CLASS, CLUSTER, IMAGES, NOTE, SHARE, MapModel, map_table
from iic_studio.gui.class_tables import MapRow, interval_words
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.flow import Flow
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.label_state import LabelState
from iic_studio.gui.labelling import Labelling
from iic_studio.gui.language import later, tr
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.session import Session
from iic_studio.gui.shown import Found
from iic_studio.gui.table_over import TableOver
from iic_studio.gui.widgets import Label, column, described

AUTO = "auto"
METHOD_WORDS = {
    AUTO: (
        later("Best by cross-validation"),
        later("Every map is tried on the labels; the soft one is used unless another is clearly better"),
    ),
    "bayes-both": (later("Soft, both heads"), later("Bayes' rule from clusters and finer clusters")),
    "bayes": (later("Soft"), later("Bayes' rule from all clusters a picture may belong to")),
    "many-to-one": (later("Many to one"), later("Each cluster to the class of most of its labels")),
    "one-to-one": (later("One to one"), later("One cluster to one class, the best pairs")),
    "overclusters": (later("Finer clusters"), later("Each finer cluster to the class of most of its labels")),
    "linear": (later("Linear classifier"), later("A linear classifier on what the network sees")),
    "k-nn": (later("Nearest labels"), later("The class of the nearest labelled pictures")),
    "fine-tuned": (later("Fine-tuned network"), later("The network trained on with the labels")),
    "fine-tuned+unlabelled": (
        later("Fine-tuned with all pictures"),
        later("The network trained on with the labels and with pictures that have none"),
    ),
}
_FINER, _GROUPS = "finer", "groups"
_LONGEST = 20  # characters of a cluster's name that there is always room for


class ClassMapView(QWidget):
    """The view. Everything it does is an edit that can be undone."""

    def __init__(self, session: Session, labelling: Labelling, state: LabelState) -> None:
        super().__init__()
        self._session, self._labelling, self._state = session, labelling, state
        self.method = described(QComboBox(), tr("Kind of map"), tr("How clusters become classes"))
        self.prior = described(QComboBox(), tr("Prior"), tr("How frequent classes are before any label: of the soft maps"))
        self.prior.addItem(tr("All classes alike"), "")
        self.prior.addItem(tr("As often as labelled"), "labels")
        self.lines = described(QComboBox(), tr("Lines of the table"), tr("The clusters you see, or the finer ones that are mapped"))
        self.lines.addItem(tr("Clusters"), _GROUPS)
        self.lines.addItem(tr("Finer clusters"), _FINER)
        for box in (self.method, self.prior, self.lines):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.about = Label("", "muted", wrap=True)
        self.model = MapModel()
        self.table = self._make_table()
        self.flow = FlowPicture()
        self._fit_columns()
        self._hint = Label(
            tr("Label some pictures first. Then each cluster gets a class here, with the votes behind it."), "muted", wrap=True
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sides = TableOver(self.table, self.flow, self.table, 0.6)
        head = Flow((self.method, self.prior, self.lines))
        holder = QWidget()
        holder.setLayout(head)
        layout = column(holder, self.about, self.sides, self._hint, Meaning(tr("Map"), meanings()["class_map"]), margins=(16, 12, 16, 12))
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self.method.activated.connect(lambda _: self._choose())
        self.prior.activated.connect(lambda _: self._choose())
        self.lines.activated.connect(lambda _: self.refresh())
        self.model.mapped.connect(self._correct)
        self.flow.chosen.connect(self._show)
        state.changed.connect(self._follow)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = map_table(self.model)
        table.doubleClicked.connect(lambda index: self._show_row(self.model.rows[index.row()]))
        return table

    def _fit_columns(self) -> None:
        """As wide and as high as what they hold, in any size of text."""
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 18)
        metrics = QFontMetrics(self.font())
        names = [row.name[:_LONGEST] for row in self.model.rows]
        for place, widest in (
            (CLUSTER, max(["Cluster 00000", *names], key=metrics.horizontalAdvance)),
            (IMAGES, tr("Pictures")),
            (CLASS, "dandelions 00000"),
            (SHARE, "1000 %"),
            (NOTE, tr("no label")),
        ):
            around = 45 if place == CLUSTER else 27  # with the square of its colour
            self.table.horizontalHeader().resizeSection(place, metrics.horizontalAdvance(widest) + around)
        used = sum(self.table.columnWidth(place) for place in (CLUSTER, IMAGES, CLASS, NOTE))
        room = self.table.width() - used - metrics.horizontalAdvance(tr("Share")) - 80
        self.table.setColumnHidden(SHARE, self.isVisible() and room < metrics.horizontalAdvance("10 × sunflower"))  # votes go before it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "flow"):
            self._fit_columns()

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._fit_columns()

    @property
    def shows_finer(self) -> bool:
        """Whether the lines are those of the finer clusters."""
        return self.lines.currentData() == _FINER and bool(self._state.tables.finer)

    def refresh(self) -> None:
        """Show the map as it is."""
        tables = self._state.tables
        made = tables.classified
        self._hint.setVisible(made is None)
        self.sides.setVisible(made is not None)
        self.lines.setVisible(bool(tables.finer))
        self._fill_methods()
        self.prior.setEnabled(made is None or made.made is not None)
        with QSignalBlocker(self.prior):
            chosen = self._session.curated.curation.known.settings.get(PRIOR, "")
            self.prior.setCurrentIndex(max(self.prior.findData(chosen), 0))
        if made is None:
            self.about.setText("")
            self.model.take((), ())
            self.flow.show_streams(Streams())
            return
        rows = tables.finer if self.shows_finer else tables.groups
        self.model.take(rows, made.classes)
        self.table.setColumnHidden(NOTE, not any(self.model.text(row, NOTE) for row in rows))  # its room is for the votes
        self._fit_columns()
        targets = tuple(zip((one.name for one in made.classes), class_colours(made.classes), strict=True))
        self.flow.show_streams(Streams(tuple((row.name, row.colour) for row in rows), targets, _streams(rows)))
        self.about.setText(self._about(rows))

    def _fill_methods(self) -> None:
        made, known = self._state.tables.classified, self._session.curated.curation.known
        tried = dict(made.compared) if made is not None else {}
        names = [AUTO, *(name for name in METHODS if made is None or name in tried), *(name for name in tried if name not in METHODS)]
        chosen = known.settings.get(METHOD, "") or AUTO
        names += [one for one in (self._state.tables.learned, chosen) if one and one not in names]
        with QSignalBlocker(self.method):
            self.method.clear()
            for name in names:
                title, tip = METHOD_WORDS.get(name, (name, ""))
                share = f": {interval_words(tried[name])}" if name in tried and not np.isnan(tried[name].value) else ""
                self.method.addItem(tr(title) + share, name)
                self.method.setItemData(self.method.count() - 1, tr(tip), Qt.ItemDataRole.ToolTipRole)
            self.method.setCurrentIndex(max(self.method.findData(chosen), 0))

    def _about(self, rows: tuple[MapRow, ...]) -> str:
        made = self._state.tables.classified
        assert made is not None, "there is a map"
        title, tip = METHOD_WORDS.get(made.method, (made.method, ""))
        words = tr("In use: {0}, chosen by you.", tr(title)) if made.is_chosen_by_person else tr("In use: {0}. {1}.", tr(title), tr(tip))
        ties, bare = [row.name for row in rows if row.is_tie], [row.name for row in rows if not row.votes and row.images]
        if ties:
            words += " " + tr("A tie: {0}.", _few(ties))
        if bare:
            words += " " + tr("No label yet: {0}.", _few(bare))
        return words

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        method, prior = str(self.method.currentData()), str(self.prior.currentData())
        self._labelling.do(lambda: edits.choose_map(self._session.curated, method, prior))

    def _correct(self, place: int, uid: int | None) -> None:
        curated, groups = self._session.curated, self._state.tables.curated.groups
        if self.shows_finer:
            self._labelling.do(lambda: edits.correct_overcluster(curated, place, uid))
            return
        now = curated.grouping.index_of.get(groups[place].uid)
        if now is not None:
            self._labelling.do(lambda: edits.correct_map(curated, now, uid))

    def _show_row(self, row: MapRow) -> None:
        self._show_images(row, None)

    def _show(self, stream: Stream) -> None:
        rows = self._state.tables.finer if self.shows_finer else self._state.tables.groups
        if stream.cluster < len(rows):
            self._show_images(rows[stream.cluster], stream.target)

    def _show_images(self, row: MapRow, target: int | None) -> None:
        """Show the pictures of a line, or those of them that get one class."""
        made, curated = self._state.tables.classified, self._session.curated
        if made is None or len(made.found) != len(curated.image_ids):
            return
        if self.shows_finer:
            over = self._session.snapshot.overclusters
            inside = np.isin(curated.image_ids, over.image_ids[over.assignment == row.place]) if over is not None else made.found < -1
        else:
            inside = curated.group == row.place
        if target is not None:
            inside = inside & (made.found == target)
        title = row.name if target is None else tr("{0} as {1}", row.name, made.classes[target].name if target >= 0 else tr("no class"))
        self._session.show_found(Found(title, curated.image_ids[inside]))


def _streams(rows: tuple[MapRow, ...]) -> tuple[Stream, ...]:
    found = [Stream(place, target, images) for place, row in enumerate(rows) for target, images in row.flow]
    rest = [(place, row.images - sum(images for _, images in row.flow)) for place, row in enumerate(rows)]
    return (*found, *(Stream(place, -1, left) for place, left in rest if left > 0))


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (tr(" and {0} more", len(names) - 5) if len(names) > 5 else "")
