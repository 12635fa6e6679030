"""The panel beside a mask: one pixel with the probability of every class, and the classes with how much they cover, here and everywhere.

The list of classes is where they are hidden, shown alone, named, coloured and merged while masks are looked at.
"""

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLayout, QPushButton, QScrollArea, QTreeWidget, QTreeWidgetItem, QWidget

from iic_studio.gui.bars import Bars
from iic_studio.gui.files import printable
from iic_studio.gui.language import later, percent, tr
from iic_studio.gui.mask_state import Classes, PixelClass, Seen, entropy_of
from iic_studio.gui.session import Change, Session
from iic_studio.gui.table import folder_areas
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, Swatch, colour_icon, column, described, plain_tooltip, row
from iic_studio.jobs.pixel_parts import AREAS_EXACT
from iic_studio.records import FloatArray

CLASS, HERE, ALL = range(3)
_MARGIN = 16
_MARKS = 56  # of a line: its tick, its colour, what is around
_HINT = later("Click into the picture, or press Ctrl with an arrow key, to read a pixel.")


class MaskPanel(Panel):
    """The panel. `measure_wanted` asks for exact areas of the whole folder."""

    measure_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("sidePanel", parent)
        self._session, self._masks = session, session.masks
        self._classes: tuple[PixelClass, ...] = ()
        self._every = self._are_exact = False
        self._name = ElidedLabel(role="heading")
        self._about = Label("", "muted", wrap=True)
        self._swatch = Swatch()
        self._class = ElidedLabel(role="number", mode=Qt.TextElideMode.ElideRight)
        self._where = Label("", "muted")
        self._hint = Label(tr(_HINT), "muted", wrap=True)
        self._bars = Bars()
        self.view = self._make_tree()
        self._sample = Label("", "muted", wrap=True)
        self.measure = described(
            QPushButton(tr("Measure all")), tr("Measure all"), tr("Go through every picture, so that the areas of the folder are exact")
        )
        self.measure.clicked.connect(self.measure_wanted)
        self.setLayout(self._arrange())
        session.changed.connect(self._follow)
        self._masks.changed.connect(self._see)
        self._show_all()

    def _make_tree(self) -> QTreeWidget:
        tree = described(
            QTreeWidget(),
            tr("Classes"),
            tr("Tick what is seen. F2 names the class, Ctrl+Shift+C colours it, Ctrl+M merges those selected."),
        )
        tree.setToolTip("")
        tree.setColumnCount(3)
        tree.setHeaderLabels([tr("Class"), tr("Here"), tr("All")])
        tree.headerItem().setToolTip(HERE, tr("How much of this picture it covers"))
        tree.headerItem().setToolTip(ALL, tr("How much of all pictures it covers"))
        for place in (HERE, ALL):
            tree.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the number of a cluster stands at the end of its name
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionsMovable(False)
        tree.header().setSectionResizeMode(CLASS, QHeaderView.ResizeMode.Stretch)
        for place in (HERE, ALL):
            tree.header().setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        tree.itemChanged.connect(self._changed_by_person)
        return tree

    def _fit_columns(self) -> None:
        """As wide as what they hold, in any size of text. Large, the name goes before "All", which the list of clusters says too."""
        metrics, head = QFontMetrics(self.view.font()), self.view.header()
        wide = max(metrics.horizontalAdvance(words) for words in ("< 0.1 %", tr("Here"), tr("All"))) + 24
        for place in (HERE, ALL):
            head.resizeSection(place, wide)
        around = self.view.verticalScrollBar().sizeHint().width() + _MARKS
        left = self.width() - 2 * _MARGIN - 2 * wide - around
        self.view.setColumnHidden(ALL, left < metrics.horizontalAdvance("Cluster 0"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _arrange(self) -> QLayout:
        pixel = QWidget()
        pixel.setLayout(column(self._hint, row(self._swatch, self._class), self._where, self._bars))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("The pixel"))
        inner = Panel("sidePanel")
        inner.setLayout(column(pixel, None))
        scroll.setWidget(inner)
        foot = row(self._sample, self.measure)
        foot.setStretch(0, 1)
        titles = Label(tr("CLASSES"), "section"), Label(tr("THIS PIXEL"), "section")
        self._below = (titles[0], self.view, titles[1], scroll)
        whole = column(
            column(self._name, self._about, spacing=4),
            titles[0],
            self.view,
            foot,
            titles[1],
            scroll,
            spacing=8,
            margins=(_MARGIN,) * 4,
        )
        whole.setStretch(2, 5)
        whole.setStretch(5, 4)
        whole.addStretch(0)
        return whole

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & (Change.CLUSTERS | Change.NAMES | Change.SELECTION | Change.PROJECT | Change.JOB):
            self._show_all()

    def _see(self, what: Seen) -> None:
        if what & Seen.MASK:
            self._show_all()
        elif what & Seen.LOOK:
            self._show_classes(self._masks.classes())
        elif what & Seen.PIXEL:
            self._show_pixel(self._masks.classes())

    def _show_all(self) -> None:
        session, view = self._session, self._masks.view
        row_ = session.current_row()
        self._name.set_full(printable(session.table.paths[row_]).rpartition("/")[2] if row_ >= 0 else "")
        size = tr("{0:,} × {1:,} pixels. ", view.width, view.height) if view is not None else ""
        self._about.setText(size + ("" if view is None else self._who_says()))
        classes = self._masks.classes()
        for part in self._below:  # without a mask there is nothing to tell
            part.setVisible(len(classes) > 0)
        self._show_classes(classes)
        self._show_pixel(classes)

    def _who_says(self) -> str:
        view = self._masks.view
        assert view is not None
        if view.step:
            return tr("Training now, step {0:,}.", view.step)
        return "" if self._session.run is not None and view.run == self._session.run.id else tr("By another run.")

    def _show_classes(self, classes: Classes) -> None:
        """Fill the list; lines stay where the classes are the same, so that selection and keyboard stay too."""
        view, visible = self._masks.view, self._masks.visible(classes.items)
        here = classes.summed(view.areas) if view is not None else np.zeros(len(classes), np.float32)
        every, are_exact = self._everywhere(classes)
        with QSignalBlocker(self.view):
            if [one.key for one in classes.items] != [one.key for one in self._classes]:
                self.view.clear()
                self.view.addTopLevelItems([QTreeWidgetItem() for _ in classes.items])
                for place in range(len(classes)):
                    self._item(place).setSizeHint(CLASS, QSize(0, self._line_height()))
                self._fit()
            self._classes = classes.items
            for place, one in enumerate(classes.items):
                item = self._item(place)
                flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if one.place >= 0 else flags)
                item.setText(CLASS, one.name)
                item.setToolTip(CLASS, plain_tooltip(one.name))
                item.setIcon(CLASS, colour_icon(one.colour.name(), 14))
                item.setCheckState(CLASS, Qt.CheckState.Checked if visible[place] else Qt.CheckState.Unchecked)
                item.setText(HERE, percent(float(here[place])))
                item.setText(ALL, percent(float(every[place])) if every is not None else "")
                for number in (HERE, ALL):
                    item.setTextAlignment(number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._every, self._are_exact = every is not None, are_exact
        self.tell_measuring("")

    def tell_measuring(self, words: str) -> None:
        """Say how far measuring is; nothing when it is not under way."""
        estimated = self._every and not self._are_exact
        self._sample.setText(words or (tr("“All” is estimated from pieces of the pictures.") if estimated else ""))
        self.measure.setVisible(estimated and not words and self._session.training_run is None)

    def _line_height(self) -> int:
        return QFontMetrics(self.view.font()).height() + 12

    def _fit(self) -> None:
        """As high as its lines: what is below follows at once where there are few classes."""
        lines = max(self.view.topLevelItemCount(), 2) * self._line_height()
        self.view.setMaximumHeight(self.view.header().sizeHint().height() + lines + 4)

    def _item(self, place: int) -> QTreeWidgetItem:
        """The line of a class."""
        item = self.view.topLevelItem(place)
        assert item is not None, "there is a line for each class"
        return item

    def _everywhere(self, classes: Classes) -> tuple[FloatArray | None, bool]:
        """(G,) share of all pictures; none for classes of another run. And whether every pixel was counted."""
        session = self._session
        if not classes.items or classes.items[0].place < 0 or session.run is None:
            return None, False
        model = session.curated.model
        divided = not model.parts or (model.overlaps is not None and model.overlaps.is_exact)
        return folder_areas(session.table, session.verdicts), divided and bool(session.run.summary.get(AREAS_EXACT))

    def _show_pixel(self, classes: Classes) -> None:
        view, pixel = self._masks.view, self._masks.pixel
        shown = view is not None and pixel is not None and len(classes) > 0
        for widget in (self._swatch, self._class, self._where, self._bars):
            widget.setVisible(shown)
        self._hint.setVisible(not shown)
        if view is None or pixel is None or not shown:
            return
        down, right = view.at(*pixel)
        shares = classes.summed(view.probabilities[:, down, right].astype(np.float32))
        which = classes.items[int(classes.of_cluster[view.ids[down, right]])]
        self._swatch.set_colour(which.colour)
        self._class.set_full(which.name)
        unsure = 100 * int(entropy_of(shares[:, None, None])[0, 0]) / 255
        self._where.setText(tr("Column {0:,}, line {1:,}; uncertainty {2:.0f} %", pixel[0], pixel[1], unsure))
        order = np.argsort(-shares, kind="stable").tolist()
        self._bars.show_lines([(classes.items[one].colour, classes.items[one].name, float(shares[one])) for one in order])

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _changed_by_person(self, item: QTreeWidgetItem, place: int) -> None:
        number = self.view.indexOfTopLevelItem(item)
        if place != CLASS or not 0 <= number < len(self._classes):
            return
        one = self._classes[number]
        visible = bool(self._masks.visible(self._classes)[number])
        if (item.checkState(CLASS) == Qt.CheckState.Checked) != visible:
            self._masks.toggle(one.key)
        elif item.text(CLASS) != one.name and one.place >= 0:
            self._session.name_cluster(one.place, item.text(CLASS))
            self._show_classes(self._masks.classes())  # an edit that was refused leaves the old name

    def current_class(self) -> PixelClass | None:
        """The class that keys are about."""
        number = self._current()
        return self._classes[number] if 0 <= number < len(self._classes) else None

    def step_class(self, by: int) -> None:
        """Choose the next class, or the one before."""
        if self._classes:
            number = self._current()
            if number < 0 and by < 0:
                number = 0
            self.view.setCurrentItem(self._item((number + by) % len(self._classes)))

    def _current(self) -> int:
        item = self.view.currentItem()
        return -1 if item is None else self.view.indexOfTopLevelItem(item)

    def selected_clusters(self) -> list[int]:
        """Places of the groups selected, top down."""
        chosen = [self.view.indexOfTopLevelItem(item) for item in self.view.selectedItems()]
        return sorted(self._classes[number].place for number in chosen if self._classes[number].place >= 0)

    def edit_name(self, cluster: int) -> None:
        """Let the person type the name of a group."""
        for number, one in enumerate(self._classes):
            if one.place == cluster:
                item = self._item(number)
                self.view.scrollToItem(item)
                self.view.editItem(item, CLASS)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "measure"):
            self._fit_columns()
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "view"):
            self._show_all()
