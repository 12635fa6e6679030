"""What the window can do, as data: names, icons, shortcuts, tooltips. The shortcut sheet is made from the same table."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

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
    Spec("pause", "Pause", "Let training stand still, and go on with the same key", ("Ctrl+P",), "pause"),
    Spec("stop", "Stop and keep", "End training now and keep what it has found", ("Ctrl+Return",), "stop"),
    Spec("resume", "Resume training", "Go on with the last run from its checkpoint", ("Ctrl+Shift+T",), "resume"),
    Spec("settings", "Settings", "Kind of pictures, minutes, seed, device", ("Ctrl+,",), "settings"),
    Spec("export", "Export", "Take results away: table, folders with pictures, report, model and more", ("Ctrl+E",), "export"),
    Spec("export_csv", "Save CSV", "Save a table: a line for each picture with its cluster", ("Ctrl+Shift+E",)),
    Spec("view", "View large", "Show the current picture over the whole window", ("Ctrl+D",), "fit"),
    Spec("fullscreen", "Full screen", "Fill the screen with the window, or go back", ("F11",), "fullscreen"),
    Spec("find", "Search", "Narrow what is shown to what fits", ("Ctrl+F",), "search"),
    Spec("similar", "Find similar", "Show the pictures most like the current one", ("Ctrl+Shift+F",), "search"),
    Spec("duplicates", "Find near-duplicates", "Group the pictures that are nearly the same", ("Ctrl+Shift+D",), "copy"),
    Spec("select_all", "Select all shown", "Select every picture that is shown", ("Ctrl+A",)),
    Spec(
        "select_invert", "Invert selection", "Select the shown pictures that are not selected, and the other way round", ("Ctrl+Shift+I",)
    ),
    Spec("select_none", "Select none", "Take back the selection", ("Esc",)),
    Spec("undo", "Undo", "Take the last correction back", ("Ctrl+Z",), "undo"),
    Spec("redo", "Redo", "Do again what was taken back", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Spec("rename", "Name…", "Name the cluster", ("F2",)),
    Spec("colour", "Colour…", "Give the cluster another colour", ("Ctrl+Shift+C",)),
    Spec("note", "Note…", "Write a note about the cluster", ("Ctrl+Shift+N",)),
    Spec("merge", "Merge", "Make one cluster of those selected in the list", ("Ctrl+M",)),
    Spec("split", "Split…", "Make several clusters of one", ("Ctrl+Shift+M",)),
    Spec("check", "Check…", "Look through the cluster, forty pictures at a time, and accept them", ("Ctrl+B",)),
    Spec("move", "Move to…", "Put the selected pictures into a cluster, or a new one", ("M",)),
    Spec("unsure", "Not sure", "Mark the selected pictures as not sure, or take the mark away", ("U",)),
    Spec("exclude", "Exclude", "Leave the selected pictures out of every cluster", ("Del",)),
    Spec("restore", "Restore", "Take excluded pictures back in", ("Shift+Del",)),
    Spec("give_back", "Give back to the model", "Let the model decide again where the selected pictures belong", ("Ctrl+Backspace",)),
    Spec("review", "Review the new run…", "See what a new run would change, and accept or refuse it", ("Ctrl+R",)),
    Spec("gallery", "Gallery", "Show the pictures", ("Ctrl+1", "1")),
    Spec("curves", "Curves", "Show how training goes", ("Ctrl+2", "2")),
    Spec("joint", "Joint", "Show which clusters are mixed up", ("Ctrl+3", "3")),
    Spec("map", "Map", "Show the pictures as points, like beside like", ("Ctrl+4", "4"), "map"),
    Spec("pairs", "Pairs", "Show what the program treats as the same thing", ("Ctrl+5", "5")),
    Spec("runs", "Runs", "Compare, name and choose trainings", ("Ctrl+6", "6")),
    Spec("masks", "Masks", "Show the areas found in each picture", ("Ctrl+7", "7")),
    Spec("rescan", "Look for new pictures", "Look through the folder again", ("F5",), "reset"),
    Spec("theme", "Light or dark", "As the system, always light, always dark, or in high contrast", ("Ctrl+L",), "theme"),
    Spec("shortcuts", "Shortcuts", "All keys at a glance", ("?", "F1"), "help"),
    Spec(
        "palette", "Find an action", "Everything the window can do and show, found by a few letters", ("Ctrl+K", "Ctrl+Shift+P"), "search"
    ),
    Spec("larger", "Larger text", "Make all text larger", ("Ctrl++", "Ctrl+=")),
    Spec("smaller", "Smaller text", "Make all text smaller", ("Ctrl+-",)),
    Spec("usual_size", "Usual text size", "Make all text as large as the system's", ("Ctrl+0",)),
    Spec("tour", "First steps", "Four short hints, as with the sample"),
    Spec("doctor", "Is everything in order?", "What is installed, what is wrong and how to mend it, as text to copy"),
    Spec("logs", "Open log folder", "Where the window writes down what went wrong"),
    Spec("about", "About IIC Studio", "Version, licence, and what it stands on"),
    Spec("quit", "Quit", "Close the window; training keeps a checkpoint", ("Ctrl+Q",)),
)

# In the help menu, and without keys: the palette finds them.
HELP = ("palette", "tour", "doctor", "logs", "about")

IN_THE_GALLERY = (
    ("Arrow keys, Page Up, Page Down, Home, End", "Go from picture to picture"),
    ("Shift with any of these, or Shift+click", "Select up to there"),
    ("Ctrl+click, or a frame drawn with the mouse", "Select several"),
    ("+ and −, or Ctrl and the wheel", "Larger and smaller pictures"),
    ("Space, Return, or double click", "View the picture large"),
    ("Arrow keys and Return, in the joint matrix", "Read a cell, show its pictures; with Shift choose a block of cells"),
    ("Double click in the list of clusters", "Name the cluster"),
    ("Ctrl+click in the list of clusters", "Select several, to merge them"),
    ("Ctrl+click on a cell of the joint", "Select its pictures"),
)

IN_THE_VIEWER = (
    ("Arrow keys, Home, End", "Next and previous picture, first and last"),
    ("+ and −, or the wheel", "Zoom in and out at the pointer"),
    ("0 and 1, or double click", "Fit to the window, 100 %"),
    ("Drag", "Move the picture"),
    ("Escape, Space or Return", "Back to the pictures"),
)

ON_THE_MAP = (
    ("Drag", "Draw around pictures to select them"),
    ("Shift or Alt with a drag or a click", "Add to the selection, take away from it"),
    ("Wheel, + and −", "Closer and farther"),
    ("Arrow keys, middle button, or Space and drag", "Move the map"),
    ("Home, or double click", "The whole map"),
)


ON_MASKS = (
    ("Space, held", "See the picture without its mask"),
    ("Arrow keys, Page Up, Page Down, Home, End", "Go from picture to picture"),
    ("Click, or Ctrl with the arrow keys", "Read a pixel: its class, and how likely each class is"),
    ("Shift with these", "Ten pixels at once"),
    ("+ and −, or the wheel; 0", "Zoom in and out; the whole picture"),
    ("Double click in the list of classes", "Name the class"),
)


def local_actions(window: QWidget) -> list[tuple[str, str]]:
    """(keys, what they do) of actions that belong to a part of the window and have keys."""
    native = QKeySequence.SequenceFormat.NativeText
    everywhere = {QKeySequence(key) for spec in SPECS for key in spec.keys}
    found: dict[str, str] = {}
    for action in window.findChildren(QAction):
        keys = [key for key in action.shortcuts() if key not in everywhere]
        if keys:
            parent = action.parent()
            owner = parent.accessibleName() if isinstance(parent, QWidget) else ""
            found["  or  ".join(key.toString(native) for key in keys) + (f", in {owner}" if owner else "")] = action.text()
    return sorted(found.items())


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


EDIT_MENU = (
    ("undo", "redo"),
    ("rename", "colour", "note", "merge", "split", "check"),
    ("move", "unsure", "exclude", "restore", "give_back"),
    ("review",),
)


def edit_menu(actions: Actions, owner: QWidget) -> QMenu:
    """The corrections as a menu; it speaks of them in the words the actions have at the moment."""
    menu = QMenu("Edit", owner)
    menu.setToolTipsVisible(True)
    for place, names in enumerate(EDIT_MENU):
        if place:
            menu.addSeparator()
        menu.addActions([actions[name] for name in names])
    return menu
