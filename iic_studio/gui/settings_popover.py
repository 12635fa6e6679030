"""The settings that people change, behind one button: kind of pictures, method, encoder, minutes, overclusters, seed, device."""

from typing import get_args

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFrame, QGridLayout, QPushButton, QSpinBox, QWidget

from iic_studio.config import PIXEL_PRESET, Device, Method, TrainSettings, load_preset, pixel_settings
from iic_studio.gui.encoder_box import EncoderBox
from iic_studio.gui.helptexts import preset_text
from iic_studio.gui.language import tr
from iic_studio.gui.method_words import AUTOMATIC, fits, method_does, method_name
from iic_studio.gui.other_settings import OtherSettings
from iic_studio.gui.pair_choice import PairChoice
from iic_studio.gui.preset_box import fill_presets, preset_words, show_preset
from iic_studio.gui.widgets import Label, column, described, plain_tooltip, row, set_role
from iic_studio.jobs.runs import say_settings

_WIDTH = 440


class SettingsPopover(QFrame):
    """A panel that closes when something else is clicked. `settings` turns it into what a run is started with.

    `suggestion_wanted` says that the suggestion shall be taken.
    """

    suggestion_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, choice: PairChoice | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._choice = choice or PairChoice(self)
        self.setObjectName("popover")
        self.setAccessibleName(tr("Training settings"))
        self.preset = described(QComboBox(), tr("Kind of pictures"), tr("Decides which changes of a picture leave it the same thing"))
        fill_presets(self.preset)
        self.pixel_preset = described(
            QComboBox(), tr("Kind of pictures"), tr("Decides at which scale areas are looked for, and what may change")
        )
        fill_presets(self.pixel_preset, "pixels")
        self._task = "images"
        self.method = described(
            QComboBox(), tr("Method"), tr("What is learned from: two views of a picture, and what may help beside them")
        )
        for name in get_args(Method):
            self.method.addItem(method_name(name), name)
            self.method.setItemData(self.method.count() - 1, plain_tooltip(method_does(name)), Qt.ItemDataRole.ToolTipRole)
        self._meaning = Label("", "muted", wrap=True)
        self.encoder = EncoderBox()
        self.minutes = described(
            QDoubleSpinBox(), tr("Minutes"), tr("How long to train; on its own as long as the number of pictures needs")
        )
        self.minutes.setRange(0.0, 10_000.0)
        self.minutes.setDecimals(1)
        self.minutes.setSpecialValueText(tr(AUTOMATIC))
        self.overclusters = described(
            QSpinBox(), tr("Overclusters"), tr("Clusters of the second head, which helps the network to see finer differences")
        )
        self.overclusters.setRange(1, 50_000)
        self.overclusters.setSpecialValueText(tr(AUTOMATIC))
        self.seed = described(QSpinBox(), tr("Seed"), tr("The same seed gives the same clusters on the same machine"))
        self.seed.setRange(0, 2**31 - 1)
        self.device = described(QComboBox(), tr("Device"), tr("Where to train"))
        for name in get_args(Device):
            self.device.addItem({"auto": tr(AUTOMATIC), "cpu": "CPU", "cuda": tr("NVIDIA GPU"), "mps": tr("Apple GPU")}[name], name)
        self._about = Label("", "muted", wrap=True)
        self._also, self._others = Label("", "muted", wrap=True), OtherSettings()
        self._reset = described(QPushButton(tr("Reset")), tr("Reset"), tr("Set everything back to “choose for me”"))
        self._reset.clicked.connect(self.reset)
        self.preset.currentIndexChanged.connect(lambda _: self._choice.choose(self.preset.currentData()))
        self.pixel_preset.currentIndexChanged.connect(lambda _: self._explain())
        self._choice.changed.connect(self._explain)
        self._choice.presets_changed.connect(self._refill)
        self.method.currentIndexChanged.connect(lambda _: self._explain_method())
        self.encoder.changed.connect(self._follow_encoder)
        self._make_suggestion()
        self._build()
        self._set_defaults()

    def _make_suggestion(self) -> None:
        self._suggested = QFrame()
        self._suggestion = Label("", wrap=True)
        tip = tr("Set method, encoder and number of clusters as suggested")
        self.take_suggestion = described(QPushButton(tr("Take it")), tr("Take it"), tip)
        self.take_suggestion.setProperty("role", "link")
        self.take_suggestion.clicked.connect(self.suggestion_wanted)
        self._suggested.setObjectName("diagnosis")
        set_role(self._suggested, "tone", "info")
        self._suggested.setLayout(column(self._suggestion, self.take_suggestion, spacing=4, margins=(12, 8, 12, 8)))

    def show_suggestion(self, words: str) -> None:
        """Say above the settings what is suggested; nothing hides it."""
        self._suggestion.setText(words)
        self._suggested.setVisible(bool(words))
        self._fit()

    def _build(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            (tr("Kind of pictures"), self.preset),
            (tr("Kind of pictures"), self.pixel_preset),
            ("", self._about),
            (tr("Encoder"), self.encoder),
            (tr("Method"), self.method),
            ("", self._meaning),
            (tr("Minutes"), self.minutes),
            (tr("Overclusters"), self.overclusters),
            (tr("Seed"), self.seed),
            (tr("Device"), self.device),
        )
        self._labels: dict[QWidget, Label] = {}
        for place, (text, widget) in enumerate(fields):
            self._labels[widget] = Label(text)
            form.addWidget(self._labels[widget], place, 0, Qt.AlignmentFlag.AlignTop if widget is self.encoder else Qt.AlignmentFlag(0))
            form.addWidget(widget, place, 1)
        self._labels[self.encoder].setContentsMargins(0, 8, 0, 0)
        note = Label(tr("They hold for the next training."), "muted")
        foot = row(note, None, self._reset)
        head = Label(tr("Training settings"), "heading")
        self.setLayout(column(head, self._suggested, form, self._also, foot, spacing=12, margins=(16, 16, 16, 16)))
        self.setFixedWidth(_WIDTH)
        self.drop_others()
        self.show_suggestion("")

    def set_task(self, task: str) -> None:
        """Show what can be set for whole pictures, or for pixels."""
        self._task = task
        is_pixels = task == "pixels"
        of_pictures = (self.preset, self.encoder, self.method, self._meaning)
        for widget, shown in (*((one, not is_pixels) for one in of_pictures), (self.pixel_preset, is_pixels)):
            widget.setVisible(shown)
            self._labels[widget].setVisible(shown)
        self._explain()

    def _refill(self) -> None:
        with QSignalBlocker(self.preset):
            fill_presets(self.preset)
            show_preset(self.preset, self._choice.preset)

    def _explain(self) -> None:
        with QSignalBlocker(self.preset):
            show_preset(self.preset, self._choice.preset)
        text = preset_words(self._choice)
        if self._task == "pixels":
            text = preset_text(load_preset(self.pixel_preset.currentData() or PIXEL_PRESET, "pixels"))
        self._about.setText(text)
        self._about.setToolTip(plain_tooltip(text))
        self._fit()

    def _explain_method(self) -> None:
        self._meaning.setText(method_does(self.method.currentData()))
        self._fit()

    def _follow_encoder(self) -> None:
        """Only methods that work with the encoder can be chosen."""
        encoder, model = self.encoder.name, self.method.model()
        assert isinstance(model, QStandardItemModel)
        for place in range(self.method.count()):
            model.item(place).setEnabled(fits(self.method.itemData(place), encoder))
        if not fits(self.method.currentData(), encoder):
            self.method.setCurrentIndex(0)
        self._explain_method()
        QTimer.singleShot(0, self, self._fit)  # when labels know their new heights

    def take(self, settings: TrainSettings) -> None:
        """Set what a suggestion says: method, encoder, and the rest of what it means as chosen by the program."""
        self.drop_others()
        self.encoder.take(settings.encoder, settings.weights)
        self.method.setCurrentIndex(self.method.findData(settings.method))
        self.minutes.setValue(self.minutes.minimum())
        self.overclusters.setValue(self.overclusters.minimum())
        self._choice.choose(settings.preset)

    def show_settings(self, asked: TrainSettings) -> None:
        """Set all that was asked for; a line names what the panel has no field for."""
        self.reset()
        if asked.task == "pixels":
            show_preset(self.pixel_preset, asked.preset)
        else:
            self._choice.choose(asked.preset)
            self._choice.change(asked.transforms)
            self.encoder.take(asked.encoder, asked.weights)
            self.method.setCurrentIndex(max(self.method.findData(asked.method), 0))
        minutes = asked.minutes or self.minutes.minimum()
        self.minutes.setDecimals(1 if round(minutes, 1) == minutes else 2)
        self.minutes.setValue(minutes)
        self.overclusters.setValue(asked.overclusters or self.overclusters.minimum())
        self.seed.setValue(asked.seed)
        self.device.setCurrentIndex(self.device.findData(asked.device))
        self._set_others(OtherSettings.of(asked, self._of_fields(asked.clusters, asked.task)))

    def drop_others(self) -> None:
        """Forget what was asked for and has no field."""
        self._set_others(OtherSettings())

    def _set_others(self, others: OtherSettings) -> None:
        self._others = others
        self._also.setText(tr("Also set: {0}.", say_settings(others.values)))
        self._also.setVisible(bool(others.values))
        self._fit()

    def reset(self) -> None:
        """Back to the defaults."""
        self.drop_others()
        self._choice.choose(None)
        self._set_defaults()

    def _set_defaults(self) -> None:
        self.encoder.take(TrainSettings().encoder)
        for box in (self.pixel_preset, self.method, self.device):
            box.setCurrentIndex(0)
        self.minutes.setValue(self.minutes.minimum())
        self.overclusters.setValue(self.overclusters.minimum())
        self.seed.setValue(TrainSettings().seed)
        self._explain_method()
        self._explain()

    def settings(self, clusters: int) -> TrainSettings:
        """What to train with.

        Raises:
            UsageError: a value out of its range.
        """
        return self._others.added_to(self._of_fields(clusters, self._task))

    def _of_fields(self, clusters: int, task: str) -> TrainSettings:
        automatic = self.overclusters.value() == self.overclusters.minimum()
        if task == "pixels":
            asked = {
                "preset": self.pixel_preset.currentData(),
                "minutes": self.minutes.value() or None,
                "overclusters": None if automatic else self.overclusters.value(),
                "device": self.device.currentData(),
            }
            return pixel_settings(clusters=clusters, seed=self.seed.value(), **{name: value for name, value in asked.items() if value})
        return TrainSettings(
            clusters=clusters,
            preset=self._choice.preset,
            transforms=self._choice.transforms,
            method=self.method.currentData(),
            encoder=self.encoder.name,
            weights=self.encoder.weights,
            minutes=self.minutes.value() or None,
            overclusters=None if automatic else self.overclusters.value(),
            seed=self.seed.value(),
            device=self.device.currentData(),
        )

    def _fit(self) -> None:
        """As high as what is shown needs at this width; parts that were hidden or shown just now count."""
        layouts = [layout for part in (self.encoder.files, self.encoder, self._suggested, self) if (layout := part.layout()) is not None]
        for layout in layouts:
            layout.activate()
        if self.layout() is not None:  # else it is still being built
            self.resize(_WIDTH, layouts[-1].totalHeightForWidth(_WIDTH))

    def open_below(self, button: QWidget) -> None:
        """Show the panel below a button."""
        self._fit()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 4)))
        self.show()
        (self.pixel_preset if self._task == "pixels" else self.preset).setFocus()
