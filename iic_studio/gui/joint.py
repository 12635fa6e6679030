"""The joint page: where pairs of a picture and its changed copy land, live, for either head and each sub-head.

Only one sub-head's clusters are kept for each image (`Assignments.sub_head`, and the one of `overclusters.npz`); cells of that one can
be clicked.
"""

import math

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QWidget

from iic_studio.gui import theme
from iic_studio.gui.heatmap import SCALES, HeatMap, Matrix
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.history import HEADS, MAIN, OVERCLUSTERING
from iic_studio.gui.session import Change, Session, Shown
from iic_studio.gui.table import Rows
from iic_studio.gui.widgets import Label, Panel, column, described, panel, row
from iic_studio.records import FloatArray

USED = -1
_ORDERS = ("Order: size", "Order: number")


class JointPage(Panel):
    """The page. `cell_chosen` says that the gallery now shows the images behind a cell."""

    cell_chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._order = np.zeros(0, np.int64)
        self.map = HeatMap()
        self._head = described(QComboBox(), "Head", "The clusters you see, or the finer ones that help training")
        self._head.addItem("Clusters", MAIN)
        self._head.addItem("Overclusters", OVERCLUSTERING)
        self._sub_head = described(QComboBox(), "Sub-head", "Parallel copies of the last layer; the one with the lowest loss is used")
        self._arrange = described(QComboBox(), "Order of rows and columns", "Order rows and columns by the clusters' size or number")
        self._arrange.addItems(_ORDERS)
        self._scale = described(QComboBox(), "Colour scale", "How shares become colours; square root and logarithm show weak cells")
        for scale in SCALES:
            self._scale.addItem(f"Scale: {scale}", scale)
        header = row(
            Label("Joint", "heading"), None, self._head, self._sub_head, self._arrange, self._scale, margins=(16, 8, 16, 8)
        )  # fmt: skip
        self._sentence = Label("", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._sentence.setFixedHeight(2 * self.fontMetrics().lineSpacing() + 4)
        self._bits = Label("", "muted")
        self._empty = Label(
            "The joint matrix appears here when training runs.\nIt shows which clusters the model tells apart and which it mixes up.",
            "muted",
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QWidget()
        self._body.setLayout(column(self.map, self._sentence, spacing=8))
        self._body.layout().setStretch(0, 1)  # type: ignore[union-attr]
        card = column(self._bits, self._body, self._empty, Label(meanings()["joint"], "muted", wrap=True), margins=(16, 12, 16, 12))
        card.setStretch(1, 1)
        card.setStretch(2, 1)
        self.setLayout(column(panel("pageHeader", header), row(panel("card", card), margins=(16, 0, 16, 16)), spacing=0))
        for box in (self._head, self._sub_head, self._arrange):
            box.activated.connect(lambda _: self.refresh())
        self._scale.activated.connect(lambda _: self.map.set_scale(self._scale.currentData()))
        self.map.hovered.connect(self._describe)
        self.map.clicked.connect(self._choose)
        session.changed.connect(self._follow)
        self._describe(None)
        self.refresh()

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
        if what & (Change.JOINTS | Change.NAMES | Change.CLUSTERS | Change.PROJECT) and self.isVisible():
            self.refresh()
        elif what & Change.SELECTION and self.isVisible():
            self._describe(self.map.cell)

    def showEvent(self, event: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Draw the newest joint."""
        stack = self._session.joints.get(self.head)
        self._body.setVisible(stack is not None)
        self._empty.setVisible(stack is None)
        self._bits.setVisible(stack is not None)
        for box in (self._sub_head, self._arrange, self._scale):
            box.setEnabled(stack is not None)
        if stack is None:
            self.map.show_matrix(Matrix(np.zeros((0, 0), np.float32), ()))
            return
        self._fill_sub_heads(len(stack))
        joint = stack[min(self.sub_head(), len(stack) - 1)]
        joint = (joint + joint.T) / 2
        mass = joint.sum(axis=1)
        self._order = self._ordered(mass)
        kept = self.sub_head() == self.used_sub_head()
        names = tuple(self._name(int(one), kept) for one in self._order)
        colours = tuple(theme.cluster_colour(int(one) if kept else -1) for one in self._order)
        self.map.show_matrix(Matrix(np.ascontiguousarray(joint[np.ix_(self._order, self._order)]), names, colours))
        self._say_bits(joint)
        self._describe(self.map.cell)

    def _ordered(self, mass: FloatArray) -> Rows:
        """Clusters in the order drawn. By size, an order that is nearly right stays, so that rows do not dance while training runs."""
        if _ORDERS[self._arrange.currentIndex()] == "Order: number":
            return np.arange(len(mass))
        if len(self._order) == len(mass):
            drawn = mass[self._order]
            if (drawn[1:] <= 1.3 * drawn[:-1] + 0.01 / len(mass)).all():
                return self._order
        return np.argsort(-mass, kind="stable")

    def _fill_sub_heads(self, count: int) -> None:
        used = f"Used sub-head ({self.used_sub_head() + 1})"
        if self._sub_head.count() == count + 1:
            self._sub_head.setItemText(0, used)
            return
        with QSignalBlocker(self._sub_head):
            self._sub_head.clear()
            self._sub_head.addItem(used, USED)
            for one in range(count):
                self._sub_head.addItem(f"Sub-head {one + 1}", one)

    def _name(self, cluster: int, kept: bool) -> str:
        if self.head != MAIN:
            return f"Overcluster {cluster}"
        return self._session.cluster_name(cluster) if kept else f"Cluster {cluster}"

    def _say_bits(self, joint: FloatArray) -> None:
        side = len(joint)
        diagonal = float(np.trace(joint)) / max(float(joint.sum()), 1e-12)
        used = int((joint.sum(axis=1) > 0.2 / side).sum())
        self._bits.setText(
            f"{100 * diagonal:.0f} % of the pairs stay in one cluster; {used} of {side} clusters in use; ceiling {math.log2(side):.2f} bits"
        )

    # Pointing -------------------------------------------------------------------------------------------------------------------------

    def _describe(self, cell: tuple[int, int] | None) -> None:
        matrix = self.map.matrix
        if cell is None or not matrix.side:
            self._sentence.setText("Point at a cell to read it.")
            self.map.setToolTip("")
            return
        line, place = cell
        share = float(matrix.shares[line, place]) / max(float(matrix.shares[line].sum()), 1e-12)
        percent = f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.1g} %"
        if line == place:
            said = f"{percent} of the pairs from {matrix.names[line]} land in it again."
        else:
            said = f"{percent} of the pairs from {matrix.names[line]} land in {matrix.names[place]}."
        self._sentence.setText(f"{said} {self._promise(line == place)}{self._selected_in(cell)}")

    def _promise(self, diagonal: bool) -> str:
        """What a click shows, exactly."""
        if self.sub_head() != self.used_sub_head():
            return "Choose the used sub-head to see pictures: only its clusters are kept for each picture."
        if self.head != MAIN and self._session.snapshot.overclusters is None:
            return "Its pictures can be shown after training."
        if diagonal:
            return "A click shows the pictures assigned to it, Ctrl and a click selects them."
        return "A click shows the pictures assigned to one of them with the other as second most likely; with Ctrl it selects them."

    def _choose(self, cell: tuple[int, int]) -> None:
        if self.sub_head() != self.used_sub_head() or (self.head != MAIN and self._session.snapshot.overclusters is None):
            return
        shown = self._set_of(cell)
        if QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self._session.select_set(shown, keep=True)
            return
        self._session.show(shown)
        self.cell_chosen.emit()

    def _set_of(self, cell: tuple[int, int]) -> Shown:
        """The images behind a cell."""
        first, second = (int(self._order[one]) for one in cell)
        return Shown("cluster", first) if first == second and self.head == MAIN else Shown("joint", first, second, self.head)

    def _selected_in(self, cell: tuple[int, int]) -> str:
        """How many of the selected images lie behind a cell."""
        if self.sub_head() != self.used_sub_head() or not self._session.selected.any():
            return ""
        number = int(self._session.selected[self._session.rows_in(self._set_of(cell))].sum())
        return f" {number:,} of the selected pictures {'is' if number == 1 else 'are'} among them." if number else ""
