"""Which displacement the joint of a pixel run is of: all together, or pixels so many cells right of and below each other."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from iic_studio.gui.mask_state import Seen
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, described, row

_ALL, _ONE = "all", "one"
_REACH = 4
_FARTHEST = 64


class OffsetBox(QWidget):
    """The choice. It is hidden where pictures are grouped, for a picture has no neighbours."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._masks = session, session.masks
        self.which = described(
            QComboBox(), "Displacement", "Pairs of pixels a few cells apart: all that training looked at, or one distance"
        )
        self.which.addItem("All displacements", _ALL)
        self.which.addItem("One displacement", _ONE)
        self.right, self.down = (
            described(QSpinBox(), name, f"How many cells of the network's map the second pixel lies {words} the first")
            for name, words in (("Cells to the right", "to the right of"), ("Cells down", "below"))
        )
        self._labels = Label("→"), Label("↓")
        self.setLayout(row(self.which, self._labels[0], self.right, self._labels[1], self.down, spacing=6))
        self.which.activated.connect(lambda _: self._choose())
        for box in (self.right, self.down):
            box.setFixedWidth(64)
            box.valueChanged.connect(lambda _: self._choose())
        session.changed.connect(self._follow)
        self._masks.changed.connect(lambda what: self._show() if what & Seen.OFFSET else None)
        self._show()

    def _choose(self) -> None:
        one = self.which.currentData() == _ONE
        self._masks.want_offset((self.right.value(), self.down.value()) if one else None)

    def _follow(self, what: Change) -> None:
        if what & (Change.JOB | Change.PROJECT | Change.CLUSTERS):
            self._show()

    def _show(self) -> None:
        settings, offset = self._session.trained_with, self._masks.offset
        is_pixels = settings.get("task") == "pixels"
        self.setVisible(is_pixels)
        if not is_pixels and offset is not None:
            self._masks.want_offset(None)
        reach = min(_FARTHEST, _REACH * max(int(settings.get("displacement") or 1), 1))
        blockers = [QSignalBlocker(widget) for widget in (self.which, self.right, self.down)]
        self.which.setCurrentIndex(0 if offset is None else 1)
        for place, box in enumerate((self.right, self.down)):
            box.setRange(-reach, reach)
            if offset is not None:
                box.setValue(offset[place])
        del blockers
        for widget in (*self._labels, self.right, self.down):
            widget.setVisible(offset is not None)
