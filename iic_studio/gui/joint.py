"""The joint page: where pairs of a picture and its changed copy land, for either head and each sub-head, now or at a moment of the run.

Only one sub-head's clusters are kept for each image (`Assignments.sub_head`, and the one of `overclusters.npz`); cells of that one can
be clicked.
"""

import math
import time

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from iic_studio.gui import theme
from iic_studio.gui.flow import Flow
from iic_studio.gui.heatmap import SCALES, Block, Cell, HeatMap, Matrix
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.history import HEADS, MAIN, OVERCLUSTERING
from iic_studio.gui.joint_offset import OffsetBox
from iic_studio.gui.joint_order import MOST_LEAVES, Tree, order_by_mass, tree_of, unused
from iic_studio.gui.joint_words import Reader, in_words
from iic_studio.gui.language import capitalised, tr
from iic_studio.gui.mask_state import Seen
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.session import Change, Session, Shown
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.table import Rows
from iic_studio.gui.timeline import Timeline
from iic_studio.gui.widgets import Label, Panel, column, described, panel, row
from iic_studio.records import FloatArray, JointMoment

USED = -1
TREE_EVERY_S = 3.0
SIZE, NUMBER, SIMILARITY = "size", "number", "similarity"
_SHARES, _PAIRS = "shares", "pairs"


