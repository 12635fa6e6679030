"""A person's hand on classes and labels: what the actions do, the menus for pictures and clusters, and the keys of the classes.

A class has one key. On the page for labels it labels the picture asked for; in the gallery the selected pictures, in the list of clusters
all pictures of the selected ones. Every edit is one step of the shared history.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QColorDialog, QDialog, QInputDialog, QMenu, QWidget

from iic_studio.curation import label_edits as edits
from iic_studio.curation import pixel_edits
from iic_studio.curation.labels import NOT_SURE, ImageClass
from iic_studio.errors import StudioError
from iic_studio.gui import theme
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.command_palette import Command
from iic_studio.gui.language import count_images, tr
from iic_studio.gui.shown import Found
from iic_studio.gui.widgets import colour_icon, name_fields
from iic_studio.project.command_log import Edit
from iic_studio.records import IntArray

if TYPE_CHECKING:
    from iic_studio.gui.session import Session

ON_IMAGES, ON_CLUSTERS = "pictures", "clusters"
_COLOURS = 8
_PLAIN = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class Labelling(QObject):
    """Edits of classes and labels, of the session as it is shown."""

    def __init__(self, session: "Session", parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    @property
    def classes(self) -> tuple[ImageClass, ...]:
        """The classes, in the order of their numbers."""
        return tuple(self._session.curated.curation.known.classes.values())

    def class_of_key(self, event: QKeyEvent) -> ImageClass | None:
        """The class that a key labels with; None for keys with Ctrl or Alt, and for those of no class."""
        typed = event.text().lower()
        if not typed or event.modifiers() not in _PLAIN:
            return None
        return next((one for one in self.classes if one.key.lower() == typed), None)

    def do(self, make: Callable[[], Edit]) -> bool:
        """Do an edit; mistakes of the person are told. Whether something was done."""
        steps = self._session.corrections.steps
        try:
            self._session.corrections.do(make())
        except StudioError as error:
            self._session.failed.emit(error)
        return self._session.corrections.steps != steps

    # Labels -----------------------------------------------------------------------------------------------------------------------------

    def label(self, images: IntArray, uid: int, *, weight: float | None = None) -> bool:
        """Say what pictures show.

        Args:
            weight: of a picture that the queue asked for; None: a person picked it.
        """
        curated = self._session.curated
        return bool(len(images)) and self.do(
            lambda: edits.label(curated, images, uid, from_queue=weight is not None, weight=weight if weight is not None else 0.0)
        )

    def unlabel(self, images: IntArray) -> bool:
        """Take back what was said of pictures."""
        curated = self._session.curated
        return bool(len(images)) and self.do(lambda: edits.unlabel(curated, images))

    def images_in(self, clusters: Sequence[int]) -> IntArray:
        """Ids of all pictures of some clusters."""
        curated = self._session.curated
        found: IntArray = curated.image_ids[np.isin(curated.group, clusters)]
        return found

    # Classes ----------------------------------------------------------------------------------------------------------------------------

    def define(self, typed: str) -> bool:
        """Add the classes of a typed text: names with commas between."""
        names = [name.strip() for name in typed.split(",") if name.strip()]
        return bool(names) and self.do(lambda: edits.define_classes(self._session.curated, names))

    def define_by_clusters(self) -> bool:
        """Make a class of each name that a person gave to a cluster; a cluster of pixels is of that class then."""
        if self._session.of_pixels:
            return self.do(lambda: pixel_edits.take_names_for_classes(self._session.curated))
        names = [group.name for group in self._session.curated.groups if group.name]
        return self.do(lambda: edits.define_classes(self._session.curated, names))

    def change(self, uid: int, *, name: str | None = None, key: str | None = None, colour: str | None = None) -> bool:
        """Give a class another name, key or colour."""
        return self.do(lambda: edits.change_class(self._session.curated, uid, name=name, key=key, colour=colour))

    def drop(self, uid: int) -> bool:
        """Take a class away, with its labels."""
        return self.do(lambda: edits.drop_class(self._session.curated, uid))

    def ask_for_name(self, then: Callable[[int], object] | None = None) -> None:
        """Ask for the name of a new class, and do something with it."""
        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle(tr("New class"))
        dialog.setLabelText(tr("Name of the class"))
        dialog.setTextValue("")
        name_fields(dialog)

        def take(name: str) -> None:
            if self.define(name) and then is not None:
                uid = self._session.curated.curation.known.uid_of(name.split(",")[0].strip())
                if uid is not None:
                    then(uid)

        dialog.textValueSelected.connect(take)
        _open(dialog)

    def choose_colour(self, uid: int, owner: QWidget) -> None:
        """Offer colours for a class."""
        menu = QMenu(tr("Colour"), owner)
        menu.aboutToHide.connect(menu.deleteLater)
        for number in range(_COLOURS):
            colour = theme.palette_colour(number)
            menu.addAction(colour_icon(colour, 16), tr("Colour {0}", number + 1), lambda colour=colour: self.change(uid, colour=colour))
        menu.addSeparator()
        menu.addAction(tr("Another colour…"), lambda: self._pick_colour(uid))
        menu.addAction(tr("Automatic"), lambda: self.change(uid, colour=""))
        menu.popup(owner.mapToGlobal(owner.rect().center()))

    def _pick_colour(self, uid: int) -> None:
        dialog = QColorDialog(self._parent)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(lambda colour: self.change(uid, colour=colour.name()))
        _open(dialog)

    def show_class(self, uid: int, *, labelled: bool = False) -> None:
        """Show the pictures that a class was found for, or those that were labelled with it."""
        session = self._session
        known, made = session.curated.curation.known, session.snapshot.classified
        if uid not in known.classes:
            return
        name = known.classes[uid].name
        if labelled:
            ids = known.labels.images[known.labels.classes == uid]
            session.show_found(Found(tr("Labelled {0}", name), ids))
        elif made is not None and len(made.found) == len(session.curated.image_ids):
            places = [place for place, one in enumerate(made.classes) if one.uid == uid]
            inside = np.flatnonzero(np.isin(made.found, places))
            inside = inside[np.argsort(-made.probability[inside], kind="stable")]
            session.show_found(Found(tr("Class {0}", name), session.curated.image_ids[inside], tr("Most certain first")))

    # Menus and keys ---------------------------------------------------------------------------------------------------------------------

    def fill(self, menu: QMenu, images: Callable[[], IntArray]) -> None:
        """Offer every class for some pictures, which are asked for when one is chosen."""
        menu.clear()
        for one, colour in zip(self.classes, class_colours(self.classes), strict=True):
            words = f"{one.name}\t{one.key}" if one.key else one.name
            menu.addAction(colour_icon(colour), words.replace("&", "&&"), lambda uid=one.uid: self.label(images(), uid))
        if self.classes:
            menu.addSeparator()
        menu.addAction(tr("New class…"), lambda: self.ask_for_name(lambda uid: self.label(images(), uid)))
        menu.addSeparator()
        menu.addAction(tr("Not sure"), lambda: self.label(images(), NOT_SURE))
        menu.addAction(tr("Take the label back"), lambda: self.unlabel(images()))

    def commands(self) -> list[Command]:
        """What the palette offers: label the selected pictures, show a class."""
        session, found = self._session, []
        if session.project is None or session.of_pixels:
            return []
        if session.selected.any():
            count = count_images(int(session.selected.sum()))
            found = [
                Command(tr("Label as {0}", one.name), lambda uid=one.uid: self.label(session.selected_ids(), uid), "", count)  # type: ignore[misc]
                for one in self.classes
            ]
        if session.snapshot.classified is not None:
            found += [Command(tr("Show class {0}", one.name), lambda uid=one.uid: self.show_class(uid)) for one in self.classes]  # type: ignore[misc]
        return found


class ClassKeys(QObject):
    """The keys of the classes inside a view: they label what is selected there, and go before what the window does with the same keys."""

    def __init__(self, labelling: Labelling, view: QWidget, images: Callable[[], IntArray]) -> None:
        super().__init__(view)
        self._labelling, self._images = labelling, images
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        one = self._labelling.class_of_key(event)
        if one is None or not len(self._images()):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif not event.isAutoRepeat():
            self._labelling.label(self._images(), one.uid)
        return True


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
