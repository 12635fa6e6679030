"""Two clusters side by side: a column of pictures for each, and between them what tells how near they are to each other.

Both columns share the window's selection, search and order. Selected pictures go from one cluster to the other with a key, as one
edit that can be undone like any other.
"""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QWidget

from iic_studio.curation import edits
from iic_studio.gui.actions import native
from iic_studio.gui.gallery import SessionSource, fill_sorts
from iic_studio.gui.grid import ThumbnailGrid
from iic_studio.gui.history import MAIN
from iic_studio.gui.joint_order import share_between
from iic_studio.gui.joint_words import percent
from iic_studio.gui.language import count_images, later, tr
from iic_studio.gui.session import Change, Session, Sort
from iic_studio.gui.shown import lean
from iic_studio.gui.strip import PictureStrip
from iic_studio.gui.table import Rows
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ActionButton, ElidedLabel, Label, Panel, Swatch, action, column, described, row

_SIDES = ("left", "right")
_NEAREST = 12
_MIDDLE_WIDTH = 216
_CELL = 88
_WORDS = {Sort.SURE: later("Prototypes first"), Sort.BORDERLINE: later("Nearest to the other first")}


class ColumnSource(SessionSource):
    """The shown pictures of one cluster."""

    def __init__(self, session: Session, thumbnails: Thumbnails, asker: str) -> None:
        super().__init__(session, thumbnails, asker)
        self._rows: Rows = np.zeros(0, np.int64)
        self.cluster = -1

    @property
    def rows(self) -> Rows:
        return self._rows

    def take(self, cluster: int) -> None:
        """Show what is shown of this cluster."""
        shown = self._session.shown_rows
        self.cluster, self._rows = cluster, shown[self._session.verdicts.cluster[shown] == cluster]

    def let_go(self) -> None:
        """Show nothing, and ask for nothing."""
        self.cluster, self.current_position, self._rows = -1, -1, np.zeros(0, np.int64)

    def empty_text(self) -> str:
        return tr("No picture of this cluster fits the search.") if self._session.query else tr("No picture is left in this cluster.")


class Column(Panel):
    """A heading and the pictures of one cluster."""

    def __init__(self, session: Session, thumbnails: Thumbnails, side: str) -> None:
        super().__init__("page")
        self._session = session
        self.source = ColumnSource(session, thumbnails, f"beside {side}")
        self.grid = ThumbnailGrid(self.source)
        self.grid.set_cell_side(_CELL)
        self.grid.setAccessibleName(tr("Pictures at the left") if side == _SIDES[0] else tr("Pictures at the right"))
        self._swatch = Swatch()
        self._name = ElidedLabel(role="heading", mode=Qt.TextElideMode.ElideRight)
        self._count = Label(role="muted")
        head = row(self._swatch, self._name, self._count, margins=(16, 8, 16, 8), spacing=12)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.grid, spacing=0))
        self.grid.picked.connect(self.source.pick)
        thumbnails.arrived.connect(self.grid.pictures_came)

    def show_cluster(self, cluster: int, *, to_top: bool) -> None:
        """Show what is shown of a cluster."""
        self.source.take(cluster)
        self.source.find_current()
        self._swatch.set_cluster(cluster)
        self._name.set_full(self._session.cluster_name(cluster))
        number = self.source.count()
        self._count.setText(count_images(number))
        self.grid.setAccessibleDescription(f"{self._name.full}, {self._count.text()}")
        self.grid.reset(to_top=to_top)

    def refresh(self) -> None:
        """The pictures are the same; the selection has changed."""
        self.source.find_current()
        self.grid.refresh()

    def selected(self) -> Rows:
        """Rows of the selected pictures in this column."""
        return self.source.rows[self._session.selected[self.source.rows]]


