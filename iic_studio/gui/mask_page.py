"""The masks page: one large picture with its mask, how the mask is painted, and the other pictures below.

It shows what `session.masks` holds; who computes masks is told by `wanted` that another picture is looked at.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSizeF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QImage, QKeyEvent, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QSplitter, QWidget

from iic_studio.gui.canvas import STEP
from iic_studio.gui.files import high_bit_range_of, path_of, printable
from iic_studio.gui.flow import Flow
from iic_studio.gui.language import amount, percent, tr
from iic_studio.gui.mask_canvas import MaskCanvas, layer_image
from iic_studio.gui.mask_paint import Layer, class_layer, heat_colours, heat_layer
from iic_studio.gui.mask_state import CLASSES, LABELLED, UNCERTAINTY, PixelClass, Seen
from iic_studio.gui.mask_strip import MaskStrip
from iic_studio.gui.picture_loader import Loaded, PictureLoader, Wanted
from iic_studio.gui.session import Change, Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, Panel, action, column, described, panel, row
from iic_studio.jobs.mask_views import MaskView

_AHEAD = (1, -1, 2)
_MOVES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_FAR = 10


class HeatKey(QWidget):
    """What the colours of uncertainty mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(72, 12)
        described(self, tr("Colours from certain to uncertain"))

    def paintEvent(self, event: QPaintEvent) -> None:
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for place, colour in enumerate(heat_colours()[::51].tolist()):
            gradient.setColorAt(place / 5, QColor(*colour))
        QPainter(self).fillRect(self.rect(), gradient)


