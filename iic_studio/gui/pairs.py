"""The pairs page: what the program will treat as the same thing, live from the parameters beside it, before and during training."""

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from iic_studio.config import TrainSettings, TransformSettings, load_preset
from iic_studio.errors import StudioError
from iic_studio.gui import icons
from iic_studio.gui.flow import Flow
from iic_studio.gui.language import later, tr
from iic_studio.gui.method_words import AUTOMATIC
from iic_studio.gui.pair_grid import PairGrid
from iic_studio.gui.pair_panel import PairPanel
from iic_studio.gui.preset_box import fill_presets, show_preset
from iic_studio.gui.save_preset import SavePresetDialog
from iic_studio.gui.session import Change, Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, Panel, column, described, panel, row
from iic_studio.records import IntArray

SHOWN = 24
BEFORE = later("The program will treat these as the same thing. If you would not, weaken it.")
DURING = later("The training under way treats these as the same thing. They can be changed when it has ended.")
_SEEN = {
    "grey": later("in grey"),
    "sobel": later("as edges"),
    "rgb+sobel": later("in colour, with their edges beside"),
    "rgb": later("in colour"),
    "all": later("in all channels"),
}


class PairsPage(Panel):
    """The page. Pairs are drawn in a thread of its own; of the wishes that wait only the newest counts."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session, self._choice = session, session.pair_choice
        self._draw = 0
        self._automatic = "photographs"
        self.side_thread = SideThread("iic-pairs", self)
        self.preset = described(
            QComboBox(), tr("Kind of pictures"), tr("Presets: which changes leave a picture of this kind the same thing")
        )
        self.reset = described(QPushButton(tr("Reset to preset")), tr("Reset to preset"), tr("Take all changes back"))
        self.again = described(QPushButton(tr(" New draw")), tr("New draw"), tr("Other pictures, other changes; the parameters stay"))
        self.save = described(
            QPushButton(tr("Save as preset…")), tr("Save as preset"), tr("Keep these parameters under a name of your own")
        )
        fill_presets(self.preset)
        tools = (Label(tr("Pairs"), "heading"), self.preset, self.again, self.reset, self.save)
        header = Flow(tools, keep_right=2, margins=(16, 8, 16, 8))
        self.sentence = Label(tr(BEFORE), wrap=True)
        self.grid = PairGrid()
        self.empty = Label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.about = Label("", "muted", wrap=True)
        self.panel = PairPanel()
        card = column(self.sentence, self.grid, self.empty, self.about, margins=(16, 12, 16, 12))
        card.setStretch(1, 1)
        card.setStretch(2, 1)
        body = row(panel("card", card), panel("card", row(self.panel, margins=(1, 1, 1, 1))), spacing=16, margins=(16, 0, 16, 16))
        body.setStretch(0, 1)
        self.setLayout(column(panel("pageHeader", header), body, spacing=0))
        self.preset.activated.connect(lambda _: self._choice.choose(self.preset.currentData()))
        self.reset.clicked.connect(lambda: self._choice.change(None))
        self.again.clicked.connect(self.draw_again)
        self.save.clicked.connect(self.ask_for_name)
        self.panel.changed.connect(self._change)
        self._choice.changed.connect(self.refresh)
        self._choice.presets_changed.connect(self._refill)
        session.changed.connect(self._follow)
        self._dress()
        self.refresh()

    # What is asked for ----------------------------------------------------------------------------------------------------------------

    @property
    def is_training(self) -> bool:
        """Whether the pairs are those of a training under way."""
        return self._session.training_run is not None

    def settings(self) -> TrainSettings:
        """What the pairs are made with.

        Raises:
            StudioError: the preset cannot be read.
        """
        running = self._session.training_settings
        if self.is_training and running is not None:
            return TrainSettings.from_dict(running)
        return TrainSettings(clusters=2, preset=self._choice.preset, transforms=self._choice.transforms)

    def transforms(self) -> TransformSettings:
        """The parameters in force.

        Raises:
            StudioError: the preset cannot be read.
        """
        settings = self.settings()
        return settings.transforms or load_preset(settings.preset or self._automatic).transforms

    def _why_empty(self) -> str:
        """What to do before there is anything to show."""
        session = self._session
        if session.project is None:
            return tr("Open a folder of pictures first. The pairs that training would use appear here.")
        if session.job == "index" or (self.is_training and not (session.training_settings or {}).get("image_size")):
            return tr("The pictures are still being read. The pairs appear here when that is done.")
        if not session.table.usable.any():
            return tr("None of the files could be read as a picture. Choose another folder, or look under Problems.")
        return ""

    def _some_images(self) -> IntArray:
        """Ids of the pictures to show; the same for the same draw."""
        ids = self._session.table.ids[self._session.table.usable]
        return np.sort(np.random.default_rng(self._draw).choice(ids, min(SHOWN, len(ids)), replace=False))

    # Showing --------------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.grid.show_pairs(np.zeros((0, 1, 1, 3), np.uint8), np.zeros((0, 1, 1, 3), np.uint8), "")
        if what & (Change.PROJECT | Change.IMAGES | Change.JOB):
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the parameters in force, and draw the pairs anew if somebody looks."""
        training, why = self.is_training, self._why_empty()
        self.sentence.setText(tr(DURING if training else BEFORE))
        self.panel.set_changeable(not training)
        for widget in (self.preset, self.save):
            widget.setEnabled(not training)
        self.reset.setEnabled(not training and self._choice.transforms is not None)
        self.again.setEnabled(not why)
        self.empty.setText(why)
        self.empty.setVisible(bool(why))
        self.grid.setVisible(not why)
        self.about.setVisible(not why)
        with QSignalBlocker(self.preset):
            self.preset.setItemText(0, f"{tr(AUTOMATIC)}: {self._automatic}")
            show_preset(self.preset, self.settings().preset if training else self._choice.preset)
        try:
            self.panel.show_values(self.transforms())
            if not why and self.isVisible():
                self._ask()
        except StudioError as error:
            self._tell(error)

    def _ask(self) -> None:
        from iic_studio.jobs import show_pairs  # imports torch

        project, ids, settings, draw = self._session.project, self._some_images(), self.settings(), self._draw
        if project is not None:
            self.side_thread.wish("pairs", lambda: show_pairs(project, ids, settings, draw), self._take, self._tell, even_late=True)

    def _take(self, shown: object) -> None:
        from iic_studio.jobs.pairs import ShownPairs

        assert isinstance(shown, ShownPairs)
        size, planned = shown.first.shape[1], shown.settings
        words = tr("As the network sees them: {0} × {0} pixels, {1}.", size, tr(_SEEN.get(shown.inputs, shown.inputs)))
        if planned.neighbours:
            words += tr(" Half of the copies will be made of a picture that looks alike.")
        self.about.setText(words)
        if len(shown.first) == 1:
            words = tr("1 pair of a picture and its changed copy. {0}", words)
        else:
            words = tr("{0} pairs of a picture and its changed copy. {1}", len(shown.first), words)
        self.grid.show_pairs(shown.first, shown.second, words)
        if not self.is_training and self._choice.preset is None and planned.preset and planned.preset != self._automatic:
            self._automatic = planned.preset
            self.refresh()

    def _tell(self, error: StudioError) -> None:
        self.empty.setText(told(error.message, error.hint))
        self.empty.setVisible(True)
        self.grid.setVisible(False)
        self.about.setVisible(False)

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _change(self, values: TransformSettings) -> None:
        own = load_preset(self._choice.preset or self._automatic).transforms
        self._choice.change(None if values == own else values)

    def draw_again(self) -> None:
        """Other pictures and other changes."""
        self._draw += 1
        self.refresh()

    def ask_for_name(self) -> None:
        """Open the dialog that keeps the parameters as a preset."""
        dialog = SavePresetDialog(self.panel.values, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, name: str) -> None:
        self._choice.presets_changed.emit()
        self._choice.choose(name)

    def _refill(self) -> None:
        with QSignalBlocker(self.preset):
            fill_presets(self.preset)
        self.refresh()

    def focus_preset(self) -> None:
        """Lead to the list of presets."""
        self.preset.setFocus()

    def let_go(self) -> None:
        """Read no more files of the project."""
        self.side_thread.close()

    def _dress(self) -> None:
        self.again.setIcon(icons.icon("dice"))
        self.again.setIconSize(QSize(16, 16))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