class JointPage(Panel):
    """The page. `cell_chosen` says that the gallery now shows the images behind a cell, `came_to_front` that somebody looks."""

    cell_chosen = Signal()
    came_to_front = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._order = np.zeros(0, np.int64)
        self._joint: FloatArray = np.zeros((0, 0), np.float32)
        self._tree: Tree | None = None
        self._tree_of: tuple[str, int, int] | None = None
        self._tree_asked_at = -math.inf
        self._offered: Rows = np.zeros(0, np.int64)
        self.side_thread = SideThread("iic-joint", self)
        self.map = HeatMap()
        self.timeline = Timeline()
        self._make_boxes()
        self._make_body()
        for box in (self._head, self._sub_head, self._arrange, self._measure):
            box.activated.connect(lambda _: self.refresh())
        self._scale.activated.connect(lambda _: self.map.set_scale(self._scale.currentData()))
        self.map.hovered.connect(lambda _: self._describe())
        self.map.blocked.connect(lambda _: self._describe())
        self.map.clicked.connect(self._choose)
        self.timeline.moved.connect(self.refresh)
        self.merge_button.clicked.connect(self._wish_merge)
        session.changed.connect(self._follow)
        session.masks.changed.connect(lambda what: self.refresh() if what & Seen.OFFSET and self.isVisible() else None)
        self.refresh()

    def _make_boxes(self) -> None:
        self._head = described(QComboBox(), tr("Head"), tr("The clusters you see, or the finer ones that help training"))
        self._head.addItem(tr("Clusters"), MAIN)
        self._head.addItem(tr("Overclusters"), OVERCLUSTERING)
        self._sub_head = described(
            QComboBox(), tr("Sub-head"), tr("Parallel copies of the last layer; the one with the lowest loss is used")
        )
        self._measure = described(
            QComboBox(), tr("Shares or pairs"), tr("Probabilities, or how many pairs of a whole pass over the pictures")
        )
        self._measure.addItem(tr("Probabilities"), _SHARES)
        self._measure.addItem(tr("Pairs"), _PAIRS)
        self._arrange = described(
            QComboBox(), tr("Order of rows and columns"), tr("By size, by number, or with like beside like and a merge tree")
        )
        for order, words in ((SIZE, tr("By size")), (NUMBER, tr("By number")), (SIMILARITY, tr("By similarity"))):
            self._arrange.addItem(words, order)
        self._scale = described(QComboBox(), tr("Colour scale"), tr("How shares become colours; square root and logarithm show weak cells"))
        for scale in SCALES:
            self._scale.addItem(capitalised(tr(scale)), scale)
        self._sub_head.addItem(tr("Used sub-head"), USED)
        for box in (self._head, self._sub_head, self._measure, self._arrange, self._scale):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def _make_body(self) -> None:
        boxes = (self._head, self._sub_head, self._measure, self._arrange, self._scale)
        self.offset = OffsetBox(self._session)
        header = Flow((*boxes, self.offset), margins=(16, 8, 16, 8))
        self._sentence = Label("", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._offer = Label("", wrap=True)
        self._leave_room()
        self.merge_button = described(QPushButton(tr("Merge")), tr("Merge these clusters"))
        offer = row(self._offer, self.merge_button, spacing=12)
        offer.setStretch(0, 1)
        self._bits = Label("", "muted", wrap=True)
        self._empty = Label(
            tr("The joint matrix appears here when training runs.\nIt shows which clusters the model tells apart and which it mixes up."),
            "muted",
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QWidget()
        body = column(self._bits, self.map, self._sentence, offer, self.timeline, spacing=8)
        body.setStretch(1, 1)
        self._body.setLayout(body)
        card = column(self._body, self._empty, Meaning(tr("Joint"), meanings()["joint"]), margins=(16, 12, 16, 12))
        card.setStretch(0, 1)
        card.setStretch(1, 1)
        self.setLayout(column(panel("pageHeader", header), row(panel("card", card), margins=(16, 0, 16, 16)), spacing=0))

    def _leave_room(self) -> None:
        """For two lines each, so that the matrix keeps its size while sentences come and go; a long one gets what it needs."""
        for label in (self._sentence, self._offer):
            label.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_offer"):
            self._leave_room()

    # What is drawn --------------------------------------------------------------------------------------------------------------------

    @property
    def head(self) -> str:
        """The head chosen."""
        return HEADS[self._head.currentIndex()]

    def used_sub_head(self) -> int:
        """The sub-head whose clusters are kept per image."""
        session = self._session
        if self.head == MAIN:
            assignments = session.verdicts.assignments
            return assignments.sub_head if assignments is not None else session.history.heads[MAIN].best
        over = session.snapshot.overclusters
        best = session.history.heads[OVERCLUSTERING].best
        return over.sub_head if over is not None and over.sub_head is not None else best

    def sub_head(self) -> int:
        """The sub-head that is drawn."""
        chosen = self._sub_head.currentData()
        return self.used_sub_head() if chosen is None or chosen == USED else int(chosen)

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._tree_of = None
        if what & (Change.JOINTS | Change.NAMES | Change.CLUSTERS | Change.PROJECT) and self.isVisible():
            self.refresh()
        elif what & Change.SELECTION and self.isVisible():
            self._describe()

    def showEvent(self, event: object) -> None:
        self.refresh()
        self.came_to_front.emit()

    def _stack(self) -> FloatArray | None:
        """(H, K, K) joints of the head: of all displacements together where pixels are grouped, or of the one chosen."""
        masks = self._session.masks
        return self._session.joints.get(self.head) if masks.offset is None else masks.displaced.get(self.head)

    def refresh(self) -> None:
        """Draw the newest joint, or that of the moment chosen."""
        stack = self._stack()
        self._body.setVisible(stack is not None)
        self._empty.setVisible(stack is None)
        for box in (self._sub_head, self._measure, self._arrange, self._scale):
            box.setEnabled(stack is not None)
        if stack is None:
            self.map.show_matrix(Matrix(np.zeros((0, 0), np.float32), ()))
            return
        self._fill_sub_heads(len(stack))
        self.timeline.show_moments(self._moments(), tr("training now") if self._session.training_run else tr("at the end"))
        newest = _symmetric(stack[min(self.sub_head(), len(stack) - 1)])
        self._arrange_rows(newest)  # of the newest also when an earlier moment is looked at: then one sees each row come about
        self._joint, num_pairs = self._chosen_joint(newest)
        empty = unused(self._joint)
        by_similarity = self._arrange.currentData() == SIMILARITY and self._tree is not None
        self.map.show_matrix(
            Matrix(
                np.ascontiguousarray(self._joint[np.ix_(self._order, self._order)]),
                tuple(self._name(int(one)) for one in self._order),
                tuple(self._colour(int(one)) for one in self._order),
                frozenset(np.flatnonzero(np.isin(self._order, empty)).tolist()),
                self._tree if by_similarity else None,
                num_pairs if self._measure.currentData() == _PAIRS else 0.0,
            )
        )
        self._bits.setText(in_words(self._joint, len(empty)))
        self._describe()

    def _moments(self) -> tuple[JointMoment, ...]:
        if self._session.masks.offset is not None:
            return ()  # those of single displacements are not kept
        return tuple(moment for moment in self._session.moments if self.head in moment.halves)

    def _chosen_joint(self, newest: FloatArray) -> tuple[FloatArray, float]:
        """The joint to draw, which sums to 1, and of how many pairs a whole pass is made."""
        session, moment, place = self._session, self.timeline.moment, self.sub_head()
        if session.masks.offset is not None:
            return newest, 0.0
        pairs = session.pairs.get(self.head)
        count = float(pairs[0].sum()) if pairs is not None else float(session.table.usable.sum())
        if moment is not None and (stack := moment.joints(self.head)) is not None:
            return stack[min(place, len(stack) - 1)], count
        if self._measure.currentData() == _PAIRS and pairs is not None:
            counted = _symmetric(pairs[min(place, len(pairs) - 1)])
            return counted / max(float(counted.sum()), 1e-12), count
        return newest, count

    def _arrange_rows(self, joint: FloatArray) -> None:
        order, about = self._arrange.currentData(), (self.head, self.sub_head(), len(joint))
        if order == NUMBER:
            self._order = np.arange(len(joint))
            return
        if order == SIMILARITY:
            self._want_tree(about, joint)
            if self._tree is not None and self._tree_of == about:
                self._order = self._tree.order
                return
        self._order = order_by_mass(joint.sum(axis=1), self._order)

    def _want_tree(self, about: tuple[str, int, int], joint: FloatArray) -> None:
        """Ask for a new tree now and then: rows that change places too often cannot be read."""
        if self._tree_of != about:
            self._tree = None
        elif time.monotonic() - self._tree_asked_at < TREE_EVERY_S:
            return
        if self.side_thread.is_busy or len(joint) > MOST_LEAVES:
            return
        self._tree_of, self._tree_asked_at = about, time.monotonic()
        self.side_thread.wish("tree", lambda: (about, tree_of(joint)), self._take_tree)

    def _take_tree(self, made: tuple[tuple[str, int, int], Tree]) -> None:
        about, tree = made
        if about == self._tree_of:
            changed = self._tree is None or not np.array_equal(tree.order, self._tree.order)
            self._tree = tree
            if changed and self.isVisible():
                self.refresh()

    def _fill_sub_heads(self, count: int) -> None:
        used = tr("Used sub-head: {0}", self.used_sub_head() + 1)
        if self._sub_head.count() == count + 1:
            self._sub_head.setItemText(0, used)
            return
        with QSignalBlocker(self._sub_head):
            self._sub_head.clear()
            self._sub_head.addItem(used, USED)
            for one in range(count):
                self._sub_head.addItem(tr("Sub-head {0}", one + 1), one)

    def _name(self, cluster: int) -> str:
        if self.head != MAIN:
            return tr("Overcluster {0}", cluster)
        return self._session.model_cluster_name(cluster) if self._is_known() else tr("Cluster {0}", cluster)

    def _is_known(self) -> bool:
        """Whether the rows are clusters that pictures lie in: of the used sub-head, and of the run the groups stand on."""
        return self.sub_head() == self.used_sub_head() and self._is_of_this_run()

    def _is_of_this_run(self) -> bool:
        """Whether the joint is that of the run the clusters stand on: a new run beside corrections is a proposal first."""
        session = self._session
        return session.run is None or session.joints_run in ("", session.run.id)

    def _colour(self, cluster: int) -> QColor:
        if not self._is_known():
            return theme.cluster_colour(-1)
        return theme.cluster_colour(self._session.group_of(cluster) if self.head == MAIN else cluster)

    # Pointing -------------------------------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        cell, block = self.map.cell, self.map.block
        reader = Reader(self._joint, self._name, self.map.matrix.num_pairs)
        if cell is None or not self.map.matrix.side:
            words = tr("Point at a cell to read it.")
        else:
            line, place = (int(self._order[one]) for one in cell)
            words = f"{reader.cell(line, place)} {self._promise(line == place)}{self._selected_in(cell)}"
        self._sentence.setText(words)
        self.map.setAccessibleDescription(words)
        self._make_offer(reader, block)

    def _why_no_pictures(self) -> str:
        """Why the images behind the cells cannot be shown; empty if they can."""
        if not self._is_of_this_run():
            return tr("Its pictures can be shown when the new run is accepted.")
        if self.sub_head() != self.used_sub_head():
            return tr("Choose the used sub-head to see pictures: only its clusters are kept for each picture.")
        if self.head != MAIN and self._session.snapshot.overclusters is None:
            return tr("Its pictures can be shown after training.")
        return ""

    def _promise(self, diagonal: bool) -> str:
        """What a click shows, exactly."""
        if why := self._why_no_pictures():
            return why
        if self.timeline.moment is not None:
            return tr("A click shows the pictures that are there now.")
        if diagonal:
            return tr("A click shows the pictures assigned to it, Ctrl and a click selects them.")
        return tr("A click shows the pictures assigned to one of them with the other as second most likely; with Ctrl it selects them.")

    def _make_offer(self, reader: Reader, block: Block | None) -> None:
        """Say what the block chosen tells, or which clusters are mixed up most, and offer to merge them."""
        if block is not None and self.map.matrix.side:
            rows, columns = self._order[block[0] : block[1] + 1], self._order[block[2] : block[3] + 1]
            words, members = reader.block(rows, columns), np.union1d(rows, columns)
        else:
            words, members = reader.hint()
        self._offered = members
        self._offer.setText(words)
        can_merge = self._session.can_edit and self.head == MAIN and self.timeline.moment is None and not self._why_no_pictures()
        self.merge_button.setVisible(can_merge and len(members) > 1)
        self.merge_button.setText(tr("Merge both") if len(members) == 2 else tr("Merge these {0}", len(members)))

    def _wish_merge(self) -> None:
        if self._session.can_edit and len(self._offered) > 1:
            members = self._offered.tolist()
            self.map.set_block(None)
            self._session.wish_merge(members)

    def _choose(self, cell: Cell) -> None:
        if self._why_no_pictures():
            return
        shown = self._set_of(cell)
        if QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self._session.select_set(shown, keep=True)
            return
        self._session.show(shown)
        self.cell_chosen.emit()

    def _set_of(self, cell: Cell) -> Shown:
        """The images behind a cell."""
        first, second = (int(self._order[one]) for one in cell)
        if first == second and self.head == MAIN and self._session.curated.is_one_cluster(first):
            return Shown("cluster", self._session.group_of(first))
        return Shown("joint", first, second, self.head)

    def _selected_in(self, cell: Cell) -> str:
        """How many of the selected images lie behind a cell."""
        if self._why_no_pictures() or not self._session.selected.any():
            return ""
        number = int(self._session.selected[self._session.rows_in(self._set_of(cell))].sum())
        if number == 1:
            return tr(" 1 of the selected pictures is among them.")
        return tr(" {0:,} of the selected pictures are among them.", number) if number else ""

    def let_go(self) -> None:
        """Compute no more."""
        self.side_thread.close()


def _symmetric(joint: FloatArray) -> FloatArray:
    return np.asarray((joint + joint.T) / 2, np.float32)
