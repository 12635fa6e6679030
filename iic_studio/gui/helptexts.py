"""Short texts of the window that are longer than a label; they lie in `resources/help/`, those of another language in a folder below it."""

import tomllib

from iic_studio.config import Preset
from iic_studio.gui.language import ENGLISH, code
from iic_studio.paths import shipped


def meanings() -> dict[str, str]:
    """What each chart means."""
    return _texts("charts.toml")


def start_texts() -> dict[str, str]:
    """The sentences of the start page."""
    return _texts("start.toml")


def tour_texts() -> dict[str, str]:
    """The first steps."""
    return _texts("tour.toml")


def preset_text(preset: Preset) -> str:
    """What a preset is for. In another language only the program's own presets say so; those of a person say what the person wrote."""
    return preset.description if code() == ENGLISH else _texts("presets.toml").get(preset.name, preset.description)


def _texts(name: str) -> dict[str, str]:
    place = (name,) if code() == ENGLISH else (code(), name)
    texts: dict[str, str] = tomllib.loads(shipped("resources", "help", *place).read_text(encoding="utf-8"))
    return texts
