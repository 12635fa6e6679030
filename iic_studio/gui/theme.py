"""The look: colours by role, cluster colours, the style sheet; light and dark.

`resources/theme.toml` holds everything. A widget that paints asks `tokens()` when it paints: the answer follows the application's palette,
so a switch needs no registration, only the palette change that Qt sends to every widget anyway. Cluster colours are the same in both.
"""

import functools
import string
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from iic_studio.paths import shipped

USUAL_PT = 9.0
GRID = 8
HALF = 4

Array = npt.NDArray[np.float64]


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
    return _tokens(_name(is_dark(), has_contrast()))


def apply(dark: bool, *, contrast: bool = False) -> None:
    """Give the whole application its palette and style sheet."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    colours = _tokens(_name(dark, contrast))
    application.setPalette(_palette(colours))
    files = {"up": "up", "down": "down", "left": "left", "right": "right", "check": "check-dark" if dark else "check-light"}
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
    "system": "Light or dark as the system.",
    "light": "Always light.",
    "dark": "Always dark.",
    "contrast": "High contrast, light or dark as the system.",
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


def palette_colour(number: int) -> str:
    """Colours that are told apart as well as can be, as `#rrggbb`; a cluster has that of its number unless a person chose another one."""
    colours = _cluster_colours()
    return colours[number % len(colours)]


@functools.lru_cache(maxsize=1)
def _cluster_colours(count: int = 128) -> tuple[str, ...]:
    """Okabe and Ito's colours, then always the candidate farthest from all taken ones, for full and for red-green-blind sight."""
    levels = np.linspace(0.0, 1.0, 12)
    candidates = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = _lab(candidates)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    usable = (lab[:, 0] > 38) & (lab[:, 0] < 82) & (chroma > 22)
    candidates, lab = candidates[usable], lab[usable]
    blind = _lab(_deuteranope(candidates))
    chosen = [str(name) for name in _file()["clusters"]["first"]]
    distance = np.full(len(candidates), np.inf)
    for position in range(count):
        if position < len(chosen):
            taken = np.array([[int(chosen[position][start : start + 2], 16) / 255 for start in (1, 3, 5)]])
        else:
            taken = candidates[[int(distance.argmax())]]
            red, green, blue = (round(float(part) * 255) for part in taken[0])
            chosen.append(f"#{red:02x}{green:02x}{blue:02x}")
        seen = np.linalg.norm(lab - _lab(taken), axis=1)
        seen_blind = np.linalg.norm(blind - _lab(_deuteranope(taken)), axis=1)
        distance = np.minimum(distance, np.minimum(seen, 1.5 * seen_blind))
    return tuple(chosen)


def _linear(rgb: Array) -> Array:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(rgb: Array) -> Array:
    """CIELAB (D65) of sRGB in 0–1, shape (N, 3)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = _linear(rgb) @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


def _deuteranope(rgb: Array) -> Array:
    """How a deuteranope sees sRGB colours. Source: Machado, Oliveira, Fernandes 2009, severity 1."""
    matrix = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
    seen = np.clip(_linear(rgb) @ matrix.T, 0.0, 1.0)
    return np.asarray(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))
