"""The look: colours by role, cluster colours, the style sheet; light and dark.

`resources/theme.toml` holds everything. A widget that paints asks `tokens()` when it paints: the answer follows the application's palette,
so a switch needs no registration, only the palette change that Qt sends to every widget anyway. Cluster colours are the same in both.
"""

import functools
import string
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from iic_studio.curation.colours import palette_colour as palette_colour
from iic_studio.gui.language import later
from iic_studio.paths import shipped

USUAL_PT = 9.0
GRID = 8


@dataclass(frozen=True)
class Tokens:
    """Colours by role, as `#rrggbb`."""

    window: str
    surface: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    ok: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    ok_soft: str
    tooltip: str
    on_tooltip: str
    grid_line: str


@functools.lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = tomllib.loads(shipped("resources", "theme.toml").read_text(encoding="utf-8"))
    return loaded


@functools.lru_cache(maxsize=4)
def _tokens(name: str) -> Tokens:
    return Tokens(**_file()[name])


def _name(dark: bool, contrast: bool) -> str:
    return ("contrast-" if contrast else "") + ("dark" if dark else "light")


def is_dark() -> bool:
    """Whether the application's palette is a dark one."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def has_contrast() -> bool:
    """Whether the application's palette is one of high contrast: no other has pure black or white behind it."""
    return QApplication.palette().color(QPalette.ColorRole.Window).name() == _tokens(_name(is_dark(), True)).window


def tokens() -> Tokens:
    """The colours in use."""
    return _tokens_of_palette(QApplication.palette().cacheKey())


@functools.lru_cache(maxsize=4)
def _tokens_of_palette(_key: int) -> Tokens:
    return _tokens(_name(is_dark(), has_contrast()))


def apply(dark: bool, *, contrast: bool = False) -> None:
    """Give the whole application its palette and style sheet."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    colours = _tokens(_name(dark, contrast))
    application.setPalette(_palette(colours))
    end = "dark" if dark else "light"
    files = {"up": "up", "down": "down", "left": "left", "right": "right", "check": f"check-{end}", "dot": f"dot-{end}"}
    icons = {f"icon_{name}": shipped("resources", "icons", f"{file}.svg").as_posix() for name, file in files.items()}
    sheet = string.Template(_file()["style"]["sheet"])
    application.setStyleSheet(sheet.substitute(vars(colours) | icons | _sizes(application.font().pointSizeF())))


def _sizes(text: float) -> dict[str, str]:
    """Font sizes of the style sheet, which are written for text of 9 points, for text of another size."""
    text = text if text > 0 else USUAL_PT
    return {f"pt{size}": f"{size * text / USUAL_PT:.1f}pt" for size in range(6, 40)}


def _palette(colours: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.bad),
        (role.ToolTipBase, colours.tooltip),
        (role.ToolTipText, colours.on_tooltip),
        (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.Mid, colours.border),
        (role.Accent, colours.accent),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return palette


SCHEME_WORDS = {
    "system": later("Light or dark as the system."),
    "light": later("Always light."),
    "dark": later("Always dark."),
    "contrast": later("High contrast, light or dark as the system."),
}


class SchemeFollower(QObject):
    """Keeps the application light, dark or in high contrast: as the system, or as the person chose."""

    CHOICES = tuple(SCHEME_WORDS)

    def __init__(self, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = choice if choice in self.CHOICES else "system"
        QApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow()

    def choose(self, choice: str) -> None:
        """Set to `system`, `light`, `dark`, or `contrast`, which is light or dark as the system."""
        self.choice = choice
        self._follow()

    def _follow(self) -> None:
        system = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        contrast = self.choice == "contrast" or (self.choice == "system" and system_wants_contrast())
        apply(system if self.choice in ("system", "contrast") else self.choice == "dark", contrast=contrast)


def system_wants_contrast() -> bool:
    """Whether the system is set to high contrast; Qt tells from 6.10 on."""
    hints = getattr(QApplication.styleHints(), "accessibility", None)
    preference = getattr(hints(), "contrastPreference", None) if hints is not None else None
    return preference is not None and preference().name == "HighContrast"


# Cluster colours -----------------------------------------------------------------------------------------------------------------------


_chosen: tuple[str, ...] = ()


def use_group_colours(colours: Sequence[str]) -> None:
    """From now on these, as `#rrggbb`, are the colours of the clusters shown; there is one window, as there is one palette."""
    global _chosen
    _chosen = tuple(colours)


def cluster_colour(cluster: int) -> QColor:
    """The colour of a cluster as it is shown, the same in every view; grey below zero (not assigned)."""
    if cluster < 0:
        return QColor(tokens().border_strong)
    return QColor(_chosen[cluster] if cluster < len(_chosen) else palette_colour(cluster))
