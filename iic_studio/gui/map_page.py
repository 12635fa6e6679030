"""The map page: pictures as points, like beside like, with what they are coloured by and the one selection of the window.

The page shows points and says what it would like to have (`wish_changed`, `again_wanted` …); `map_control` gets it.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainterPath, QShowEvent
from PySide6.QtWidgets import QComboBox, QMenu, QProgressBar, QPushButton, QStackedWidget, QWidget

from iic_studio.gui import theme
from iic_studio.gui.colouring import BY_CLASS, Colouring, kinds_of
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.language import count_images, later, tr
from iic_studio.gui.map_canvas import Border
from iic_studio.gui.map_ink import make_ink
from iic_studio.gui.map_names import MapName
from iic_studio.gui.map_points import MapPoints, matched
from iic_studio.gui.map_source import MapSource
from iic_studio.gui.map_tools import MapLegend, MapTools
from iic_studio.gui.map_view import MapPick, MapView
from iic_studio.gui.notice import Notice
from iic_studio.gui.outlines import Outline, outlines
from iic_studio.gui.session import Change, Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.table import Mask
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, column, described, panel, row
from iic_studio.project.maps import FEATURES, PCA, PROBABILITIES, UMAP

_METHODS = {UMAP: "UMAP", PCA: "PCA"}
_SOURCES = {FEATURES: later("Features"), PROBABILITIES: later("Probabilities")}
_COMPARED = {FEATURES: later("features"), PROBABILITIES: later("probabilities")}
_EMPTY = later(
    "The map appears here with the first clusters. Press Train to begin.\nPictures that look alike to the model lie close together on it."
)


@dataclass(frozen=True)
class MapWish:
    """The map somebody wants to see."""

    method: str = UMAP
    of: str = FEATURES


class MapPage(Panel):
    """The page."""

    wish_changed = Signal()
    again_wanted = Signal()
    cancel_wanted = Signal()
    came_to_front = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._source = MapSource(session, thumbnails)
        self._table = session.table
        self._colouring: Colouring | None = None
        self.side_thread = SideThread("iic-map", self)
        self.view = MapView(self._source)
        self.tools, self.legend = MapTools(self.view), MapLegend(self.view)
        self._state = ElidedLabel("", Qt.TextElideMode.ElideRight, "muted")
        self.method = self._box(
            tr("Layout"), tr("How places are found: UMAP keeps neighbours together, PCA shows the two main directions"), _METHODS
        )
        self.of = self._box(
            tr("Compared by"),
            tr("Pictures are compared by what the network sees in them, or by the probabilities of all sub-heads"),
            _SOURCES,
        )
        self.colour = described(QComboBox(), tr("Colour"), tr("What the colours of the points mean"))
        header = row(
            Label(tr("Map"), "heading"),
            self._state,
            self.method,
            self.of,
            Label(tr("Colour"), "muted"),
            self.colour,
            self._menu(),
            margins=(16, 8, 16, 8),
        )
        header.setStretch(1, 1)
        self.notice = Notice()
        self.stack = QStackedWidget()
        self._empty = Label(tr(_EMPTY), "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self._empty)
        self.stack.addWidget(self.view)
        meaning = row(Label(meanings()["map"], "muted", wrap=True), margins=(16, 0, 16, 0))
        card = column(self.stack, meaning, spacing=8, margins=(1, 1, 1, 12))
        card.setStretch(0, 1)
        body = row(panel("card", card), margins=(16, 0, 16, 16))
        self.setLayout(column(panel("pageHeader", header), self.notice, self._progress_strip(), body, spacing=0))
        self.layout().setStretch(3, 1)  # type: ignore[union-attr]
        self.method.activated.connect(lambda _: self.wish_changed.emit())
        self.of.activated.connect(lambda _: self.wish_changed.emit())
        self.colour.activated.connect(lambda _: self._recolour())
        self.view.picked.connect(self._pick)
        thumbnails.arrived.connect(self.view.pictures_came)
        self._missed = Change(0)
        session.changed.connect(self._follow)
        self._offer_colours()

    # Parts ----------------------------------------------------------------------------------------------------------------------------

    def _box(self, name: str, tip: str, choices: dict[str, str]) -> QComboBox:
        box = described(QComboBox(), name, tip)
        for key, text in choices.items():
            box.addItem(tr(text), key)
        return box

    def _menu(self) -> QPushButton:
        """What is drawn beside the points, and making the map again."""
        button = described(QPushButton(tr("Show")), tr("Show"), tr("What is drawn beside the points"))
        button.setProperty("role", "menu")
        menu = QMenu(button)
        self.names = self._toggle(menu, tr("Names"), "with_names")
        self.borders = self._toggle(menu, tr("Outlines"), "with_borders")
        self.pictures = self._toggle(menu, tr("Pictures when near"), "with_pictures")
        menu.addSeparator()
        self.again = menu.addAction(tr("Make the map again"))
        self.again.triggered.connect(self.again_wanted)
        button.setMenu(menu)
        return button

    def _toggle(self, menu: QMenu, text: str, attribute: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(lambda on: self._show_part(attribute, on))
        return action

    def _show_part(self, attribute: str, on: bool) -> None:
        setattr(self.view, attribute, on)
        self.view.redraw()

    def _progress_strip(self) -> QWidget:
        self._doing = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self._bar = described(QProgressBar(), tr("Progress of the map"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self.cancel = described(QPushButton(tr("Cancel")), tr("Cancel"), tr("Stop making the map; what is shown stays"))
        self.cancel.clicked.connect(self.cancel_wanted)
        layout = row(self._doing, self._bar, self.cancel, margins=(16, 0, 16, 8), spacing=12)
        layout.setStretch(0, 1)
        self._strip = panel("pageHeader", layout)
        self._strip.hide()
        return self._strip

    # For the control ------------------------------------------------------------------------------------------------------------------

    @property
    def wish(self) -> MapWish:
        """The map that is wanted."""
        return MapWish(str(self.method.currentData()), str(self.of.currentData()))

    @property
    def points(self) -> MapPoints:
        """The points that are shown."""
        return self.view.points

    def show_points(self, points: MapPoints) -> None:
        """Show other points, matched with the table of the session; they glide there when they are the same images."""
        self._source.points, self._table = points, self._session.table
        self.stack.setCurrentWidget(self.view if len(points) else self._empty)
        self._colouring = self._colours()
        self.view.show_points(points, make_ink(self._colouring, points.rows, self._ground()), self._session.selected[points.rows])
        self.legend.explain(self._colouring)
        self._say_state()
        self._outline()

    def show_progress(self, words: str, share: float | None) -> None:
        """A map is being made: what is done, and how far it is (None: unknown)."""
        self._doing.set_full(words)
        self._bar.setRange(0, 0 if share is None else 1000)
        self._bar.setValue(round(1000 * (share or 0.0)))
        self._strip.show()
        self.again.setEnabled(False)

    def hide_progress(self) -> None:
        """No map is being made."""
        self._strip.hide()
        self.again.setEnabled(True)

    # From the session -----------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        """Follow at once while somebody looks, and else when the page comes to the front."""
        self._missed |= what
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        what, self._missed = self._missed, Change(0)
        before = self.colour.currentData()
        if what & (Change.CLUSTERS | Change.IMAGES | Change.PROJECT | Change.CLASSES):
            self._offer_colours()
        if not len(self.points):
            return
        if self._session.table is not self._table:
            self.show_points(matched(self.points, self._session.table))
            return
        if what & Change.CLUSTERS or (what & Change.CLASSES and BY_CLASS in (before, self.colour.currentData())):
            self._recolour()
        if what & (Change.CLUSTERS | Change.NAMES):
            self._outline()
        if what & Change.SELECTION:
            self._mark()

    def _offer_colours(self) -> None:
        kinds = list(kinds_of(self._session.snapshot))
        if [self.colour.itemData(place) for place in range(self.colour.count())] != kinds:
            chosen = self.colour.currentData()
            with QSignalBlocker(self.colour):
                self.colour.clear()
                for kind in kinds:
                    self.colour.addItem(tr(kind), kind)
                self.colour.setCurrentIndex(max(self.colour.findData(chosen), 0))

    def _colours(self) -> Colouring:
        snapshot = self._session.snapshot
        return kinds_of(snapshot)[self.colour.currentData()](snapshot)

    def _recolour(self) -> None:
        if len(self.points):
            self._colouring = self._colours()
            self.view.set_ink(make_ink(self._colouring, self.points.rows, self._ground()), self._selected())
            self.legend.explain(self._colouring)

    def _ground(self) -> QColor:
        return QColor(theme.tokens().surface)

    def _selected(self) -> Mask:
        return self._session.selected[self.points.rows]

    def _mark(self) -> None:
        current = np.flatnonzero(self.points.rows == self._session.current_row())
        self.view.set_selected(self._selected(), int(current[0]) if len(current) else -1)
        self._say_state()

    def _say_state(self) -> None:
        points, chosen = self.points, int(self._selected().sum())
        words = count_images(len(points)) if len(points) else ""
        if points.is_preview:
            words = tr("First look, {0}", words)
        elif points.method and MapWish(points.method, points.of) != self.wish:
            words = tr("{0} of {1} so far, {2}", _METHODS[points.method], tr(_COMPARED[points.of]), words)
        self._state.set_full(tr("{0}, {1:,} selected", words, chosen) if chosen else words)
        self.view.setAccessibleDescription(self._state.full)

    def _outline(self) -> None:
        """Names and lines of the clusters, computed beside the window."""
        points = self.points
        clusters = self._session.verdicts.cluster[points.rows]
        self.side_thread.wish("outlines", lambda: outlines(points.x, points.y, clusters), self._take_outlines)

    def _take_outlines(self, found: tuple[Outline, ...]) -> None:
        session = self._session
        names = [MapName(session.cluster_name(one.cluster), *one.centre, theme.cluster_colour(one.cluster)) for one in found]
        self.view.set_names(names, [Border(_path(one), theme.cluster_colour(one.cluster)) for one in found])

    # From the person ------------------------------------------------------------------------------------------------------------------

    def _pick(self, pick: MapPick) -> None:
        session, rows = self._session, self.points.rows[pick.points]
        if pick.mode == "toggle":
            session.toggle(int(rows[0]))
            return
        chosen = np.zeros(len(session.table), np.bool_) if pick.mode == "replace" else session.selected.copy()
        chosen[rows] = pick.mode != "remove"
        current = session.current_row()
        if len(rows) == 1 and chosen[rows[0]]:
            current = int(rows[0])
        elif current >= 0 and not chosen[current]:
            current = -1
        session.select(np.flatnonzero(chosen), current)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        self.came_to_front.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_missed"):
            self._follow(Change.CLUSTERS)


def _path(outline: Outline) -> QPainterPath:
    path = QPainterPath()
    for x0, y0, x1, y1 in outline.lines.tolist():
        path.moveTo(x0, y0)
        path.lineTo(x1, y1)
    return path
