"""What is asked before simple methods, or the same method with other seeds, are run to compare with."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QGridLayout, QSpinBox, QWidget

from iic_studio.gui.language import count_images, tr
from iic_studio.gui.method_words import BASELINES
from iic_studio.gui.widgets import Label, column, described, row
from iic_studio.jobs.baselines import DEFAULT_STEPS
from iic_studio.jobs.runs import RunFacts
from iic_studio.jobs.stability import MOST_RUNS
from iic_studio.words import duration

_FIRST = ("pixels", "random-network")  # those that take seconds
_RUNS, _FEWEST_STEPS = 4, 10


@dataclass(frozen=True)
class BaselineWish:
    """Which simple methods, into how many clusters, with which seed, and how long those that learn."""

    names: tuple[str, ...]
    clusters: int
    seed: int
    steps: int


@dataclass(frozen=True)
class StabilityWish:
    """Of which run, until there are how many others, how long each; None as long as the run."""

    run: str
    runs: int
    steps: int | None


class BaselinesDialog(QDialog):
    """`wanted` carries the wish."""

    wanted = Signal(object)

    def __init__(self, clusters: int, seed: int, num_labelled: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Baselines"))
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for place, (name, (title, about)) in enumerate(BASELINES.items()):
            box = self.boxes[name] = described(QCheckBox(tr(title)), tr(title), tr(about))
            box.setChecked(name in _FIRST)
            box.toggled.connect(self._look)
            grid.addWidget(box, place, 0)
            grid.addWidget(Label(tr(about), "muted", wrap=True), place, 1)
        self.clusters = _number(tr("Clusters"), tr("How many groups each method makes"), 2, 10_000, clusters)
        self.seed = _number(tr("Seed"), tr("Where everything random begins; the same as of the run to compare with"), 0, 2**31 - 1, seed)
        self.steps = _number(tr("Steps"), tr("Optimiser steps of each method that learns"), 1, 1_000_000, DEFAULT_STEPS)
        fields = row(
            *(part for box in (self.clusters, self.seed, self.steps) for part in (Label(box.accessibleName()), box, 8)), None
        )  # fmt: skip
        judged = (
            tr("Accuracy is measured on {0} whose label is known.", count_images(num_labelled))
            if num_labelled
            else tr(
                "No labels that can judge are known here, so nothing will be said of accuracy. "
                "Pictures you picked yourself, such as a whole cluster, would judge themselves."
            )
        )
        self.buttons, self.go = _buttons(self, tr("Run them"))
        self.buttons.accepted.connect(self._do)
        self.setLayout(
            column(
                Label(tr("Simple methods on the same pictures"), "heading"),
                Label(
                    tr("What any clustering should beat. Each becomes a line in the table of runs; your clusters stay as they are."),
                    wrap=True,
                ),
                grid,
                4,
                fields,
                Label(judged, "muted", wrap=True),
                self.buttons,
                spacing=12,
                margins=(16, 16, 16, 16),
            )
        )
        self.setMinimumWidth(560)

    def _look(self) -> None:
        self.go.setEnabled(any(box.isChecked() for box in self.boxes.values()))

    def _do(self) -> None:
        names = tuple(name for name, box in self.boxes.items() if box.isChecked())
        self.wanted.emit(BaselineWish(names, self.clusters.value(), self.seed.value(), self.steps.value()))
        self.accept()


class StabilityDialog(QDialog):
    """`wanted` carries the wish."""

    wanted = Signal(object)

    def __init__(self, facts: RunFacts, num_there: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Stability"))
        self._facts, self._there = facts, num_there
        steps = int(facts.row.summary.get("steps") or facts.row.settings.get("steps") or 0)
        self.runs = _number(tr("Other runs"), tr("With the same settings and pictures, each with a seed of its own"), 1, MOST_RUNS, _RUNS)
        self.steps = _number(
            tr("Steps of each"),
            tr("As many as the run had, or fewer for a quick look"),
            min(_FEWEST_STEPS, max(steps, 1)),
            1_000_000_000,
            steps,
        )
        self._all_steps = steps
        self._about = Label("", "muted", wrap=True)
        self.buttons, self.go = _buttons(self, tr("Train them"))
        self.buttons.accepted.connect(self._do)
        self.setLayout(
            column(
                Label(tr("Which clusters come back?"), "heading"),
                Label(
                    tr("The run {0} is repeated with other seeds. A cluster that comes back does not hang on chance.", facts.title),
                    wrap=True,
                ),
                row(Label(self.runs.accessibleName()), self.runs, 8, Label(self.steps.accessibleName()), self.steps, None),
                self._about,
                self.buttons,
                spacing=12,
                margins=(16, 16, 16, 16),
            )
        )
        self.setMinimumWidth(480)
        self.runs.valueChanged.connect(self._look)
        self.steps.valueChanged.connect(self._look)
        self._look()

    def _look(self) -> None:
        """Say how many are missing, and how long they take."""
        missing = max(self.runs.value() - self._there, 0)
        share = self.steps.value() / self._all_steps if self._all_steps else 1.0
        seconds = (self._facts.seconds or 0.0) * missing * share
        words = tr("Such runs that are there: {0}. To be trained now: {1}.", self._there, missing)
        if missing and seconds:
            words += " " + tr("That takes about {0}.", duration(seconds))
        self._about.setText(words)

    def _do(self) -> None:
        steps = self.steps.value()
        self.wanted.emit(StabilityWish(self._facts.row.id, self.runs.value(), None if steps == self._all_steps else steps))
        self.accept()


def _number(name: str, about: str, low: int, high: int, value: int) -> QSpinBox:
    box = described(QSpinBox(), name, about)
    box.setRange(low, high)
    box.setValue(value)
    return box


def _buttons(dialog: QDialog, go: str) -> tuple[QDialogButtonBox, QWidget]:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    accept = buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
    accept.setProperty("role", "primary")
    buttons.rejected.connect(dialog.reject)
    return buttons, accept
