"""The export dialog: which formats, which pictures, where to; what will be made, how far it is, what was made.

It stays open beside the window while files are copied. What it shows before is a dry run of the very job that will run.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, WarningRaised
from iic_studio.export.words import done_words, planned_words
from iic_studio.gui.export_choice import (
    ALL,
    ALSO,
    FORMATS,
    LINKS,
    NOT_OF_PIXELS,
    ONLY_OF_PIXELS,
    PICTURES,
    SELECTED,
    SHOWN,
    WITH_CLASSES,
    ExportChoice,
)
from iic_studio.gui.exports import Exports
from iic_studio.gui.files import printable, reveal
from iic_studio.gui.language import tr
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.session import Change, Session
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, column, described, panel, row, set_role
from iic_studio.records import IntArray
from iic_studio.words import STAGES, duration, numbered

_PREVIEW_AFTER_MS = 250
_REMEMBERED = "export/choice"
_COUNTED = ("copy", "masks", "forms")


class ExportDialog(QDialog):
    """Everything that leaves the program as files."""

    def __init__(self, session: Session, exports: Exports, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._exports, self._preferences = session, exports, preferences
        self._is_running = self._is_ending = self._close_when_ended = False
        self._made: Path | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PREVIEW_AFTER_MS)
        self._timer.timeout.connect(self._ask_for_preview)
        self._build()
        self._restore(ExportChoice.from_text(preferences.text(_REMEMBERED)))
        self._connect()
        self._changed()

    # Parts ----------------------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.pictures = described(QComboBox(), tr("Pictures"), tr("Which pictures to export"))
        self.formats = {one.name: described(QCheckBox(tr(one.title)), tr(one.title), tr(one.words)) for one in FORMATS}
        self.probabilities = described(
            QCheckBox(tr("Probability of each cluster")),
            tr("Probability of each cluster"),
            tr("More columns in the table and in JSON Lines"),
        )
        by_class = tr("By labelled class")
        self.by_class = described(QCheckBox(by_class), by_class, tr("Classes by labelled pixels instead of clusters"))
        self._has_classes = self._session.of_pixels and self._session.curated.curation.known.names_pixels
        self.also = {name: described(QCheckBox(tr(title)), tr(title), tr(words)) for name, (title, words) in ALSO.items()}
        self.link = described(QComboBox(), tr("Pictures in folders"), tr("How pictures get into the folders"))
        for value, (title, words) in LINKS.items():
            self.link.addItem(tr(title), value)
            self.link.setItemData(self.link.count() - 1, tr(words), Qt.ItemDataRole.ToolTipRole)
        self._link_words = Label("", "muted", wrap=True)
        self.place = described(QLineEdit(), tr("Folder for the files"), tr("Where the files go; never into the folder of your pictures"))
        self.browse = described(QPushButton(tr("Choose…")), tr("Choose a folder"), tr("Choose where the files go"))
        self.name = described(QLineEdit(), tr("Name"), tr("What the names of all files begin with"))
        self._heading = Label("", "heading")
        self.preview = Label("", "muted", wrap=True)
        self.preview.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.preview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.preview.setAccessibleName(tr("What will be made"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.bar = described(QProgressBar(), tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.status = Label("")
        self.show_made = described(QPushButton(tr("Show in folder")), tr("Show in folder"), tr("Open the folder that the files lie in"))
        self.close_button = described(QPushButton(tr("Close")), tr("Close"))
        self.go = described(QPushButton(tr("Export")), tr("Export"), tr("Write the files"))
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        for button in (self.browse, self.show_made, self.close_button):
            button.setAutoDefault(False)
        self._arrange()

    def _format_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        left_out = NOT_OF_PIXELS if self._session.of_pixels else ONLY_OF_PIXELS
        has_classes = self._session.snapshot.classified is not None
        for place, one in enumerate(FORMATS):
            words = WITH_CLASSES.get(one.name, one.words) if has_classes else one.words
            box, label = self.formats[one.name], Label(tr(words), "muted")
            grid.addWidget(box, place, 0)
            grid.addWidget(label, place, 1)
            box.setVisible(one.name not in left_out)
            label.setVisible(one.name not in left_out)
        return grid

    def _arrange(self) -> None:
        self._fields = QWidget()
        self._fields.setObjectName("plain")
        self._also = QWidget()
        self._also.setLayout(row(*self.also.values(), None, spacing=16))
        self.by_class.setVisible(self._has_classes)
        self._also.setVisible(self._session.of_pixels)
        more = QGridLayout()
        more.setHorizontalSpacing(16)
        more.setVerticalSpacing(8)
        more.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget | None, QWidget], ...] = (
            (tr("Pictures"), None, self.pictures),
            (tr("In folders"), None, self.link),
            ("", None, self._link_words),
            (tr("Masks also as") if self._session.of_pixels else "", None, self._also),
            (tr("Masks, report") if self._has_classes else "", None, self.by_class),
            (tr("In tables"), None, self.probabilities),
            (tr("Save in"), self.browse, self.place),
            (tr("Name"), None, self.name),
        )
        for place, (text, button, widget) in enumerate(rows):
            label = Label(text)
            label.setBuddy(widget)
            more.addWidget(label, place, 0)
            more.addWidget(widget, place, 1, 1, 1 if button else 2)
            if button is not None:
                more.addWidget(button, place, 2)
        self._fields.setLayout(column(self._format_grid(), 4, more, spacing=12))
        scroll = described(QScrollArea(), tr("What is made"))
        scroll.setToolTip("")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(panel("plain", row(self.preview, margins=(12, 10, 12, 10))))
        scroll.setMinimumHeight(96)
        card = panel("card", column(scroll, margins=(1, 1, 1, 1)))
        said = Label(tr("Choose what to take away and where to. Your own pictures are never changed."), "muted")
        foot = row(self.status, None, self.show_made, self.close_button, self.go)
        layout = column(said, self._fields, self._heading, card, self.bar, foot, spacing=12, margins=(20, 16, 20, 16))
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self.resize(640, 680)
        order = (
            *(*self.formats.values(), self.pictures, self.link, *self.also.values()),
            *(self.by_class, self.probabilities, self.place, self.browse, self.name),
        )
        for before, after in itertools.pairwise((*order, scroll, self.go, self.show_made, self.close_button)):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for box in (*self.formats.values(), *self.also.values(), self.by_class, self.probabilities):
            box.toggled.connect(self._changed)
        for choice in (self.pictures, self.link):
            choice.currentIndexChanged.connect(self._changed)
        for text in (self.place, self.name):
            text.textEdited.connect(self._changed)
        self.browse.clicked.connect(self._browse)
        self.go.clicked.connect(self.start)
        self.close_button.clicked.connect(self.reject)
        self.show_made.clicked.connect(self._reveal)
        self._exports.told.connect(self._note)
        self._exports.ended.connect(self._ended)
        self._exports.previewed.connect(self._show_preview)
        self._session.changed.connect(self._follow)

    # What is chosen -------------------------------------------------------------------------------------------------------------------

    def _restore(self, choice: ExportChoice) -> None:
        for name, box in self.formats.items():
            box.setChecked(name in choice.formats)
        for name, box in self.also.items():
            box.setChecked(name in choice.also)
        self.probabilities.setChecked(choice.probabilities)
        self.by_class.setChecked(choice.by_class and self._has_classes)
        self.link.setCurrentIndex(max(0, self.link.findData(choice.link)))
        place = choice.place if choice.place and Path(choice.place).is_dir() else str(Path.home())
        self.place.setText(printable(place))
        project = self._session.project
        self.name.setText(printable(project.folder.name) if project else "")
        self._fill_pictures(choice.pictures)

    def _fill_pictures(self, wanted: str) -> None:
        """Say how many pictures each choice means; those that mean none are not there."""
        session = self._session
        counts = {ALL: int(session.table.usable.sum()), SHOWN: len(session.shown_rows), SELECTED: int(session.selected.sum())}
        self.pictures.blockSignals(True)
        self.pictures.clear()
        for name, count in counts.items():
            if count or name == ALL:
                self.pictures.addItem(tr(numbered(count, *PICTURES[name]), count), name)
        self.pictures.setCurrentIndex(max(0, self.pictures.findData(wanted)))
        self.pictures.blockSignals(False)

    def choice(self) -> ExportChoice:
        """What is chosen now."""
        return ExportChoice(
            formats=tuple(name for name, box in self.formats.items() if box.isChecked() and not box.isHidden()),
            also=tuple(name for name, box in self.also.items() if box.isChecked()),
            pictures=str(self.pictures.currentData()),
            place=self.place.text().strip(),
            link=str(self.link.currentData()),
            probabilities=self.probabilities.isChecked(),
            by_class=self.by_class.isChecked(),
        )

    def _image_ids(self, pictures: str) -> IntArray | None:
        session = self._session
        if pictures == SELECTED:
            return session.selected_ids()
        return session.table.ids[session.shown_rows] if pictures == SHOWN else None

    def _changed(self) -> None:
        choice = self.choice()
        self.link.setEnabled("folders" in choice.formats or "hugging_face" in choice.formats)
        self._link_words.setText(tr(LINKS[choice.link][1]))
        self.probabilities.setEnabled(bool({"csv", "jsonl", "masks"} & set(choice.formats)))
        self._also.setEnabled("masks" in choice.formats)
        self.by_class.setEnabled(bool({"masks", "report"} & set(choice.formats)))
        if not self._is_running:
            self._made = None
            self._set_running(False)
            self.go.setEnabled(False)
            self._timer.start()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Save in"), self.place.text())
        if chosen:
            self.place.setText(chosen)
            self._changed()

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.close()
        elif not self._is_running and what & (Change.IMAGES | Change.CLUSTERS | Change.NAMES | Change.SHOWN | Change.SELECTION):
            self._fill_pictures(str(self.pictures.currentData()))
            # Groups change all the time while training goes on: that must neither take the button away nor put the preview off for ever.
            if self._made is None and not self._timer.isActive():
                self._timer.start()

    # What will be made ----------------------------------------------------------------------------------------------------------------

    def _ask_for_preview(self) -> None:
        choice = self.choice()
        if not choice.formats:
            self._say(tr("Choose at least one format."), "muted")
            return
        self._exports.preview(choice.request(self.name.text(), self._image_ids(choice.pictures), dry_run=True))

    def _show_preview(self, event: Event) -> None:
        if self._is_running or self._timer.isActive() or self._made is not None or not self.choice().formats:
            return
        if isinstance(event, RunFailed):
            self._say(told(event.message, event.hint), "warn")
        elif isinstance(event, RunFinished):
            self._say("\n".join(planned_words(record) for record in event.summary["planned"]), "")
            self.go.setEnabled(not self._exports.is_busy)

    def _say(self, text: str, role: str) -> None:
        self.preview.setText(printable(text))
        set_role(self.preview, "role", role)

    # While it runs, and after ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Write the files."""
        choice = self.choice()
        if not self._exports.start(choice.request(self.name.text(), self._image_ids(choice.pictures))):
            self._say_failure(StudioError(tr("Another export is under way."), tr("Wait for it to end.")))
            return
        self._preferences.set(_REMEMBERED, choice.as_text())
        self.status.setText(tr("Beginning…"))
        self._set_running(True)

    def _set_running(self, running: bool) -> None:
        self._is_running, self._is_ending = running, False
        self._fields.setEnabled(not running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 1000 if not running else 0)
        self.go.setVisible(not running and self._made is None)
        self.show_made.setVisible(self._made is not None)
        self._heading.setText(tr("What will be made") if self._made is None else tr("What was made"))
        self.close_button.setText(tr("Cancel") if running else tr("Close"))
        if not running:
            self.status.setText("")
        else:
            self.close_button.setFocus()

    def _note(self, event: Event) -> None:
        if not self._is_running or self._is_ending:
            return
        if isinstance(event, WarningRaised):
            self._say(f"{self.preview.text()}\n{event.message}".strip(), "")
        elif isinstance(event, ProgressMade):
            words = tr(STAGES.get(event.stage, event.stage))
            if event.total and event.stage in _COUNTED and event.total > 1:
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(1000 * event.done / event.total))
                left = tr(", {0} left", duration(event.eta_s)) if event.eta_s else ""
                words = tr("{0}: {1:,.0f} of {2:,.0f}{3}", words, event.done, event.total, left)
            else:
                self.bar.setRange(0, 0)
            self.status.setText(words)

    def _ended(self, last: Event | None) -> None:
        if not self._is_running:
            return
        if isinstance(last, RunFinished):
            self._made = Path(next(iter(last.summary["written"].values())))
            self._set_running(False)
            self.status.setText(tr("Done.") if not last.summary["failed"] else tr("Done, but not everything could be copied."))
            self._say("\n".join(done_words(last.summary)), "")
            self.show_made.setFocus()
        else:
            self._set_running(False)
            if isinstance(last, RunFailed):
                self._say_failure(StudioError(last.message, last.hint))
            else:
                self.status.setText(tr("Cancelled. Export again to go on."))
                self.go.setEnabled(True)
                self.go.setFocus()
        if self._close_when_ended:
            self.close()

    def _say_failure(self, error: StudioError) -> None:
        self._say(told(error.message, error.hint), "warn")
        self.go.setEnabled(True)

    def _reveal(self) -> None:
        if self._made is not None:
            reveal(self._made)

    def reject(self) -> None:
        """Escape and Cancel end an export that runs; another time they close the dialog as soon as it has ended."""
        if self._is_running:
            self._close_when_ended |= self._is_ending
            self._end()
            return
        super().reject()

    def _end(self) -> None:
        self._is_ending = True
        self.status.setText(tr("Ending after this file…"))
        self._exports.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_running:
            self._close_when_ended = True
            self._end()
            event.ignore()
            return
        self._timer.stop()
        super().closeEvent(event)


def show_export(session: Session, exports: Exports, preferences: Preferences, window: QWidget) -> None:
    """Open the dialog beside the window, or bring the open one to the front."""
    open_now = (one for one in window.findChildren(ExportDialog) if one.isVisible())
    dialog = next(open_now, None) or ExportDialog(session, exports, preferences, window)
    dialog.show()
    dialog.raise_()


def save_csv(session: Session, write: Callable[[Path], object], window: QWidget) -> None:
    """Ask where the table goes and have it written, without the dialog."""
    if session.project is None:
        return
    start = Path.home() / f"{printable(session.project.folder.name) or 'clusters'}.csv"
    chosen, _ = QFileDialog.getSaveFileName(window, tr("Save the clusters as CSV"), str(start), tr("CSV table (*.csv)"))
    if chosen:
        write(Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".csv"))
