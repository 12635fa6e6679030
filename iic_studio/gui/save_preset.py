"""The dialog that keeps changed parameters as a preset of one's own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QPushButton, QWidget

from iic_studio.config import Preset, TransformSettings, own_preset_names, save_preset
from iic_studio.errors import StudioError
from iic_studio.gui.language import tr
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, column, described


class SavePresetDialog(QDialog):
    """Asks for a name and a sentence. `saved` carries the name."""

    saved = Signal(str)

    def __init__(self, transforms: TransformSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transforms = transforms
        self.setWindowTitle(tr("Save as preset"))
        self.name = described(QLineEdit(), tr("Name"), tr("Under this name it is found in the list, and by --preset"))
        self.about = described(QLineEdit(), tr("Description"), tr("For which pictures it is; may stay empty"))
        self.name.setPlaceholderText(tr("e.g. moth wings"))
        self.about.setPlaceholderText(tr("For which pictures it is"))
        self.problem = Label("", "warn", wrap=True)
        buttons = QDialogButtonBox()
        self.save_button: QPushButton = buttons.addButton(tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("role", "primary")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._look)
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        for place, (text, field) in enumerate(((tr("Name"), self.name), (tr("Description"), self.about))):
            label = Label(text)
            label.setBuddy(field)
            form.addWidget(label, place, 0)
            form.addWidget(field, place, 1)
        hint = Label(tr("It is kept with your settings and can be chosen for any folder of pictures."), "muted", wrap=True)
        self.setLayout(column(hint, form, self.problem, buttons, spacing=12, margins=(16, 16, 16, 16)))
        self.setMinimumWidth(420)
        self._look()

    def _look(self) -> None:
        name = self.name.text().strip()
        self.save_button.setEnabled(bool(name))
        self.save_button.setText(tr("Replace") if name in own_preset_names() else tr("Save"))
        self.problem.setText("")

    def _save(self) -> None:
        name = self.name.text().strip()
        try:
            save_preset(Preset(name, self.about.text().strip(), self._transforms))
        except StudioError as error:
            self.problem.setText(told(error.message, error.hint))
            return
        self.saved.emit(name)
        self.accept()
