"""What the log of a run has to tell a reader: its curves, how it ended up, and that in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from iic_studio.events import DiagnosisChanged, EpochFinished, Event, HealthMeasured, RunStarted, StepsFinished
from iic_studio.export.svg import Array, Line
from iic_studio.words import counted, numbered

Moment = tuple[float, ...]


@dataclass
class RunStory:
    """Built from events in their order.

    Attributes:
        losses: step, then the loss of each main sub-head.
        information: step, bits of the best main sub-head, their ceiling.
        excess: step, how many of these bits lie beyond chance.
        churn: step, share of the images that changed cluster in the pass.
        diagnosis: the last one.
        health: the last one.
    """

    losses: list[Moment] = field(default_factory=list)
    information: list[Moment] = field(default_factory=list)
    excess: list[Moment] = field(default_factory=list)
    churn: list[Moment] = field(default_factory=list)
    diagnosis: DiagnosisChanged | None = None
    health: HealthMeasured | None = None

    def loss_lines(self, best: int) -> list[Line]:
        """Loss of each main sub-head; the chosen one is drawn last."""
        if not self.losses:
            return []
        count = len(self.losses[-1]) - 1
        table = _table([moment for moment in self.losses if len(moment) == count + 1])
        order = [one for one in range(count) if one != best] + [best] * (best < count)
        return [
            Line(table[:, 0], table[:, 1 + one], f"Sub-head {one + 1}" + (", the chosen one" if one == best else ""), _role(one == best))
            for one in order
        ]

    def information_lines(self) -> list[Line]:
        """Bits that two views share, the ceiling, and what lies beyond chance."""
        table = _table(self.information)
        excess = _table(self.excess)
        lines = []
        if len(table):
            lines.append(Line(table[:, 0], table[:, 2], "Ceiling", "limit"))
        if len(excess):
            lines.append(Line(excess[:, 0], excess[:, 1], "Beyond chance", "other"))
        if len(table):
            lines.append(Line(table[:, 0], table[:, 1], "Shared by two views"))
        return lines

    def churn_lines(self) -> list[Line]:
        """Percent of the images that changed cluster in a pass."""
        table = _table(self.churn)
        return [Line(table[:, 0], 100 * table[:, 1], "Changed cluster")] if len(table) else []


def _role(is_best: bool) -> str:
    return "one" if is_best else "faint"


def _table(moments: Sequence[Moment]) -> Array:
    return np.array(moments, dtype=np.float64).reshape(len(moments), len(moments[0]) if moments else 0)


def tell_story(events: Sequence[Event]) -> RunStory:
    """Read a log. What came after a checkpoint that a run was resumed from is told as it went the second time."""
    story = RunStory()
    for event in events:
        if isinstance(event, RunStarted) and event.job != "resume":
            story = RunStory()
        elif isinstance(event, StepsFinished):
            _rewind(story.losses, event.step)
            story.losses.append((event.step, *event.main_losses))
        elif isinstance(event, EpochFinished) and event.heads:
            main = event.heads[0]
            best = main.sub_heads[min(main.best_sub_head, len(main.sub_heads) - 1)]
            _rewind(story.information, event.step)
            story.information.append((event.step, best.mutual_information, main.ceiling))
        elif isinstance(event, HealthMeasured):
            _rewind(story.excess, event.step)
            _rewind(story.churn, event.step)
            story.excess.append((event.step, event.mutual_information_excess))
            story.churn.append((event.step, event.churn))
            story.health = event
        elif isinstance(event, DiagnosisChanged):
            story.diagnosis = event
    return story


def _rewind(moments: list[Moment], step: int) -> None:
    while moments and moments[-1][0] >= step:
        moments.pop()


def health_words(health: HealthMeasured) -> list[str]:
    """The numbers of a pass as sentences; what was not measured is not told. A short run goes on long after the last measurement."""
    words = [
        f"Last measured at step {health.step:,}, while it learned:",
        f"Two views of a picture share {health.mutual_information:.2f} of at most {health.ceiling:.2f} bits; "
        f"{max(health.mutual_information_excess, 0.0):.2f} bits of that are beyond what two different pictures share.",
        f"{counted(health.num_used, 'clusters')} {numbered(health.num_used, 'is', 'are')} in use"
        + (f", {health.num_dead} {numbered(health.num_dead, 'stays', 'stay')} empty" if health.num_dead else "")
        + f"; "
        f"the largest holds {health.largest_share:.0%} of the pictures.",
    ]
    if math.isfinite(health.agreement):
        words.append(f"The sub-heads agree to {health.agreement:.2f}, where 1 is always and 0 is no more than by chance.")
    if math.isfinite(health.consistency):
        words.append(f"{health.consistency:.0%} of the pictures stay in their cluster when they are cropped, turned and recoloured.")
    if math.isfinite(health.churn):
        words.append(f"{health.churn:.1%} of the pictures changed cluster in the last pass.")
    return words