class MasksPage(Panel):
    """The page. `wanted` says that another picture is looked at, or that somebody looks at all."""

    wanted = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session, self._thumbnails, self.masks = session, thumbnails, session.masks
        self.image: int | None = None
        self.chosen_class: Callable[[], PixelClass | None] = lambda: None  # the panel beside the page knows
        self.step_class: Callable[[int], object] = lambda _by: None
        self.labelled_layer: Callable[[MaskView], Layer | None] = lambda _view: None  # and what labels make of a mask
        self._wish: Wanted | None = None
        self._known: Loaded | None = None
        self._place = -1
        self.loader = PictureLoader(self)
        self.canvas, self.original = MaskCanvas(), MaskCanvas()
        self.original.setAccessibleName(tr("The picture without its mask"))
        self.strip = MaskStrip(session, thumbnails)
        self._make_header()
        self._make_actions()
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(2)
        sides.addWidget(self.original)
        sides.addWidget(self.canvas)
        self.original.hide()
        self._sides = sides
        self._note = Label("", "muted", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note_line = panel("pageHeader", row(self._note, margins=(16, 4, 16, 8)))
        body = column(self._header, self._note_line, sides, self.strip, spacing=0)
        body.setStretch(2, 1)
        self.setLayout(body)
        self._connect()
        self._look()

    def _make_header(self) -> None:
        self.colouring = described(QComboBox(), tr("Colours"), tr("Paint the class of each pixel, or how unsure the network is of it (E)"))
        self.colouring.addItem(tr("Classes"), CLASSES)
        self.colouring.addItem(tr("Uncertainty"), UNCERTAINTY)
        self.colouring.addItem(tr("Labelled classes"), LABELLED)
        self.labels = described(QCheckBox(tr("Label pixels")), tr("Label pixels"), tr("Clicks say of which class a pixel is (P)"))
        self.opacity = described(
            QSlider(Qt.Orientation.Horizontal),
            tr("Opacity of the mask"),
            tr("How strongly the mask covers the picture ([ and ]); hold Space to see the picture alone"),
        )
        self.opacity.setRange(0, 100)
        self.opacity.setFixedWidth(96)
        self.outline = described(QCheckBox(tr("Outlines")), tr("Outlines"), tr("Only the borders between classes (O)"))
        self.side_by_side = described(QCheckBox(tr("Side by side")), tr("Side by side"), tr("The picture without its mask beside it (B)"))
        self.follow = described(QCheckBox(tr("Live")), tr("Live"), tr("While training runs, show what the network says now (F)"))
        self._heat = row(Label(tr("certain"), "muted"), HeatKey(), Label(tr("uncertain"), "muted"), spacing=6)
        self._heat_box = QWidget()
        self._heat_box.setLayout(self._heat)
        self.zoom = described(Label(role="number"), tr("Zoom"))
        opacity = Label(tr("Opacity"))
        opacity.setBuddy(self.opacity)
        parts = (
            self.colouring,
            self._heat_box,
            opacity,
            self.opacity,
            self.outline,
            self.side_by_side,
            self.labels,
            self.follow,
            self.zoom,
        )
        header = Flow(parts, keep_right=len(parts) - 1, margins=(16, 8, 16, 8))
        self._header = panel("pageHeader", header)

    def _make_actions(self) -> None:
        masks = self.masks

        def flip(name: str) -> Callable[[], object]:
            box: QCheckBox = getattr(self, name)
            return lambda: box.setChecked(not box.isChecked())

        lines: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (tr("Outlines of the mask"), "O", flip("outline")),
            (tr("Uncertainty of the mask"), "E", self._other_colouring),
            (tr("Picture and mask side by side"), "B", flip("side_by_side")),
            (tr("Live mask while training runs"), "F", flip("follow")),
            (tr("Stronger mask"), "]", lambda: masks.step_opacity(1)),
            (tr("Weaker mask"), "[", lambda: masks.step_opacity(-1)),
            (tr("Next class"), ".", lambda: self.step_class(1)),
            (tr("Class before"), ",", lambda: self.step_class(-1)),
            (tr("Show this class alone, or all again"), "S", lambda: self._with_class(masks.solo)),
            (tr("Hide this class, or show it"), "H", lambda: self._with_class(masks.toggle)),
            (tr("Show all classes"), "A", masks.show_all),
        )
        self.looks: list[QAction] = [action(self, text, do, key) for text, key, do in lines]
        self.setAccessibleName(tr("masks"))

    def _connect(self) -> None:
        masks = self.masks
        self.colouring.activated.connect(lambda _: masks.set_colouring(self.colouring.currentData()))
        self.opacity.valueChanged.connect(lambda value: masks.set_opacity(value / 100))
        self.outline.toggled.connect(masks.set_outline)
        self.side_by_side.toggled.connect(masks.set_side_by_side)
        self.follow.toggled.connect(masks.follow_training)
        self.strip.chosen.connect(self.go_to)
        self.loader.loaded.connect(self._take)
        self.canvas.zoomed.connect(self._say_zoom)
        for one, other in ((self.canvas, self.original), (self.original, self.canvas)):
            one.pixel_asked.connect(lambda pixel: masks.ask_pixel(*pixel))
            one.zoomed.connect(lambda _scale, one=one, other=other: other.look_as(one) if one.isVisible() and other.isVisible() else None)
            one.pixels_wanted.connect(self._want_whole)
        self._session.changed.connect(self._follow)
        masks.changed.connect(self._see)

    # Which picture --------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._forget()
        if what & (Change.SHOWN | Change.SELECTION | Change.IMAGES | Change.PROJECT) and self.isVisible():
            self._settle()
        if what & Change.IMAGES and self._wish is not None and self.isVisible():
            self.loader.want(self._wish, (), self._side())  # its file may be another one by now
        if what & (Change.CLUSTERS | Change.NAMES):
            self.paint_mask()
            self.strip.refresh()
        if what & (Change.JOB | Change.PROJECT):
            self._look()

    def showEvent(self, event: object) -> None:
        self._settle()
        self.wanted.emit()

    def hideEvent(self, event: object) -> None:
        self.masks.hide_for_now(False)

    def _settle(self) -> None:
        """Show the current picture if it is among those shown, else the first of them."""
        session = self._session
        rows = session.shown_rows
        places = np.flatnonzero(rows == session.current_row())
        self._place = int(places[0]) if len(places) else 0 if len(rows) else -1
        self.strip.show_place(self._place)
        row_ = int(rows[self._place]) if self._place >= 0 else -1
        if row_ >= 0 and not len(places):
            session.select(np.array([row_]), row_)  # comes back here
            return
        image = int(session.table.ids[row_]) if row_ >= 0 else None
        if image is None:
            self._on_both(lambda canvas: canvas.show_note(self._empty_text()))
        if image != self.image:
            self.image = image
            self._show_picture(row_)
            self.paint_mask()
            self.wanted.emit()

    def _empty_text(self) -> str:
        session = self._session
        if session.query:
            return tr("No picture here fits the search “{0}”.", session.query.text)
        return tr("There is no picture here: choose All pictures at the left.") if session.table.usable.any() else ""

    def go_to(self, place: int) -> None:
        """Show another of the shown pictures."""
        rows = self._session.shown_rows
        if len(rows):
            row_ = int(rows[max(0, min(place, len(rows) - 1))])
            self._session.select(np.array([row_]), row_)

    def step(self, by: int) -> None:
        """Go so many pictures on."""
        self.go_to(self._place + by)

    def _show_picture(self, row_: int) -> None:
        session, table = self._session, self._session.table
        self._known, path = None, path_of(session, row_)
        self._wish = None if path is None else Wanted(self.image or 0, path)
        if self._wish is None or table.problems[row_]:
            reason = printable(table.reasons[row_]) if row_ >= 0 else ""
            self._on_both(lambda canvas: canvas.show_note(tr("This file {0}.", reason) if reason else self._empty_text()))
            return
        found = self._thumbnails.get(self._wish.image)
        size = QSizeF(float(table.width[row_]), float(table.height[row_]))
        if found is not None and not found.picture.isNull() and not size.isEmpty():
            small = found.picture.toImage()
            self._on_both(lambda canvas: canvas.show_picture(small, size))
        else:
            self._on_both(lambda canvas: canvas.show_note(""))
        self.loader.high_bit_range = high_bit_range_of(session)
        ready = self.loader.want(self._wish, self._neighbours(), self._side())
        if ready is not None:
            self._take(ready)

    def _neighbours(self) -> list[Wanted]:
        session, rows = self._session, self._session.shown_rows
        places = [self._place + by for by in _AHEAD if 0 <= self._place + by < len(rows)]
        found = [(int(rows[place]), path_of(session, int(rows[place]))) for place in places]
        return [Wanted(int(session.table.ids[one]), path) for one, path in found if path is not None and not session.table.problems[one]]

    def _side(self) -> int:
        room = self._sides.size() * self.devicePixelRatioF()
        return max(room.width(), room.height(), 512)

    def _take(self, found: Loaded) -> None:
        if self._wish is None or found.image != self._wish.image:
            return
        if found.problem:
            if self._known is None:
                self._on_both(lambda canvas: canvas.show_note(found.problem))
            return
        is_other = self._known is not None and found.mark != self._known.mark
        if self._known is None or is_other or found.picture.width() > self._known.picture.width():
            self._known = found
        size = QSizeF(found.width, found.height)
        for canvas in (self.canvas, self.original):
            if canvas.has_picture and not is_other:
                canvas.show_better(found.picture, size)
            else:
                canvas.show_picture(found.picture, size)

    def _want_whole(self) -> None:
        if self._wish is not None and self._known is not None and not self._known.is_whole:
            self.loader.want_whole(self._wish, self._known)

    def _on_both(self, do: Callable[[MaskCanvas], object]) -> None:
        do(self.canvas)
        do(self.original)

    def _forget(self) -> None:
        self.image = self._wish = self._known = None
        self._place = -1
        self.loader.forget()
        self._on_both(lambda canvas: canvas.show_note(""))
        self.paint_mask()

    def let_go(self) -> None:
        """Read no more files of the project: it is about to be closed."""
        self.loader.forget()

    # How it looks ---------------------------------------------------------------------------------------------------------------------

    def _see(self, what: Seen) -> None:
        if what & Seen.LOOK:
            self._look()
        if what & (Seen.MASK | Seen.LOOK):
            self.paint_mask()
        if what & Seen.PIXEL:
            self._on_both(lambda canvas: canvas.mark_pixel(self.masks.pixel))

    def _look(self) -> None:
        """Let the boxes say what holds."""
        masks = self.masks
        widgets = (self.colouring, self.opacity, self.outline, self.side_by_side, self.follow, self.labels)
        blockers = [QSignalBlocker(widget) for widget in widgets]
        self.colouring.setCurrentIndex(self.colouring.findData(masks.colouring))
        self.opacity.setValue(round(100 * masks.opacity))
        self.outline.setChecked(masks.outline)
        self.side_by_side.setChecked(masks.side_by_side)
        self.follow.setChecked(masks.follows_training)
        self.labels.setChecked(masks.labels_pixels)
        del blockers
        self._heat_box.setVisible(masks.colouring == UNCERTAINTY)
        self.outline.setVisible(masks.colouring != UNCERTAINTY)
        self.follow.setVisible(self._session.training_run is not None)
        if self.original.isHidden() == masks.side_by_side:
            self.original.setVisible(masks.side_by_side)
            self._sides.setSizes([1000, 1000])
            self._on_both(lambda canvas: canvas.fit())

    def paint_mask(self) -> None:
        """Lay the mask over the picture, as far as there is one of it."""
        masks, view = self.masks, self.masks.view
        note = masks.note
        if view is None or view.image_id != self.image:
            self.canvas.show_layer(QImage(), 0.0)
        else:
            classes = masks.classes()
            labelled = self.labelled_layer(view) if masks.colouring == LABELLED else None
            if labelled is not None:
                layer = labelled
            elif masks.colouring == UNCERTAINTY:
                layer = heat_layer(masks.entropy(classes))
            else:
                ids = classes.of_cluster.astype(np.uint8)[view.ids]
                layer = class_layer(ids, classes.colours(), masks.visible(classes.items), outline=masks.outline)
            self.canvas.show_layer(layer_image(layer), 0.0 if masks.hidden_for_now else masks.opacity)
            shares = classes.summed(view.areas)
            parts = [f"{one.name} {percent(float(share))}" for one, share in zip(classes.items, shares, strict=True) if share > 0]
            self.canvas.setAccessibleDescription(", ".join(parts))
        self._note.setText(note)
        self._note_line.setVisible(bool(note))

    def _other_colouring(self) -> None:
        self.masks.set_colouring(CLASSES if self.masks.colouring == UNCERTAINTY else UNCERTAINTY)

    def _with_class(self, do: Callable[[int], object]) -> None:
        one = self.chosen_class()
        if one is not None:
            do(one.key)

    def _say_zoom(self, scale: float) -> None:
        self.zoom.setText(f"{amount(100 * scale, ',.0f' if scale >= 0.1 else '.1f')} %")

    # Keys -----------------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, canvas = Qt.Key(event.key()), self.canvas
        with_pixel = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        plain: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_PageDown: lambda: self.step(_FAR),
            Qt.Key.Key_PageUp: lambda: self.step(-_FAR),
            Qt.Key.Key_Home: lambda: self.go_to(0),
            Qt.Key.Key_End: lambda: self.go_to(len(self._session.shown_rows) - 1),
            Qt.Key.Key_Plus: lambda: canvas.zoom_by(STEP),
            Qt.Key.Key_Equal: lambda: canvas.zoom_by(STEP),
            Qt.Key.Key_Minus: lambda: canvas.zoom_by(1 / STEP),
            Qt.Key.Key_0: canvas.fit,
        }
        if key == Qt.Key.Key_Space:
            self.masks.hide_for_now(True)
        elif key in _MOVES and with_pixel:
            right, down = _MOVES[key]
            self.masks.move_pixel(far * right, far * down)
        elif key in _MOVES:
            self.step(sum(_MOVES[key]))
        elif key in plain and not with_pixel:
            plain[key]()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.masks.hide_for_now(False)
        else:
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and hasattr(self, "masks"):
            self.masks.hide_for_now(False)  # the key is let go elsewhere
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "canvas"):
            self.paint_mask()
