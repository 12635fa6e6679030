"""What is looked at of a mask, and how: the meeting place of the masks page, its panel, the joint page and what computes masks.

Choices stay from picture to picture, and so do classes that are hidden or alone: they are kept by the number of their group.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from iic_studio.gui import theme
from iic_studio.gui.language import tr
from iic_studio.records import FloatArray, IntArray

if TYPE_CHECKING:
    from iic_studio.gui.session import Session
    from iic_studio.jobs.mask_views import MaskView

CLASSES, UNCERTAINTY = "classes", "uncertainty"
OPACITY = 0.55
_STEP = 0.1


class Seen(enum.Flag):
    """Kinds of things that change."""

    MASK = enum.auto()  # another mask
    LOOK = enum.auto()  # how it is painted
    PIXEL = enum.auto()  # which pixel is asked about
    OFFSET = enum.auto()  # joints of another displacement are wanted, or are there


@dataclass(frozen=True)
class PixelClass:
    """A class of a mask. `key` stays the same whatever happens to others; `place` is that of its group, -1 where it cannot be edited."""

    key: int
    place: int
    name: str
    colour: QColor


@dataclass(frozen=True, eq=False)
class Classes:
    """The classes of a mask. `of_cluster` (K,) says which one each cluster of the network belongs to."""

    items: tuple[PixelClass, ...]
    of_cluster: IntArray

    def __len__(self) -> int:
        return len(self.items)

    def colours(self) -> npt.NDArray[np.uint8]:
        """(G, 3)."""
        return np.array([(one.colour.red(), one.colour.green(), one.colour.blue()) for one in self.items], np.uint8).reshape(-1, 3)

    def summed(self, values: npt.NDArray[np.floating]) -> FloatArray:
        """(K, …) values of clusters to (G, …) of classes."""
        found = np.zeros((len(self), *values.shape[1:]), np.float32)
        for cluster, place in enumerate(self.of_cluster.tolist()):
            found[place] += values[cluster]
        return found

    @property
    def is_merged(self) -> bool:
        """Whether a class holds several clusters of the network."""
        return len(np.unique(self.of_cluster)) < len(self.of_cluster)


def classes_of(session: "Session", run: str, labels: IntArray, owners: IntArray) -> Classes:
    """What the clusters of a network are called: the groups they belong to, or just clusters where no groups stand on that run.

    Args:
        run: whose network it is.
        labels, owners: (K,) of its clusters and of parts of such, and of the clusters that these are parts of.
    """
    curated = session.curated
    if session.run is not None and run == session.run.id and curated.run == run and len(curated.groups):
        known = dict(zip(curated.model.cluster_labels.tolist(), curated.grouping.of_cluster.tolist(), strict=True))
        both = zip(labels.tolist(), owners.tolist(), strict=True)  # a part may be no more since the mask was made
        places = np.array([known.get(label, known.get(owner, 0)) for label, owner in both], np.int64)
        items = tuple(
            PixelClass(group.uid, place, session.cluster_name(place), theme.cluster_colour(place))
            for place, group in enumerate(curated.groups)
        )
        return Classes(items, places)
    ordered = sorted(set(owners.tolist()))
    items = tuple(PixelClass(label, -1, tr("Cluster {0}", label), QColor(theme.palette_colour(label))) for label in ordered)
    return Classes(items, np.searchsorted(np.array(ordered), owners))


def entropy_of(probabilities: FloatArray) -> npt.NDArray[np.uint8]:
    """(G, h, w) probabilities to (h, w) entropy, 255 for ln G."""
    clipped = np.clip(probabilities, 1e-12, 1.0)
    entropy = -(clipped * np.log(clipped)).sum(axis=0) / np.log(max(len(probabilities), 2))
    return np.asarray(np.rint(255 * entropy.clip(0, 1)), np.uint8)


class MaskState(QObject):
    """The state. `changed` tells what kinds of things changed.

    `preview_wanted` carries parts of clusters that are not made yet, and who gets the mask of the picture in front divided by them.
    """

    changed = Signal(object)  # Seen
    preview_wanted = Signal(object)  # parts, taker

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.opacity = OPACITY
        self.outline = self.side_by_side = False
        self.hidden_for_now = False
        self.colouring = CLASSES
        self.follows_training = True
        self.hidden: frozenset[int] = frozenset()
        self.alone: int | None = None
        self.forget()

    def forget(self) -> None:
        """Another project."""
        self.view: MaskView | None = None
        self.note = ""
        self._entropy: tuple[tuple[MaskView, bytes], npt.NDArray[np.uint8]] | None = None
        self.pixel: tuple[int, int] | None = None
        self.offset: tuple[int, int] | None = None
        self.displaced: dict[str, FloatArray] = {}
        self.hidden, self.alone = frozenset(), None
        self.changed.emit(Seen.MASK | Seen.LOOK | Seen.PIXEL | Seen.OFFSET)

    # The mask -------------------------------------------------------------------------------------------------------------------------

    def show(self, view: "MaskView | None", note: str = "") -> None:
        """Show a mask, or say why there is none."""
        if view is None or self.view is None or view.image_id != self.view.image_id:
            self.pixel = None
        self.view, self.note, self._entropy = view, note, None
        self.changed.emit(Seen.MASK | Seen.PIXEL)

    def classes(self) -> Classes:
        """Classes of the mask that is shown."""
        if self.view is None:
            return Classes((), np.zeros(0, np.int64))
        return classes_of(self._session, self.view.run, self.view.labels, self.view.owners)

    def entropy(self, classes: Classes) -> npt.NDArray[np.uint8]:
        """(h, w) uncertainty, 255 for the most there can be: between classes, so it is none between two that are one by now."""
        view = self.view
        assert view is not None
        if not classes.is_merged:
            return view.entropy
        key = (view, classes.of_cluster.tobytes())
        if self._entropy is None or self._entropy[0] != key:
            self._entropy = (key, entropy_of(classes.summed(view.probabilities)))
        return self._entropy[1]

    def visible(self, classes: Sequence[PixelClass]) -> npt.NDArray[np.bool_]:
        """(G,) which of these are seen."""
        if self.alone is not None and any(one.key == self.alone for one in classes):
            return np.array([one.key == self.alone for one in classes], np.bool_)
        return np.array([one.key not in self.hidden for one in classes], np.bool_)

    # How it is looked at --------------------------------------------------------------------------------------------------------------

    def set_opacity(self, opacity: float) -> None:
        """How strongly the mask covers the picture, 0–1."""
        self._set("opacity", min(1.0, max(0.0, round(opacity, 2))))

    def step_opacity(self, by: int) -> None:
        """A step more or less."""
        self.set_opacity(self.opacity + by * _STEP)

    def set_outline(self, outline: bool) -> None:
        """Borders instead of areas."""
        self._set("outline", outline)

    def set_side_by_side(self, wanted: bool) -> None:
        """The picture without a mask beside it."""
        self._set("side_by_side", wanted)

    def set_colouring(self, colouring: str) -> None:
        """Colours of classes, or of uncertainty."""
        self._set("colouring", colouring)

    def hide_for_now(self, hidden: bool) -> None:
        """While a key is held."""
        self._set("hidden_for_now", hidden)

    def follow_training(self, wanted: bool) -> None:
        """Whether masks are those of the training under way."""
        self._set("follows_training", wanted)

    def toggle(self, key: int) -> None:
        """Hide a class, or show it again."""
        seen = self.hidden
        if self.alone is not None:
            seen = frozenset(one.key for one in self.classes().items) - {self.alone}
        self.alone = None
        self._set("hidden", seen ^ {key}, always=True)

    def solo(self, key: int) -> None:
        """Show one class only, or all again."""
        self._set("alone", None if self.alone == key else key)

    def show_all(self) -> None:
        """Hide no class."""
        self.alone = None
        self._set("hidden", frozenset(), always=True)

    def _set(self, name: str, value: object, *, always: bool = False) -> None:
        if always or getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit(Seen.LOOK)

    # One pixel ------------------------------------------------------------------------------------------------------------------------

    def ask_pixel(self, x: int, y: int) -> None:
        """Ask about a pixel of the original."""
        view = self.view
        if view is None:
            return
        self.pixel = (min(max(x, 0), view.width - 1), min(max(y, 0), view.height - 1))
        self.changed.emit(Seen.PIXEL)

    def move_pixel(self, right: int, down: int) -> None:
        """Ask about another one nearby; the one in the middle first."""
        if self.view is not None:
            x, y = self.pixel or (self.view.width // 2 - right, self.view.height // 2 - down)
            self.ask_pixel(x + right, y + down)

    # Displacements --------------------------------------------------------------------------------------------------------------------

    def want_offset(self, offset: tuple[int, int] | None) -> None:
        """Joints of pixels so many cells right of and below each other; None: of all displacements together."""
        if offset != self.offset:
            if offset is None or self.offset is None:
                self.displaced = {}  # else the last one is seen until the next is there
            self.offset = offset
            self.changed.emit(Seen.OFFSET)

    def take_displaced(self, offset: tuple[int, int], joints: dict[str, FloatArray]) -> None:
        """Joints of a displacement are there."""
        if offset == self.offset:
            self.displaced = joints
            self.changed.emit(Seen.OFFSET)
