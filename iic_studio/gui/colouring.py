"""What colours on a map mean: a small number for each image, a colour for each number, and a legend. No widgets.

Every point is one byte in the raster, so there are at most `MOST` colours; rarer folders share a grey, and scales are cut into steps.
"""

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from iic_studio.curation.labels import ImageClass
from iic_studio.gui import theme
from iic_studio.gui.files import printable
from iic_studio.gui.language import later, tr
from iic_studio.gui.snapshot import Snapshot
from iic_studio.records import IntArray

Dates = npt.NDArray[np.datetime64]

MOST = 120
BY_CLASS = later("Class")
_STEPS = 48
_WORDS = 12


@dataclass(frozen=True)
class Colouring:
    """Colours of the rows of a table.

    Attributes:
        numbers: (N,) which colour each row has.
        colours: at most `MOST`.
        legend: colours with their meaning; empty where a list elsewhere tells it.
        scale: what the first and the last colour mean, when the colours are steps of a scale.
    """

    numbers: IntArray
    colours: tuple[QColor, ...]
    legend: tuple[tuple[QColor, str], ...] = ()
    scale: tuple[str, str] | None = None


def by_cluster(snapshot: Snapshot) -> Colouring:
    """The colours that clusters have everywhere; grey without one."""
    cluster = snapshot.verdicts.cluster
    shown = max(min(snapshot.verdicts.num_clusters, MOST - 1), 1)
    numbers = np.where(cluster < 0, shown, cluster % shown)
    return Colouring(numbers, (*(theme.cluster_colour(one) for one in range(shown)), _grey()))


def by_confidence(snapshot: Snapshot) -> Colouring:
    """From unsure to sure."""
    verdicts = snapshot.verdicts
    low = 1 / max(verdicts.num_clusters, 1)
    share = np.clip((verdicts.confidence - low) / max(1 - low, 1e-6), 0, 1)
    return _steps(share, verdicts.cluster >= 0, (f"{100 * low:.0f} %", "100 %"))


def by_folder(snapshot: Snapshot) -> Colouring:
    """A colour for each of the largest folders."""
    return _by_word(_folder_counts(snapshot.table.paths), tr("in the folder itself"), tr("folders"))


def by_class(snapshot: Snapshot) -> Colouring:
    """The colours of the classes that were found; grey without one."""
    made, words = snapshot.classified, snapshot.class_words
    assert made is not None, "there are classes"
    assert words is not None, "they are of these images"
    shown = max(min(len(made.classes), MOST - 1), 1)
    colours = [QColor(one) for one in class_colours(made.classes[:shown])]
    numbers = np.where(words.codes > 0, (words.codes - 1) % shown, shown)
    legend = [(colour, printable(one.name)) for colour, one in zip(colours, made.classes, strict=False)][:_WORDS]
    if len(made.classes) > _WORDS:
        legend.append((_grey(), tr("{0:,} other {1}", len(made.classes) - _WORDS, tr("classes"))))
    elif (words.codes == 0).any():
        legend.append((_grey(), tr("no class")))
    return Colouring(numbers, (*colours, _grey()), tuple(legend))


def class_colours(classes: Sequence[ImageClass]) -> tuple[str, ...]:
    """The colour of each class as `#rrggbb`: what a person chose, or that of its number."""
    return tuple(one.colour or theme.palette_colour(one.uid) for one in classes)


@dataclass(frozen=True)
class Counted:
    """Words of the rows: `numbers` (N,) place of each row's word in `frequent`, or one past it; `others` words are not among these."""

    numbers: IntArray
    frequent: tuple[str, ...]
    others: int


def count_words(words: Sequence[str]) -> Counted:
    """The most frequent words, and which row has which."""
    counted = Counter(words)
    frequent = tuple(word for word, _ in counted.most_common(_WORDS))
    number = {word: place for place, word in enumerate(frequent)}
    numbers = np.fromiter((number.get(word, len(frequent)) for word in words), np.int64, len(words))
    return Counted(numbers, frequent, len(counted) - len(frequent))


def _by_word(counted: Counted, no_word: str, kind: str) -> Colouring:
    """A colour for each frequent word.

    Args:
        no_word: what the empty word means.
        kind: what words are, when there are many.
    """
    colours = [theme.cluster_colour(place) if word else _grey() for place, word in enumerate(counted.frequent)]
    legend = [(colour, printable(word) or no_word) for colour, word in zip(colours, counted.frequent, strict=True)]
    if counted.others:
        legend.append((_grey(), tr("{0:,} other {1}", counted.others, kind)))
    return Colouring(counted.numbers, (*colours, _grey()), tuple(legend))


@functools.lru_cache(maxsize=1)
def _folder_counts(paths: tuple[str, ...]) -> Counted:
    return count_words(_folders(paths))


def _folders(paths: tuple[str, ...]) -> list[str]:
    """The folder of each path; when there are many, only the first part of their names that differs."""
    folders = [path.rpartition("/")[0] for path in paths]
    distinct = set(folders)
    depth = 1
    while len(distinct) > _WORDS:
        of = {folder: "/".join(folder.split("/")[:depth]) for folder in distinct}
        short = set(of.values())
        if len(short) > 1 or short == distinct:
            return [of[folder] for folder in folders]
        depth += 1
    return folders


def by_date(snapshot: Snapshot) -> Colouring:
    """From the oldest to the newest picture; grey where the date is not known."""
    taken = dates_of(snapshot)
    known = ~np.isnat(taken)
    low, high = taken[known].min(), taken[known].max()
    share = np.where(known, (taken - low) / max(high - low, np.timedelta64(1, "s")), 0.0)
    return _steps(share, known, (str(low.astype("datetime64[D]")), str(high.astype("datetime64[D]"))))


def dates_of(snapshot: Snapshot) -> Dates:
    """(N,) when pictures were taken, if the table knows of any; else empty."""
    taken: Dates = snapshot.table.taken
    return taken if len(taken) == len(snapshot.table) and not np.isnat(taken).all() else taken[:0]


def kinds_of(snapshot: Snapshot) -> dict[str, Callable[[Snapshot], Colouring]]:
    """What points can be coloured by, by name, in the order of a menu."""
    kinds: dict[str, Callable[[Snapshot], Colouring]] = {
        later("Cluster"): by_cluster,
        later("Confidence"): by_confidence,
        later("Folder"): by_folder,
    }
    if snapshot.class_words is not None:
        kinds[BY_CLASS] = by_class
    if len(dates_of(snapshot)):
        kinds[later("Date")] = by_date
    return kinds


def _steps(share: npt.NDArray[np.floating], known: npt.NDArray[np.bool_], scale: tuple[str, str]) -> Colouring:
    numbers = np.where(known, np.minimum((share * _STEPS).astype(np.int64), _STEPS - 1), _STEPS)
    return Colouring(numbers, (*ramp(theme.is_dark()), _grey()), scale=scale)


@functools.lru_cache(maxsize=2)
def ramp(dark: bool) -> tuple[QColor, ...]:
    """Steps of a scale that can be told apart by the colour-blind and seen on the ground of the theme."""
    import pyqtgraph as pg  # here, because it loads for a tenth of a second

    table = pg.colormap.get("viridis").getLookupTable(nPts=64)
    part = table[12:62] if dark else table[2:56]
    places = np.linspace(0, len(part) - 1, _STEPS).round().astype(int)
    return tuple(QColor(*(int(channel) for channel in part[place][:3])) for place in places)


def _grey() -> QColor:
    return QColor(theme.tokens().border_strong)
