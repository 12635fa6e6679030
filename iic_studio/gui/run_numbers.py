"""What is known of two runs in numbers, one line for each, side by side."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from iic_studio.gui.language import amount, later, percent, tr
from iic_studio.gui.method_words import baseline_name, encoder_name, method_name
from iic_studio.gui.widgets import plain_tooltip
from iic_studio.jobs.runs import RunFacts
from iic_studio.words import duration

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def run_method(facts: RunFacts) -> str:
    """How a run found its clusters, in plain words."""
    if facts.baseline:
        return baseline_name(facts.baseline)
    encoder = str(facts.row.settings.get("encoder", "small"))
    name = method_name(facts.method)
    return name if encoder == "small" else tr("{0} on {1}", name, encoder_name(encoder))


def span(seconds: float) -> str:
    """A time with its unit; of less than ten seconds with a digit more."""
    return f"{amount(seconds, '.1f')} s" if seconds < 9.95 else duration(seconds)


def _sizes(facts: RunFacts) -> list[int]:
    return [int(one) for one in facts.row.summary.get("cluster_sizes", [])]


def _in_use(facts: RunFacts) -> str:
    sizes = _sizes(facts)
    return tr("{0} of {1}", sum(size > 0 for size in sizes), len(sizes)) if sizes else ""


def _largest(facts: RunFacts) -> str:
    sizes = _sizes(facts)
    return percent(max(sizes) / max(sum(sizes), 1)) if sizes else ""


def _share(value: object) -> str:
    return percent(float(value)) if isinstance(value, int | float) and math.isfinite(value) else ""


def _loss(facts: RunFacts) -> str:
    return "" if facts.loss is None else amount(facts.loss, ".3f")


# Name, what it means, and how it reads of a run.
_LINES: tuple[tuple[str, str, Callable[[RunFacts], str]], ...] = (
    (later("Method"), later("How the clusters were found"), run_method),
    (later("Seed"), later("Where everything random began"), lambda facts: "" if facts.seed is None else str(facts.seed)),
    (later("Clusters in use"), later("Clusters that hold pictures, of those looked for"), _in_use),
    (later("Largest cluster"), later("Its share of the pictures"), _largest),
    (later("Loss"), later("Lowest loss of the sub-heads, in nats"), _loss),
    (
        later("Information"),
        later("What two views share, as a share of the most that so many clusters can tell"),
        lambda facts: _share(facts.information_share),
    ),
    (
        later("Confidence"),
        later("Mean probability of the cluster a picture is in"),
        lambda facts: _share(facts.row.summary.get("mean_confidence")),
    ),
    (
        later("Sub-heads agree"),
        later("On how many pictures parallel copies of the last layer say the same"),
        lambda facts: _share(facts.row.summary.get("mean_agreement")),
    ),
    (later("Still changing"), later("Pictures that changed cluster in the last pass"), lambda facts: _share(facts.health.get("churn"))),
    (
        later("Copies stay"),
        later("Changed copies of a picture that land where it does"),
        lambda facts: _share(facts.health.get("consistency")),
    ),
    (
        later("Like k-means"),
        later("Agreement with k-means on the same features (adjusted Rand index)"),
        lambda facts: "" if (found := facts.row.summary.get("kmeans_ari")) is None else amount(float(found), ".3f"),
    ),
    (
        later("Accuracy"),
        later("Labelled pictures that lie in the cluster of their class, matched one to one"),
        lambda facts: _share(facts.accuracy),
    ),
    (later("Time"), later("What finding the clusters took"), lambda facts: "" if facts.seconds is None else span(facts.seconds)),
)


class NumbersModel(QAbstractTableModel):
    """A line for each number that at least one of two runs has."""

    def __init__(self) -> None:
        super().__init__()
        self.titles = ("", "")
        self.lines: list[tuple[str, str, str, str]] = []

    def take(self, first: RunFacts, second: RunFacts) -> None:
        """Show what is known of two runs."""
        self.beginResetModel()
        self.titles = first.title, second.title
        read = [(tr(name), tr(about), of(first), of(second)) for name, about, of in _LINES]
        self.lines = [line for line in read if line[2] or line[3]]
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        name, about, *values = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (name, *values)[index.column()] or "–"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(about)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", *self.titles)[section]
        return None
