"""What the window can do, as data: names, icons, shortcuts, tooltips. The shortcut sheet is made from the same table."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from iic_studio.gui import icons


@dataclass(frozen=True)
class Spec:
    """One action. `keys` as Qt names them, the first is shown."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""


SPECS = (
    Spec("open", "Open folder", "Open a folder of pictures, or a project", ("Ctrl+O",), "open"),
    Spec("train", "Train", "Learn groups from the pictures, from the beginning", ("Ctrl+T",), "train"),
    Spec("pause", "Pause", "Let training stand still, and go on with the same key", ("Space",), "pause"),
    Spec("stop", "Stop and keep", "End training now and keep what it has found", ("Ctrl+Return",), "stop"),
    Spec("resume", "Resume training", "Go on with the last run from its checkpoint", ("Ctrl+Shift+T",), "resume"),
    Spec("settings", "Settings", "Kind of pictures, minutes, seed, device", ("Ctrl+,",), "settings"),
    Spec("export", "Export CSV", "Save a table: a line for each picture with its cluster", ("Ctrl+E",), "export"),
    Spec("gallery", "Gallery", "Show the pictures", ("Ctrl+1", "1")),
    Spec("curves", "Curves", "Show how training goes", ("Ctrl+2", "2")),
    Spec("joint", "Joint", "Show which clusters are mixed up", ("Ctrl+3", "3")),
    Spec("map", "Map", "Show the pictures as points, like beside like", ("Ctrl+4", "4"), "map"),
    Spec("rescan", "Look for new pictures", "Look through the folder again", ("F5",), "reset"),
    Spec("theme", "Light or dark", "As the system, always light, or always dark", ("Ctrl+L",), "theme"),
    Spec("shortcuts", "Shortcuts", "All keys at a glance", ("?", "F1"), "help"),
    Spec("quit", "Quit", "Close the window; training keeps a checkpoint", ("Ctrl+Q",)),
)

IN_THE_GALLERY = (
    ("Arrow keys, Page Up, Page Down, Home, End", "Go from picture to picture"),
    ("Shift with any of these, or Shift+click", "Select up to there"),
    ("Ctrl+click, or a frame drawn with the mouse", "Select several"),
    ("Ctrl+A", "Select all that are shown"),
    ("+ and −, or Ctrl and the wheel", "Larger and smaller pictures"),
    ("Return, or double click", "Open the picture with its usual program"),
    ("Ctrl+C", "Copy the paths of the selected pictures"),
    ("F2, or double click, in the list of clusters", "Name the cluster"),
)

ON_THE_MAP = (
    ("Drag", "Draw around pictures to select them"),
    ("Shift or Alt with a drag or a click", "Add to the selection, take away from it"),
    ("Wheel, + and −", "Closer and farther"),
    ("Arrow keys, middle button, or Space and drag", "Move the map"),
    ("Home, or double click", "The whole map"),
)


class Actions:
    """The window's actions by name."""

    def __init__(self, owner: QWidget, handlers: dict[str, Callable[[], object]]) -> None:
        self._all: dict[str, QAction] = {}
        for spec in SPECS:
            made = QAction(spec.text, owner)
            made.setShortcuts([QKeySequence(key) for key in spec.keys])
            made.setToolTip(f"{spec.tip} ({spec.keys[0]})" if spec.keys else spec.tip)
            made.triggered.connect(lambda _checked=False, name=spec.name: handlers[name]())
            owner.addAction(made)
            self._all[spec.name] = made
        self.dress()

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        for spec in SPECS:
            if spec.icon:
                self._all[spec.name].setIcon(icons.icon(spec.icon))
