"""Labelling pixels on the page for masks: clicks and keys, the marks of what was said, pixels drawn at random, and masks by class.

The key of a class chooses it; from then on a click labels, or Return for a pixel that the arrow keys led to. A pixel that was drawn at
random waits for its class and gets it with the key at once. Only drawn pixels tell how right all pixels are.
"""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QCursor, QKeyEvent
from PySide6.QtWidgets import QMenu

from iic_studio.curation import pixel_edits
from iic_studio.curation.labels import ImageClass
from iic_studio.gui import theme
from iic_studio.gui.change import Change
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.language import tr
from iic_studio.gui.mask_page import MasksPage
from iic_studio.gui.mask_paint import Layer, class_layer
from iic_studio.gui.mask_state import LABELLED, Seen
from iic_studio.gui.pixel_panel import PixelPanel
from iic_studio.gui.session import Session, Shown
from iic_studio.gui.widgets import action, colour_icon
from iic_studio.jobs.mask_views import MaskView
from iic_studio.jobs.pixel_labelling import draw_pixels

Place = tuple[int, int, int]
_NEAR_PX = 8.0


class PixelLabelling(QObject):
    """Binds the page to its panel.

    Attributes:
        active: number of the class that a click gives; None: a menu asks.
        waiting: the pixel that waits for a class.
        drawn: the pixel that was drawn at random.
    """

    def __init__(self, session: Session, page: MasksPage, panel: PixelPanel) -> None:
        super().__init__(page)
        self._session, self._page, self._panel, self._masks = session, page, panel, session.masks
        self.active: int | None = None
        self.waiting: Place | None = None
        self.drawn: Place | None = None
        self._draws = np.random.default_rng()
        page.labelled_layer = self._layer
        for canvas in (page.canvas, page.original):
            canvas.pixel_asked.connect(self._clicked)
            canvas.installEventFilter(self)
        self.actions_ = self._make_actions()
        page.labels.toggled.connect(self._masks.set_labelling)
        session.changed.connect(self._follow)
        self._masks.changed.connect(self._see)
        panel.state.changed.connect(self._classes_changed)
        self._say()

    def _make_actions(self) -> list[QAction]:
        page, masks = self._page, self._masks
        return [
            action(page, tr("Label pixels"), lambda: masks.set_labelling(not masks.labels_pixels), "P"),
            action(page, tr("Ask for a pixel drawn at random"), self.draw, "N"),
            action(page, tr("Label this pixel"), self._label_marked, "Return"),
            action(page, tr("Take the label of this pixel back"), self._unlabel_marked, "Backspace"),
            action(page, tr("Mask by labelled classes"), masks.toggle_labelled, "C"),
        ]

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.active = self.waiting = self.drawn = None
        if what & (Change.LABELS | Change.PROJECT | Change.CLUSTERS | Change.SELECTION | Change.SHOWN):
            self._say()

    def _see(self, what: Seen) -> None:
        if what & Seen.MASK:
            self._mark_waiting()
        elif what & Seen.PIXEL and self.waiting is not None and self._marked() != self.waiting:
            self.waiting = self.drawn = None
        if what & (Seen.MASK | Seen.LOOK):
            self._say()

    def _classes_changed(self) -> None:
        if self._masks.colouring == LABELLED:
            self._page.paint_mask()

    def _say(self) -> None:
        """Marks of the picture in front, and what a click does."""
        known, image = self._session.curated.curation.known, self._page.image
        if self.active is not None and self.active not in known.classes:
            self.active = None
        marks: list[tuple[int, int, QColor]] = []
        if image is not None and self._masks.labels_pixels:
            points, classes = known.pixels.in_image(image)
            colours = dict(zip(known.classes, class_colours(list(known.classes.values())), strict=True))
            marks = [(x, y, QColor(colours[uid])) for (x, y), uid in zip(points.tolist(), classes.tolist(), strict=True) if uid in colours]
        for canvas in (self._page.canvas, self._page.original):
            canvas.show_marks(tuple(marks))
        if not known.classes:
            words = tr("Type the names of some classes first, for example: sky, water, land.")
        elif self.waiting is not None and self.drawn == self.waiting:
            words = tr("Drawn at random: which class is the pixel in the ring? Press its key; N draws another one.")
        elif self.active is not None:
            words = tr("A click labels as {0}. The key of another class chooses that one; Esc none.", known.classes[self.active].name)
        else:
            words = tr("A click asks which class the pixel is of. The key of a class chooses it for all clicks.")
        self._panel.now.setText(words)

    def _layer(self, view: MaskView) -> Layer | None:
        """The mask by class, for the page to paint."""
        made, ids = self._panel.state.made, self._panel.state.class_ids(view)
        if made is None or ids is None:
            return None
        colours = [QColor(one) for one in (*class_colours(made.classes), theme.tokens().border_strong)]
        table = np.array([(one.red(), one.green(), one.blue()) for one in colours], np.uint8)
        return class_layer(ids, table, np.ones(len(table), np.bool_), outline=self._masks.outline)

    # From the person ------------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not self._masks.labels_pixels:
            return False
        one = self._panel.labelling.class_of_key(event)
        is_escape = event.key() == Qt.Key.Key_Escape and self.active is not None
        if one is None and not is_escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif not event.isAutoRepeat():
            self.choose(one)
        return True

    def choose(self, one: ImageClass | None) -> None:
        """The key of a class, or none: it is the one for clicks, and that of the pixel that waits."""
        self.active = None if one is None else one.uid
        if one is not None and self.waiting is not None:
            self.label(self.waiting, one.uid)
        self._say()

    def _clicked(self, pixel: tuple[int, int]) -> None:
        image = self._page.image
        if not self._masks.labels_pixels or image is None:
            return
        place = self._nearest((image, *pixel))
        if self.active is not None:
            self.label(place, self.active)
        else:
            self._ask(place, QCursor.pos())

    def _nearest(self, place: Place) -> Place:
        """A mark under the pointer, else the pixel itself."""
        points, _ = self._session.curated.curation.known.pixels.in_image(place[0])
        if not len(points):
            return place
        apart = np.hypot(*(points - np.array(place[1:])).T) * self._page.canvas.scale
        near = int(apart.argmin())
        return (place[0], *points[near].tolist()) if apart[near] <= _NEAR_PX else place

    def _ask(self, place: Place, where: QPoint) -> None:
        """Let a menu ask for the class of a pixel."""
        known, menu = self._session.curated.curation.known, QMenu(tr("Label as"), self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        classes = tuple(known.classes.values())
        for one, colour in zip(classes, class_colours(classes), strict=True):
            words = f"{one.name}\t{one.key}" if one.key else one.name
            menu.addAction(colour_icon(colour), words.replace("&", "&&"), lambda uid=one.uid: self.label(place, uid))
        if classes:
            menu.addSeparator()
        menu.addAction(tr("New class…"), lambda: self._panel.labelling.ask_for_name(lambda uid: self.label(place, uid)))
        if known.pixels.rows([place])[0] is not None:
            menu.addSeparator()
            menu.addAction(tr("Take the label back"), lambda: self.unlabel(place))
        menu.popup(where)

    def label(self, place: Place, uid: int) -> None:
        """Say of which class a pixel is; after one that was drawn comes the next."""
        is_drawn = self.drawn == place
        self.waiting = self.drawn = None
        done = self._panel.labelling.do(lambda: pixel_edits.label_pixels(self._session.curated, np.array([place]), uid, at_random=is_drawn))
        if done and is_drawn:
            self.draw()

    def unlabel(self, place: Place) -> None:
        """Take back what was said of a pixel."""
        self._panel.labelling.do(lambda: pixel_edits.unlabel_pixels(self._session.curated, np.array([place])))

    def _marked(self) -> Place | None:
        """The pixel that is read."""
        pixel, image = self._masks.pixel, self._page.image
        return None if pixel is None or image is None else (image, *pixel)

    def _label_marked(self) -> None:
        place = self._marked()
        if place is None or not self._masks.labels_pixels:
            return
        if self.active is not None:
            self.label(self._nearest(place), self.active)
        else:
            canvas = self._page.canvas
            self._ask(self._nearest(place), canvas.mapToGlobal(canvas.rect().center()))

    def _unlabel_marked(self) -> None:
        place = self._marked()
        if place is not None and self._masks.labels_pixels:
            self.unlabel(self._nearest(place))

    # Drawn pixels ---------------------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Lead to a pixel drawn from all pixels of all pictures."""
        session, table = self._session, self._session.table
        usable = np.flatnonzero(table.usable & (table.width > 0) & (table.height > 0))
        if not len(usable):
            return
        self._masks.set_labelling(True)
        sizes = np.column_stack([table.ids[usable], table.width[usable], table.height[usable]]).astype(np.int64)
        image, x, y = draw_pixels(sizes, 1, self._draws)[0].tolist()
        self.waiting = self.drawn = (image, x, y)
        row = int(table.rows_of(np.array([image]))[0])
        if row not in session.shown_rows:
            session.show(Shown("all"))
        session.select(np.array([row]), row)
        self._mark_waiting()
        self._say()

    def _mark_waiting(self) -> None:
        """Put the ring around the pixel that waits, when its picture is there."""
        view = self._masks.view
        if self.waiting is not None and view is not None and view.image_id == self.waiting[0] and self._marked() != self.waiting:
            self._masks.ask_pixel(*self.waiting[1:])
