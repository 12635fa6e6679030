"""Which network looks at the pictures: one that begins from nothing, or an encoder that others trained, with its file of weights.

Whether the weights are here is found out beside the window. Nothing is fetched: `download_wanted` says that somebody would like to.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from iic_studio.config import PRETRAINED, TIMM_PREFIX
from iic_studio.errors import StudioError
from iic_studio.gui.language import tr
from iic_studio.gui.method_words import ENCODERS, OWN, encoder_name, is_pretrained
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import ElidedLabel, Label, column, described, plain_tooltip, row, set_role
from iic_studio.training.download import Source, source_of
from iic_studio.training.encoders import MissingWeights, find_weights
from iic_studio.words import file_size

_OTHER = "other"
_NARROWEST = 200
_KINDS = "*.safetensors *.pth *.pt *.bin"


@dataclass(frozen=True)
class Weights:
    """Where the weights of an encoder lie; if they are not here, where they could be fetched from, and what to do in words."""

    path: Path | None = None
    source: Source | None = None
    words: str = ""


def look_for(encoder: str, file: str | None) -> Weights:
    """The weights of an encoder; imports torchvision, so it is for a thread."""
    try:
        try:
            return Weights(find_weights(encoder, Path(file) if file else None))
        except MissingWeights:
            source = source_of(encoder)
    except StudioError as error:
        return Weights(words=told(error.message, error.hint))
    if source is None:
        return Weights(words=tr("This encoder needs a file of weights. Choose the file."))
    words = tr(
        "The weights are not on this machine. Put {0} into {1}, or choose the file; it comes from {2}.",
        source.path.name,
        source.path.parent,
        source.url,
    )
    return Weights(source=source, words=words)


class _Words(Label):
    """Wrapped text of a height that is set: a layout that asks for height by width forgets the least heights of its other parts."""

    def hasHeightForWidth(self) -> bool:
        return False


class EncoderBox(QWidget):
    """The choice. `changed` tells of another encoder or file, `download_wanted` carries a `Source`."""

    changed = Signal()
    download_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side_thread = SideThread("iic-weights", self)
        self.source: Source | None = None
        self.encoder = described(
            QComboBox(),
            tr("Encoder"),
            tr("The network that looks at the pictures: one that learns from them alone, or one trained by others"),
        )
        for name in OWN:
            self.encoder.addItem(tr(ENCODERS[name]), name)
        self.encoder.insertSeparator(self.encoder.count())
        for name in PRETRAINED:
            self.encoder.addItem(encoder_name(name), name)
        self.encoder.addItem(tr("Another one, of timm…"), _OTHER)
        self.timm = described(QLineEdit(), tr("Name in timm"), tr("As timm lists it, for example vit_small_patch14_dinov2"))
        self.timm.setPlaceholderText("vit_small_patch14_dinov2")
        self.file = ElidedLabel(role="muted")
        self.choose = described(QPushButton(tr("Weight file…")), tr("Weight file"), tr("Choose the file that holds the encoder's weights"))
        self.forget = described(
            QPushButton(tr("Usual place")), tr("Usual place"), tr("Take the weights from where torchvision and timm keep them")
        )
        self.forget.setProperty("role", "link")
        self.state = _Words("", "muted", wrap=True)
        self.download = described(QPushButton(tr("Download…")), tr("Download"), tr("Asks before anything is fetched"))
        self._weights = ""
        self.files = QWidget()
        line = row(self.choose, self.file, self.forget)
        line.setStretch(1, 1)
        self.files.setLayout(column(line, self.state, row(self.download, None), spacing=6))
        self.setLayout(column(self.encoder, self.timm, self.files, spacing=6))
        self.encoder.currentIndexChanged.connect(self._changed)
        self.timm.editingFinished.connect(self._changed)
        self.choose.clicked.connect(lambda _=False: self.choose_file())
        self.forget.clicked.connect(lambda _=False: self.take_file(""))
        self.download.clicked.connect(lambda _=False: self.download_wanted.emit(self.source))
        self._show()

    @property
    def name(self) -> str:
        """The encoder, as settings name it."""
        chosen = str(self.encoder.currentData())
        if chosen != _OTHER:
            return chosen
        typed = self.timm.text().strip().removeprefix(TIMM_PREFIX)
        return f"{TIMM_PREFIX}{typed}" if typed else OWN[0]

    @property
    def weights(self) -> str | None:
        """The file that was chosen; None for the usual place."""
        return self._weights if self._weights and is_pretrained(self.name) else None

    def take(self, name: str, weights: str | None = None) -> None:
        """Choose an encoder."""
        place = self.encoder.findData(name)
        if place < 0 and name.startswith(TIMM_PREFIX):
            self.timm.setText(name.removeprefix(TIMM_PREFIX))
            place = self.encoder.findData(_OTHER)
        self._weights = weights or ""
        self.encoder.setCurrentIndex(max(place, 0))
        self._changed()

    def choose_file(self) -> None:
        """Ask for the file of weights."""
        kinds, panel = tr("Weights ({0})", _KINDS), self.window()
        was_open, owner = panel.isVisible(), panel.parentWidget() or panel
        chosen, _ = QFileDialog.getOpenFileName(owner, tr("Weights of {0}", self.name), str(Path.home()), kinds)
        if chosen:
            self.take_file(chosen)
        panel.setVisible(was_open)  # a panel that pops up closes when a dialog opens

    def take_file(self, path: str) -> None:
        """Take the weights from a file; empty: from the usual place."""
        self._weights = path
        self._changed()

    def look(self) -> None:
        """Find out again whether the weights are here."""
        name, weights = self.name, self.weights
        if not is_pretrained(name):
            self.side_thread.drop("weights")
            return
        self.state.setText(tr("Looking for the weights…"))
        self.side_thread.wish("weights", lambda: look_for(name, weights), self._take_state)

    def _take_state(self, found: Weights) -> None:
        self.source = found.source
        self.state.setText(found.words or tr("The weights are here."))
        self.state.setToolTip(plain_tooltip(str(found.path) if found.path else found.words))
        set_role(self.state, "role", "muted" if found.path else "warn")
        self.download.setVisible(found.source is not None)
        if found.source is not None:
            self.download.setText(tr("Download… ({0})", file_size(found.source.num_bytes)))
        self._fit()
        self.changed.emit()

    def _changed(self) -> None:
        self._show()
        self.look()
        self.changed.emit()

    def _show(self) -> None:
        pretrained = is_pretrained(self.name)
        self.timm.setVisible(self.encoder.currentData() == _OTHER)
        self.files.setVisible(pretrained)
        self.download.hide()
        self.source = None
        self.file.set_full(self._weights or tr("from the usual place"))
        self.forget.setVisible(bool(self._weights))
        self._fit()

    def _fit(self) -> None:
        """Ask for the height that everything needs at this width."""
        self.state.setFixedHeight(max(self.state.heightForWidth(max(self.width(), _NARROWEST)), 0))
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(layout.minimumSize().height())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def close_thread(self) -> None:
        """Wait for the thread; for the end of the window."""
        self.side_thread.close()