class Nearness(Panel):
    """What lies between the two: the pairs they share, and which pictures of each are nearest to the other."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__("sidePanel")
        self._session = session
        self.pairs = Label(wrap=True)
        self.titles = tuple(Label("", "muted", wrap=True) for _ in _SIDES)
        self.strips = tuple(PictureStrip(session, thumbnails, f"nearest {side}", 44) for side in _SIDES)
        self.setFixedWidth(_MIDDLE_WIDTH)

    def show_pair(self, clusters: tuple[int, int]) -> None:
        """Tell of two clusters."""
        session = self._session
        names = [session.cluster_name(one) for one in clusters]
        self.pairs.setText("\n\n".join(pair_sentences(session, clusters)))
        for place, (title, strip) in enumerate(zip(self.titles, self.strips, strict=True)):
            title.setText(tr("Of {0}, nearest to {1}:", names[place], names[1 - place]))
            strip.show_images(session.table.ids[nearest(session, clusters[place], clusters[1 - place])])


class BesidePage(Panel):
    """The page. `view_wanted` says to show the current picture large."""

    view_wanted = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._shown_pair = (-1, -1)
        self.columns = tuple(Column(session, thumbnails, side) for side in _SIDES)
        self.nearness = Nearness(session, thumbnails)
        self.sort = described(QComboBox(), tr("Order of the pictures"))
        self.sort.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.to_right = self._mover(0, tr("Move to the right"), "Ctrl+Right")
        self.to_left = self._mover(1, tr("Move to the left"), "Ctrl+Left")
        between = self.nearness
        texts = (between.pairs, 8, between.titles[0], between.strips[0], 4, between.titles[1], between.strips[1])
        buttons = (ActionButton(self.to_right), ActionButton(self.to_left))
        between.setLayout(column(self.sort, 8, *texts, None, *buttons, margins=(12, 12, 12, 12)))
        body = row(self.columns[0], between, self.columns[1], spacing=0)
        body.setStretch(0, 1)
        body.setStretch(2, 1)
        self.setLayout(body)
        self.sort.activated.connect(lambda _: session.sort_by(self.sort.currentData()))
        for one in self.columns:
            one.grid.opened.connect(lambda _: self.view_wanted.emit())
            one.grid.zoomed.connect(self._zoom)
        session.changed.connect(self._follow)

    def _mover(self, source: int, text: str, key: str) -> QAction:
        made = action(self, text, lambda: self.move_from(source), key)
        made.setToolTip(tr("{0}: the selected pictures ({1})", text, native(key)))
        return made

    @property
    def clusters(self) -> tuple[int, int]:
        """The cluster at the left and the one at the right."""
        return self._session.shown.cluster, self._session.shown.other

    def _follow(self, what: Change) -> None:
        session = self._session
        if session.shown.kind != "beside":
            self.let_go()
            return
        if what & (Change.SHOWN | Change.NAMES | Change.CLUSTERS | Change.IMAGES):
            for one, cluster in zip(self.columns, self.clusters, strict=True):
                one.show_cluster(cluster, to_top=self.clusters != self._shown_pair)
            self._shown_pair = self.clusters
            fill_sorts(self.sort, session, _WORDS)
        elif what & Change.SELECTION:
            for one in self.columns:
                one.refresh()
        if what & (Change.SHOWN | Change.NAMES | Change.CLUSTERS | Change.JOINTS):
            self.nearness.show_pair(self.clusters)
        for made, one in zip((self.to_right, self.to_left), self.columns, strict=True):
            made.setEnabled(session.can_edit and len(one.selected()) > 0)

    def let_go(self) -> None:
        """Hold no rows: something else is shown now, or the project is about to be closed."""
        if self._shown_pair != (-1, -1):
            self._shown_pair = (-1, -1)
            for one in self.columns:
                one.source.let_go()
                one.grid.reset(to_top=True)

    def _zoom(self, side: int) -> None:
        for one in self.columns:
            one.grid.set_cell_side(side)

    def move_from(self, source: int) -> None:
        """Put the selected pictures of one column into the cluster of the other; the next one is selected, so that the keyboard goes on."""
        session, here = self._session, self.columns[source]
        rows = here.selected()
        if not len(rows) or not session.can_edit:
            return
        place = int(np.flatnonzero(here.source.rows == rows[0])[0])
        session.corrections.do(edits.move(session.curated, session.table.ids[rows], self.clusters[1 - source]))
        left = here.source.rows
        if session.shown.kind == "beside" and len(left):
            following = left[min(place, len(left) - 1)]
            session.select(np.array([following]), int(following))
            here.grid.setFocus()

    def focus_column(self) -> None:
        """Put the keyboard into the column with the current picture, else into the left one."""
        found = (one for one in self.columns if one.source.current_position >= 0)
        next(found, self.columns[0]).grid.setFocus()


def pair_sentences(session: Session, clusters: tuple[int, int]) -> list[str]:
    """How many pairs of a picture and its changed copy fall between two clusters, in both directions; empty without a joint of the run."""
    stack, run, said = session.joints.get(MAIN), session.run, session.verdicts.assignments
    if stack is None or run is None or said is None or session.joints_run != run.id:
        return [tr("No joint of this run was kept, so it is not known how many pairs fall between the two.")]
    joint = stack[min(said.sub_head, len(stack) - 1)]
    joint = (joint + joint.T) / 2
    of_cluster = session.curated.grouping.of_cluster
    places = [np.flatnonzero(of_cluster == one) for one in clusters]
    if len(of_cluster) != len(joint) or not all(len(one) for one in places):
        return [tr("The model knows only one of the two, so no pairs fall between them.")]
    names = [session.cluster_name(one) for one in clusters]
    there, back = share_between(joint, places[0], places[1]), share_between(joint, places[1], places[0])
    return [
        tr("{0} of the pairs from {1} land in {2}.", percent(there), names[0], names[1]),
        tr("{0} of the pairs from {1} land in {2}.", percent(back), names[1], names[0]),
    ]


def nearest(session: Session, one: int, other: int) -> Rows:
    """Rows of the pictures of a cluster that the model would soonest put into the other, the nearest first."""
    snapshot = session.snapshot
    rows = np.flatnonzero(snapshot.table.usable & (snapshot.verdicts.cluster == one))
    order = np.lexsort((snapshot.table.rank[rows], lean(snapshot, rows, one, other)))
    return np.asarray(rows[order[:_NEAREST]])
