"""What the window can do, as data: names, icons, shortcuts, tooltips. The shortcut sheet is made from the same table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from iic_studio.gui import icons
from iic_studio.gui.language import later, tr


@dataclass(frozen=True)
class Spec:
    """One action. `keys` as Qt names them, the first is shown."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""


SPECS = (
    Spec("open", later("Open folder"), later("Open a folder of pictures, or a project"), ("Ctrl+O",), "open"),
    Spec("train", later("Train"), later("Learn groups from the pictures, from the beginning"), ("Ctrl+T",), "train"),
    Spec("pause", later("Pause"), later("Let training stand still, and go on with the same key"), ("Ctrl+P",), "pause"),
    Spec("stop", later("Stop and keep"), later("End training now and keep what it has found"), ("Ctrl+Return",), "stop"),
    Spec("resume", later("Resume training"), later("Go on with the last run from its checkpoint"), ("Ctrl+Shift+T",), "resume"),
    Spec("settings", later("Settings"), later("Kind of pictures, minutes, seed, device"), ("Ctrl+,",), "settings"),
    Spec(
        "export", later("Export"), later("Take results away: table, folders with pictures, report, model and more"), ("Ctrl+E",), "export"
    ),
    Spec("export_csv", later("Save CSV"), later("Save a table: a line for each picture with its cluster"), ("Ctrl+Shift+E",)),
    Spec("view", later("View large"), later("Show the current picture over the whole window"), ("Ctrl+D",), "fit"),
    Spec("fullscreen", later("Full screen"), later("Fill the screen with the window, or go back"), ("F11",), "fullscreen"),
    Spec("find", later("Search"), later("Narrow what is shown to what fits"), ("Ctrl+F",), "search"),
    Spec("similar", later("Find similar"), later("Show the pictures most like the current one"), ("Ctrl+Shift+F",), "search"),
    Spec("duplicates", later("Find near-duplicates"), later("Group the pictures that are nearly the same"), ("Ctrl+Shift+D",), "copy"),
    Spec("select_all", later("Select all shown"), later("Select every picture that is shown"), ("Ctrl+A",)),
    Spec(
        "select_invert",
        later("Invert selection"),
        later("Select the shown pictures that are not selected, and the other way round"),
        ("Ctrl+Shift+I",),
    ),
    Spec("select_none", later("Select none"), later("Take back the selection"), ("Esc",)),
    Spec("undo", later("Undo"), later("Take the last correction back"), ("Ctrl+Z",), "undo"),
    Spec("redo", later("Redo"), later("Do again what was taken back"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Spec("rename", later("Name…"), later("Name the cluster"), ("F2",)),
    Spec("colour", later("Colour…"), later("Give the cluster another colour"), ("Ctrl+Shift+C",)),
    Spec("note", later("Note…"), later("Write a note about the cluster"), ("Ctrl+Shift+N",)),
    Spec("merge", later("Merge"), later("Make one cluster of those selected in the list"), ("Ctrl+M",)),
    Spec("compare", later("Compare"), later("Lay the two clusters that are selected in the list side by side"), ("Ctrl+Shift+B",)),
    Spec("split", later("Split…"), later("Make several clusters of one"), ("Ctrl+Shift+M",)),
    Spec("check", later("Check…"), later("Look through the cluster, forty pictures at a time, and accept them"), ("Ctrl+B",)),
    Spec("move", later("Move to…"), later("Put the selected pictures into a cluster, or a new one"), ("M",)),
    Spec("unsure", later("Not sure"), later("Mark the selected pictures as not sure, or take the mark away"), ("U",)),
    Spec("exclude", later("Exclude"), later("Leave the selected pictures out of every cluster"), ("Del",)),
    Spec("restore", later("Restore"), later("Take excluded pictures back in"), ("Shift+Del",)),
    Spec(
        "give_back",
        later("Give back to the model"),
        later("Let the model decide again where the selected pictures belong"),
        ("Ctrl+Backspace",),
    ),
    Spec("review", later("Review the new run…"), later("See what a new run would change, and accept or refuse it"), ("Ctrl+R",)),
    Spec("gallery", later("Gallery"), later("Show the pictures"), ("Ctrl+1", "1")),
    Spec("curves", later("Curves"), later("Show how training goes"), ("Ctrl+2", "2")),
    Spec("joint", later("Joint"), later("Show which clusters are mixed up"), ("Ctrl+3", "3")),
    Spec("map", later("Map"), later("Show the pictures as points, like beside like"), ("Ctrl+4", "4"), "map"),
    Spec("pairs", later("Pairs"), later("Show what the program treats as the same thing"), ("Ctrl+5", "5")),
    Spec("runs", later("Runs"), later("Compare, name and choose trainings"), ("Ctrl+6", "6")),
    Spec("masks", later("Masks"), later("Show the areas found in each picture"), ("Ctrl+7", "7")),
    Spec("labels", later("Labels"), later("What to label next, the map from clusters to classes, and how right it is"), ("Ctrl+8", "8")),
    Spec("label", later("Label as…"), later("Say what the selected pictures show"), ("L",)),
    Spec("unlabel", later("Take the label back"), later("Forget what was said of the selected pictures"), ("Shift+L",)),
    Spec("import_labels", later("Import labels…"), later("Read labels from a table or the names of folders, with a report"), ("Ctrl+I",)),
    Spec(
        "fine_tune", later("Fine-tune…"), later("Learn classes from the labels in other ways, compare, and use the best"), ("Ctrl+Shift+L",)
    ),
    Spec(
        "suggestion",
        later("Take the suggestion"),
        later("Set method, encoder and number of clusters as suggested for this folder"),
        ("Ctrl+Shift+G",),
    ),
    Spec("baselines", later("Baselines…"), later("Run simple methods on the same pictures, to compare with"), ("Ctrl+Shift+K",)),
    Spec(
        "stability",
        later("Stability…"),
        later("Repeat the run shown with other seeds, and see which clusters come back"),
        ("Ctrl+Shift+S",),
    ),
    Spec("rescan", later("Look for new pictures"), later("Look through the folder again"), ("F5",), "reset"),
    Spec("theme", later("Light or dark"), later("As the system, always light, always dark, or in high contrast"), ("Ctrl+L",), "theme"),
    Spec("shortcuts", later("Shortcuts"), later("All keys at a glance"), ("?", "F1"), "help"),
    Spec(
        "palette",
        later("Find an action"),
        later("Everything the window can do and show, found by a few letters"),
        ("Ctrl+K", "Ctrl+Shift+P"),
        "search",
    ),
    Spec("larger", later("Larger text"), later("Make all text larger"), ("Ctrl++", "Ctrl+=")),
    Spec("smaller", later("Smaller text"), later("Make all text smaller"), ("Ctrl+-",)),
    Spec("usual_size", later("Usual text size"), later("Make all text as large as the system's"), ("Ctrl+0",)),
    Spec("language", later("Language…"), later("English, German, or as the system; from the next start on")),
    Spec("tour", later("First steps"), later("Five short hints, as with the sample")),
    Spec("doctor", later("Is everything in order?"), later("What is installed, what is wrong and how to mend it, as text to copy")),
    Spec("logs", later("Open log folder"), later("Where the window writes down what went wrong")),
    Spec("about", later("About IIC Studio"), later("Version, licence, and what it stands on")),
    Spec("quit", later("Quit"), later("Close the window; training keeps a checkpoint"), ("Ctrl+Q",)),
)

# In the help menu, and without keys: the palette finds them.
HELP = ("palette", "tour", "language", "doctor", "logs", "about")

IN_THE_GALLERY = (
    (later("Arrow keys, Page Up, Page Down, Home, End"), later("Go from picture to picture")),
    (later("Shift with any of these, or Shift+click"), later("Select up to there")),
    (later("Ctrl+click, or a frame drawn with the mouse"), later("Select several")),
    (later("+ and −, or Ctrl and the wheel"), later("Larger and smaller pictures")),
    (later("Space, Return, or double click"), later("View the picture large")),
    (later("Arrow keys and Return, in the joint matrix"), later("Read a cell, show its pictures; with Shift choose a block of cells")),
    (later("Double click in the list of clusters"), later("Name the cluster")),
    (later("Ctrl+click in the list of clusters"), later("Select several, to merge them, or two to compare them")),
    (later("Ctrl+Right and Ctrl+Left, beside each other"), later("Move the selected pictures to the cluster at the right, at the left")),
    (later("Ctrl+click on a cell of the joint"), later("Select its pictures")),
)

IN_THE_VIEWER = (
    (later("Arrow keys, Home, End"), later("Next and previous picture, first and last")),
    (later("+ and −, or the wheel"), later("Zoom in and out at the pointer")),
    (later("0 and 1, or double click"), later("Fit to the window, 100 %")),
    (later("Drag"), later("Move the picture")),
    (later("Escape, Space or Return"), later("Back to the pictures")),
)

ON_THE_MAP = (
    (later("Drag"), later("Draw around pictures to select them")),
    (later("Shift or Alt with a drag or a click"), later("Add to the selection, take away from it")),
    (later("Wheel, + and −"), later("Closer and farther")),
    (later("Arrow keys, middle button, or Space and drag"), later("Move the map")),
    (later("Home, or double click"), later("The whole map")),
)


ON_MASKS = (
    (later("Space, held"), later("See the picture without its mask")),
    (later("Arrow keys, Page Up, Page Down, Home, End"), later("Go from picture to picture")),
    (later("Click, or Ctrl with the arrow keys"), later("Read a pixel: its class, and how likely each class is")),
    (later("Shift with these"), later("Ten pixels at once")),
    (later("+ and −, or the wheel; 0"), later("Zoom in and out; the whole picture")),
    (later("Double click in the list of classes"), later("Name the class")),
    (later("P, then the key of a class and a click"), later("Say of which class a pixel is")),
)


ON_LABELS = (
    (later("The key of a class"), later("Label the picture with it and go on; in the gallery and the list of clusters, what is selected")),
    (later("Space or Right"), later("Skip, or go on")),
    (later("Backspace or Left"), later("Back to the picture before")),
    ("U", later("Not sure what it is")),
    (later("Del"), later("Take the label back")),
)


def local_actions(window: QWidget) -> list[tuple[str, str]]:
    """(keys, what they do) of actions that belong to a part of the window and have keys."""
    everywhere = {QKeySequence(key) for spec in SPECS for key in spec.keys}
    found: dict[str, str] = {}
    for action in window.findChildren(QAction):
        keys = [key for key in action.shortcuts() if key not in everywhere]
        if keys:
            parent = action.parent()
            owner = parent.accessibleName() if isinstance(parent, QWidget) else ""
            found[in_words(keys) + (f" ({owner})" if owner else "")] = action.text()
    return sorted(found.items())


def native(keys: str | QKeySequence) -> str:
    """Keys as they stand on the keyboard, in the language in force."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def in_words(ways: Iterable[str | QKeySequence]) -> str:
    """All keys for one thing."""
    return tr("  or  ").join(map(native, ways))


class Actions:
    """The window's actions by name."""

    def __init__(self, owner: QWidget, handlers: dict[str, Callable[[], object]]) -> None:
        self._all: dict[str, QAction] = {}
        for spec in SPECS:
            made = QAction(tr(spec.text), owner)
            made.setShortcuts([QKeySequence(key) for key in spec.keys])
            made.setToolTip(f"{tr(spec.tip)} ({native(spec.keys[0])})" if spec.keys else tr(spec.tip))
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
    ("rename", "colour", "note", "merge", "compare", "split", "check"),
    ("move", "unsure", "exclude", "restore", "give_back"),
    ("label", "unlabel", "import_labels", "fine_tune"),
    ("review",),
)


def edit_menu(actions: Actions, owner: QWidget) -> QMenu:
    """The corrections as a menu; it speaks of them in the words the actions have at the moment."""
    menu = QMenu(tr("Edit"), owner)
    menu.setToolTipsVisible(True)
    for place, names in enumerate(EDIT_MENU):
        if place:
            menu.addSeparator()
        menu.addActions([actions[name] for name in names])
    return menu
