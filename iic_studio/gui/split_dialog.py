"""Split a cluster by the model's finer clusters, by what is left of its doubt, or by the selection; the parts are seen before."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QSpinBox, QWidget

from iic_studio.curation import edits, split_by_features, split_by_overclusters, split_by_probabilities
from iic_studio.errors import StudioError
from iic_studio.gui.language import amount, count_images, tr
from iic_studio.gui.session import Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.strip import PictureStrip
from iic_studio.gui.telling import told
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, column, described, row
from iic_studio.jobs.features import has_features, kept_features
from iic_studio.project.command_log import Edit
from iic_studio.project.store import Project
from iic_studio.records import IntArray

MOST_PARTS = 8
_TITLE = 132
Parts = tuple[IntArray, IntArray]


class SplitDialog(QDialog):
    """Shows the parts and asks whether to split. `wanted` carries the edit. An answer to an older question is not shown."""

    wanted = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, group: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._curated, self._group = session, session.curated, group
        label = self._curated.groups[group].label
        self.setWindowTitle(tr("Split {0}", label))
        self.side_thread = SideThread("iic-split", self)
        self.parts: Parts | None = None
        self.method = described(QComboBox(), tr("How to split"), tr("How to split"))
        self._fill_methods()
        self.number = described(QSpinBox(), tr("Number of parts"), tr("How many parts to make"))
        self.number.setRange(2, MOST_PARTS)
        self._words = Label("", "muted", wrap=True)
        self._lines = [(Label(), PictureStrip(session, thumbnails, f"split {place}")) for place in range(MOST_PARTS)]
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.split = self.buttons.addButton(tr("Split"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.split.setProperty("role", "primary")
        self.buttons.accepted.connect(self._do)
        self.buttons.rejected.connect(self.reject)
        body = column(
            Label(tr("Split {0} ({1})", label, count_images(int(self._curated.sizes[group]))), "heading"),
            row(self.method, Label(tr("into")), self.number, Label(tr("parts")), None),
            self._words,
            *(row(title, strip, spacing=12) for title, strip in self._lines),
            None,
            self.buttons,
            margins=(16, 16, 16, 16),
        )
        self.setLayout(body)
        names = max(self.fontMetrics().horizontalAdvance(name) for name in self._names())
        for title, strip in self._lines:
            title.setFixedWidth(max(_TITLE, names + 8))
            title.hide()
            strip.hide()
        self.resize(640, 360)
        self.method.currentIndexChanged.connect(self._ask)
        self.number.valueChanged.connect(self._ask)
        self._ask()

    def _fill_methods(self) -> None:
        project, curated, group = self._session.project, self._curated, self._group
        if project is not None and curated.run:
            folder = project.run_dir(curated.run)
            self.method.addItem(tr("By the finer clusters"), lambda parts: split_by_overclusters(folder, curated, group, parts))
            if has_features(project, curated.run):  # somebody looked at the map, or for similar pictures
                self.method.addItem(tr("By what the network sees (k-means)"), lambda parts: self._by_sight(project, parts))
        self.method.addItem(tr("By probabilities (k-means)"), lambda parts: split_by_probabilities(curated, group, parts))
        inside, chosen = curated.images_in(group), self._session.selected_ids()
        picked = np.isin(inside, chosen)
        if picked.any() and not picked.all():
            self.method.addItem(tr("Selected pictures apart"), lambda _: (inside, picked.astype(np.int64)))
            self.method.setCurrentIndex(self.method.count() - 1)

    def _by_sight(self, project: Project, parts: int) -> Parts:
        """Runs beside the window."""
        seen = kept_features(project, self._curated.run)
        return split_by_features(self._curated, self._group, parts, seen.image_ids, seen.features)

    @property
    def is_selection(self) -> bool:
        """Whether the selection decides, which makes two parts."""
        return self.method.currentText() == tr("Selected pictures apart")

    def _ask(self) -> None:
        """Find the parts beside the window."""
        self.number.setEnabled(not self.is_selection)
        self.split.setEnabled(False)
        self._words.setText(tr("Looking for parts…"))
        find: Callable[[int], Parts] = self.method.currentData()
        number = self.number.value()
        self.side_thread.wish("parts", lambda: find(number), self._show, self._refuse)

    def _refuse(self, error: StudioError) -> None:
        self._show(None, told(error.message, error.hint))

    def _show(self, parts: Parts | None, words: str = "") -> None:
        self.parts = parts
        self.split.setEnabled(parts is not None)
        self._words.setText(words or tr("The first part keeps the name."))
        for place, (title, strip) in enumerate(self._lines):
            images = self._images_of(place)
            title.setVisible(bool(len(images)))
            strip.setVisible(bool(len(images)))
            title.setText(f"{self._names()[place > 0]}\n{amount(len(images))}")
            strip.show_images(images)

    def _names(self) -> tuple[str, str]:
        """What the first part is called, and what the others."""
        return tr("Stays"), tr("New cluster")

    def _images_of(self, part: int) -> IntArray:
        """Ids of a part, the surest first."""
        if self.parts is None:
            return np.zeros(0, np.int64)
        images, parts = self.parts
        inside = images[parts == part]
        rows = self._session.table.rows_of(inside)
        return np.asarray(inside[np.argsort(-self._session.verdicts.confidence[rows], kind="stable")], np.int64)

    def edit(self) -> Edit | None:
        """The edit that splits the cluster as shown."""
        return None if self.parts is None else edits.split(self._curated, self._group, *self.parts)

    def _do(self) -> None:
        edit = self.edit()
        if edit is not None:
            self.wanted.emit(edit)
            self.accept()

    def done(self, result: int) -> None:
        """Close. What is still found is told to nobody."""
        self.side_thread.close(wait=False)
        for _, strip in self._lines:
            strip.forget()
        super().done(result)
