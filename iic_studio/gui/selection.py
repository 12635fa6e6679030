"""What is selected, in words: the line of the status strip, and the summary in the inspector from which a part can be kept."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, column, described, empty

_MOST_LINES = 5
_LONGEST_NAME = 28


def clusters_of_selection(session: Session) -> list[tuple[int, int]]:
    """(cluster, selected images in it) of the selection, the most first; -1 stands for images in none."""
    clusters = session.verdicts.cluster[session.selected]
    found, counts = np.unique(clusters, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(int(found[one]), int(counts[one])) for one in order]


def say_selection(session: Session) -> str:
    """The selection in a few words; empty while nothing is selected."""
    number = int(session.selected.sum())
    if not number:
        return ""
    words = [f"{number:,} selected"]
    clusters = sum(cluster >= 0 for cluster, _ in clusters_of_selection(session))
    if clusters:
        words.append(f"{clusters:,} {'cluster' if clusters == 1 else 'clusters'}")
    hidden = number - int(session.selected[session.shown_rows].sum())
    if hidden:
        words.append(f"{hidden:,} not shown")
    return " · ".join(words)


class SelectionLabel(Label):
    """The line of the status strip."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        described(self, "Selection", "Selected pictures, and how many clusters they are in (Escape selects none)")
        session.changed.connect(self._follow)

    def _follow(self, what: Change) -> None:
        if what & (Change.SELECTION | Change.SHOWN | Change.CLUSTERS | Change.PROJECT):
            self.setText(say_selection(self._session))


class SelectionSummary(QWidget):
    """Clusters of a selection of several images; a click keeps those of one of them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._said: list[tuple[str, int, int]] = []
        self._title = Label(role="section")
        self._lines = column(spacing=0)
        self.setLayout(column(self._title, self._lines, spacing=2, margins=(16, 0, 16, 8)))
        self.setAccessibleName("What is selected")
        session.changed.connect(self._follow)
        self.hide()

    def _follow(self, what: Change) -> None:
        if not what & (Change.SELECTION | Change.CLUSTERS | Change.NAMES | Change.PROJECT):
            return
        session, number = self._session, int(self._session.selected.sum())
        self.setVisible(number > 1)
        if number < 2:
            return
        self._title.setText(f"{number:,} SELECTED")
        found = clusters_of_selection(session)
        said = [(session.cluster_name(cluster) if cluster >= 0 else "no cluster", cluster, count) for cluster, count in found]
        if said != self._said:
            self._said = said
            self._fill()

    def _fill(self) -> None:
        empty(self._lines)
        for name, cluster, count in self._said[:_MOST_LINES]:
            words = f"{count:,} in {name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + '…'}"
            line = described(QPushButton(words.replace("&", "&&")), f"{count:,} in {name}", "Keep only these selected")
            line.setProperty("role", "link")
            line.clicked.connect(lambda _=False, cluster=cluster: self._keep(cluster))
            self._lines.addWidget(line, 0, Qt.AlignmentFlag.AlignLeft)
        rest = len(self._said) - _MOST_LINES
        if rest > 0:
            self._lines.addWidget(Label(f"and in {rest:,} more", "muted"))

    def _keep(self, cluster: int) -> None:
        session = self._session
        rows = np.flatnonzero(session.selected & (session.verdicts.cluster == cluster))
        current = session.current_row()
        session.select(rows, current if current in rows else int(rows[0]))
