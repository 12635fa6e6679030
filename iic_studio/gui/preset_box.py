"""The list of presets, the program's and one's own, in whatever box shows it."""

from PySide6.QtWidgets import QComboBox

from iic_studio.config import load_preset, own_preset_names, preset_names
from iic_studio.errors import StudioError
from iic_studio.gui.helptexts import preset_text
from iic_studio.gui.language import tr
from iic_studio.gui.method_words import AUTOMATIC
from iic_studio.gui.pair_choice import PairChoice
from iic_studio.gui.telling import told


def fill_presets(box: QComboBox, task: str = "images") -> None:
    """List every preset for what is grouped; the data of an item is its name, None for the first."""
    box.clear()
    box.addItem(tr(AUTOMATIC), None)
    for name in preset_names(task):
        box.addItem(name.capitalize().replace("-", " "), name)
    own = own_preset_names() if task == "images" else []
    if own:
        box.insertSeparator(box.count())
    for name in own:
        box.addItem(name, name)


def show_preset(box: QComboBox, name: str | None) -> None:
    """Make a preset the current one of the box."""
    box.setCurrentIndex(max(box.findData(name) if name is not None else 0, 0))


def preset_words(choice: PairChoice) -> str:
    """What is chosen, in a sentence."""
    if choice.preset is None:
        words = tr("Chosen from the pictures: grey ones as documents, the rest as photographs.")
    else:
        try:
            words = preset_text(load_preset(choice.preset)) or tr("A preset of your own.")
        except StudioError as error:
            words = told(error.message, error.hint)
    return tr("{0} With changes made under Pairs.", words) if choice.transforms is not None else words
