"""From the numbers of a run to what its charts draw: one function a chart. Earlier runs lie under it, greyed, one line each."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from iic_studio.gui import theme
from iic_studio.gui.chart import Drawing, Line
from iic_studio.gui.history import HEALTH, MAIN, Array, History, Series
from iic_studio.gui.joint_order import UNUSED_SHARE
from iic_studio.gui.language import later, tr
from iic_studio.gui.session import Session

SeriesOf = Callable[[History], tuple[Series, int]]

MOST_BANDS = 40
_UNDER = ("dash", "dot", "dash dot", "dash dot dot")
# I, H(z), H(z|z′): the first three of the cluster colours, so that the colour-blind can tell them apart.
_INFORMATION = (("I(z, z′)", 0), ("H(z)", 2), ("H(z|z′)", 3))
_NO_PASS = later("Measured whenever all pictures have been sorted twice; this run has not come that far.")
_SAME = (
    (later("NMI with the pass before"), "nmi", 0),
    (later("agreement of sub-heads"), "agreement", 2),
    (later("consistency"), "consistency", 3),
)


@dataclass(frozen=True)
class Curves:
    """What all charts share.

    Attributes:
        session: for the present run and the names of its clusters.
        earlier: name -> history of the runs that lie under it, `MOST_EARLIER` at most.
        by_steps: the x axis counts steps, not minutes.
    """

    session: Session
    earlier: dict[str, History]
    by_steps: bool

    @property
    def history(self) -> History:
        return self.session.history

    def _points(self, series: Series) -> tuple[Array, Array]:
        """(n,) x and (n, columns) values to draw."""
        places = series.thinned()
        return (series.steps if self.by_steps else series.minutes)[places], series.values[places]

    def _column(self, series: Series, column: int) -> tuple[Array, Array]:
        x, values = self._points(series)
        return x, values[:, column] if column < values.shape[1] else np.full(len(x), np.nan)

    def _drawing(self, lines: list[Line], **more: object) -> Drawing:
        label, unit = (later("steps"), "step") if self.by_steps else (later("minutes"), "minute")
        if self.history.step:
            more.setdefault("empty", _NO_PASS)
        return Drawing(lines, label, x_unit=unit, **more)  # type: ignore[arg-type]

    def _under(self, series_of: SeriesOf) -> list[Line]:
        """One grey line for each earlier run."""
        lines = []
        for (name, history), pattern in zip(self.earlier.items(), _UNDER, strict=False):
            series, column = series_of(history)
            x, values = self._column(series, column)
            if len(x):
                lines.append(Line(x, values, theme.tokens().muted, name, pattern=pattern, under=True))
        return lines

    def _cluster_colour(self, cluster: int) -> str:
        return theme.cluster_colour(self.session.group_of(cluster)).name()

    def losses(self, head: str) -> Drawing:
        """Of every sub-head; the best one strong."""
        history, colours = self.history.heads[head], theme.tokens()
        x, values = self._points(history.losses)
        best = history.best
        lines = [
            Line(x, values[:, one], colours.border_strong, tr("other sub-heads") if one == (0 if best else 1) else "")
            for one in range(values.shape[1])
            if one != best
        ]
        if best < values.shape[1]:
            lines.append(Line(x, values[:, best], _hue(0), tr("best (sub-head {0})", best + 1), strong=True))
        return self._drawing(lines + self._under(lambda run: (run.heads[head].losses, run.heads[head].best)))

    def information(self, head: str) -> Drawing:
        """I, H(z), H(z|z′), what chance gives, and the ceiling."""
        history = self.history.heads[head]
        lines = []
        for place, (name, colour) in enumerate(_INFORMATION):
            x, values = self._column(history.information, place)
            lines.append(Line(x, values, _hue(colour), name, strong=place == 0))
        if head == MAIN and len(self.history.health):
            x, values = self._column(self.history.health, HEALTH.index("chance"))
            lines.append(Line(x, values, theme.tokens().text, tr("chance"), pattern="dot"))
        lines += self._under(lambda run: (run.heads[head].information, 0))
        ceiling = history.ceiling
        if not ceiling:
            return self._drawing(lines, limits=(0.0, math.log2(10)))
        label = tr("ceiling log₂ {0} = {1:.2f} bits", round(2**ceiling), ceiling)
        return self._drawing(lines, limits=(0.0, 1.16 * ceiling), ceiling=ceiling, ceiling_label=label)

    def churn(self) -> Drawing:
        """Share of the pictures that moved, in percent."""
        column = HEALTH.index("churn")
        x, values = self._column(self.history.health, column)
        lines = [Line(x, values, _hue(0), tr("moved, %"), strong=True), *self._under(lambda run: (run.health, column))]
        lines = [replace(line, values=100 * line.values) for line in lines]
        highest = max((float(np.nanmax(line.values)) for line in lines if np.isfinite(line.values).any()), default=0.0)
        return self._drawing(lines, limits=(0.0, max(1.1 * highest, 1.0)), digits=1)

    def same(self) -> Drawing:
        """Whether the groups are those of before, of other sub-heads, of the changed copies."""
        lines = []
        for name, key, colour in ((tr(one[0]), *one[1:]) for one in _SAME):
            x, values = self._column(self.history.health, HEALTH.index(key))
            lines.append(Line(x, values, _hue(colour), name, strong=key == "agreement"))
        lines += self._under(lambda run: (run.health, HEALTH.index("agreement")))
        return self._drawing(lines, limits=(0.0, 1.0))

    def sizes(self, *, stacked: bool) -> Drawing:
        """Shares of the clusters shown, in percent; unused ones are named."""
        x, values = self._points(self.history.sizes)
        if not len(x) or values.shape[1] < 2:
            return self._drawing([], limits=(0.0, 100.0))
        heads, shares = values[:, 0], 100 * values[:, 1:]
        count = shares.shape[1]
        name, colour = self.session.model_cluster_name, self._cluster_colour
        dead = np.flatnonzero(shares[-1] < 100 * UNUSED_SHARE / count).tolist()
        some = ", ".join(name(one) for one in dead[:3])
        note = tr("Unused: {0}", tr("{0} and {1} more", some, len(dead) - 3) if len(dead) > 3 else some) if dead else ""
        if not stacked or len(x) < 2:
            shares = shares.copy()
            shares[1:][heads[1:] != heads[:-1]] = np.nan  # another sub-head: other clusters
            patterns = ["dot" if one in dead else "solid" for one in range(count)]
            lines = [Line(x, shares[:, one], colour(one), name(one), pattern=patterns[one]) for one in range(count)]
            highest = float(np.nanmax(shares)) if np.isfinite(shares).any() else 100.0
            return self._drawing(lines, limits=(0.0, 1.05 * highest), note=note, digits=1)
        kept = np.sort(np.argsort(-shares[-1], kind="stable")[:MOST_BANDS])
        lines = [Line(x, shares[:, one], colour(one), name(one)) for one in kept.tolist()]
        if len(kept) < count:
            rest = shares.sum(axis=1) - shares[:, kept].sum(axis=1)
            few = count - len(kept) == 1
            words = tr("1 smaller cluster") if few else tr("{0} smaller clusters", count - len(kept))
            lines.append(Line(x, rest, theme.tokens().border_strong, words))
        return self._drawing(lines, limits=(0.0, 100.0), stacked=True, note=note, digits=1)


def _hue(number: int) -> str:
    """Colours of lines that stand for no cluster."""
    return theme.palette_colour(number)
