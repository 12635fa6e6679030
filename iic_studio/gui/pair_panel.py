"""Sliders for the parameters of a pair, in groups; a slider to drag and a box for the exact number."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QScrollArea, QSlider, QWidget

from iic_studio.config import TransformSettings
from iic_studio.gui.language import tr
from iic_studio.gui.pair_fields import GROUPS, PairField, as_range, changed
from iic_studio.gui.widgets import Label, Panel, column, described

WIDTH = 316


class PairPanel(QScrollArea):
    """The panel. `changed` carries `TransformSettings` after each change by the person."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = TransformSettings()
        self.sliders: dict[str, QSlider] = {}
        self.boxes: dict[str, QDoubleSpinBox] = {}
        self.switches: dict[str, QCheckBox] = {}
        self._choices = Label("", "muted", wrap=True)
        self._body = Panel("sidePanel")
        parts: list[QWidget] = []
        for title, fields in GROUPS:
            group = QWidget()
            group.setLayout(self._make_group(fields))
            parts += [Label(tr(title).upper(), "section"), group]
            if title == "Crop":
                parts.append(self._choices)
        self._body.setLayout(column(*parts, None, spacing=6, margins=(16, 12, 12, 16)))
        self.setWidget(self._body)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(tr("Parameters of the pairs"))
        self.show_values(self._values)

    def _make_group(self, fields: tuple[PairField, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 104)
        for place, field in enumerate(fields):
            if field.is_switch:
                switch = self.switches[field.name] = described(QCheckBox(tr(field.label)), tr(field.label), tr(field.tip))
                switch.toggled.connect(lambda on, name=field.name: self._change(name, on))
                grid.addWidget(switch, place, 0, 1, 3)
                continue
            label = described(Label(tr(field.label)), tr(field.label), tr(field.tip))
            slider, box = self._make_slider(field), self._make_box(field)
            label.setBuddy(box)
            for column_, widget in enumerate((label, slider, box)):
                grid.addWidget(widget, place, column_)
        return grid

    def _make_slider(self, field: PairField) -> QSlider:
        low, high = field.range
        slider = self.sliders[field.name] = described(QSlider(Qt.Orientation.Horizontal), tr(field.label), tr(field.tip))
        slider.setRange(0, round((high - low) / field.step))
        slider.setPageStep(max(1, slider.maximum() // 10))
        slider.valueChanged.connect(lambda place: self._change(field.name, round(low + place * field.step, 6)))
        return slider

    def _make_box(self, field: PairField) -> QDoubleSpinBox:
        box = self.boxes[field.name] = described(QDoubleSpinBox(), tr(field.label), tr(field.tip))
        box.setDecimals(field.decimals)
        box.setSingleStep(field.step)
        box.setRange(*field.range)
        box.setFixedWidth(78)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self._change(field.name, value))
        return box

    @property
    def values(self) -> TransformSettings:
        """What is shown."""
        return self._values

    def show_values(self, values: TransformSettings) -> None:
        """Show settings; nothing is announced."""
        self._values = values
        for _, fields in GROUPS:
            for field in fields:
                value = getattr(as_range(values), field.name)
                if field.is_switch:
                    with QSignalBlocker(self.switches[field.name]):
                        self.switches[field.name].setChecked(value)
                    continue
                slider, box = self.sliders[field.name], self.boxes[field.name]
                with QSignalBlocker(slider), QSignalBlocker(box):
                    slider.setValue(round((value - field.range[0]) / field.step))
                    box.setValue(value)
        sizes = ", ".join(f"{side:.2f}" for side in values.crop_choices)
        self._choices.setText(tr("The copy shows one of: {0}. Its two sliders replace this by a range.", sizes) if sizes else "")
        self._choices.setVisible(bool(sizes))

    def set_changeable(self, on: bool) -> None:
        """Let the values be changed, or only seen."""
        self._body.setEnabled(on)

    def _change(self, name: str, value: float | bool) -> None:
        values = changed(self._values, name, value)
        if values != self._values:
            self.show_values(values)
            self.changed.emit(values)
