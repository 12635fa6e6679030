"""What the next training will treat as the same thing: a preset, or one with changes. The settings panel and the pairs page share it."""

from PySide6.QtCore import QObject, Signal

from iic_studio.config import TransformSettings


class PairChoice(QObject):
    """The choice. `changed` tells of another preset or another change, `presets_changed` of a preset saved."""

    changed = Signal()
    presets_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preset: str | None = None
        self._transforms: TransformSettings | None = None

    @property
    def preset(self) -> str | None:
        """Name of the preset; None is chosen from the pictures."""
        return self._preset

    @property
    def transforms(self) -> TransformSettings | None:
        """The changes, as whole settings; None while the preset holds as it is."""
        return self._transforms

    def choose(self, preset: str | None) -> None:
        """Take a preset as it is."""
        self._set(preset, None)

    def change(self, transforms: TransformSettings | None) -> None:
        """Depart from the preset, or go back to it with None."""
        self._set(self._preset, transforms)

    def _set(self, preset: str | None, transforms: TransformSettings | None) -> None:
        if (preset, transforms) != (self._preset, self._transforms):
            self._preset, self._transforms = preset, transforms
            self.changed.emit()
