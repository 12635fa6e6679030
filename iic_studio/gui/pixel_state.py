"""What labelled pixels make of the clusters, kept up to date beside the window, and masks by class where finer clusters are mapped.

A label is in the store and on the screen at once; what follows from it is computed in a thread, a moment after the last click. Only
pictures with new labels are opened for that.
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from iic_studio.curation import Curated
from iic_studio.curation.colours import colour_of
from iic_studio.curation.labels import GROUPS
from iic_studio.curation.pixel_classes import PixelClassified, classify_pixels
from iic_studio.evaluation.class_maps import NO_CLASS
from iic_studio.gui.change import Change
from iic_studio.gui.class_state import ClassState
from iic_studio.gui.class_tables import ClassTables, MapRow, most_first
from iic_studio.gui.session import Session
from iic_studio.jobs.mask_views import MaskView, MaskViews, mask_views
from iic_studio.jobs.pixel_classes import class_of_group
from iic_studio.jobs.pixel_sampling import PixelSamples
from iic_studio.project.store import Project
from iic_studio.training.checkpoint import MODEL

Ids = npt.NDArray[np.uint8]
Finer = npt.NDArray[np.int16]
_PLACE = "looked_at_points"


class _Material:
    """Pictures and network, opened once for many labels. Lives in the thread."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._views: MaskViews | None = None
        self._samples: tuple[str, PixelSamples] | None = None

    @property
    def views(self) -> MaskViews:
        if self._views is None:
            self._views = mask_views(self._project, _PLACE)
        return self._views

    def classify(self, curated: Curated) -> PixelClassified | None:
        """What the labels make of these groups."""
        if self._samples is None or self._samples[0] != curated.run:
            self._samples = curated.run, PixelSamples(self._project, curated.run, self.views)
        reading = self._samples[1].read(curated.curation.known.pixels, curated.model)
        while True:
            try:
                next(reading)
            except StopIteration as stop:
                return classify_pixels(curated, stop.value)

    def close(self) -> None:
        """Let go of files."""
        if self._views is not None:
            self._views.close()


class PixelState(ClassState):
    """Classes of pixels of the open project. `changed` says that they are others.

    Attributes:
        made: the classes; None while there are none.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(session, "iic-pixel-labels", parent)
        self.made: PixelClassified | None = None
        self._material: _Material | None = None
        self._finer: tuple[tuple[object, ...], Finer] | None = None
        self._finer_wanted: tuple[object, ...] | None = None

    def let_go(self) -> None:
        super().let_go()
        if self._material is not None:
            self._material.close()
        self._material = self._finer = self._finer_wanted = None

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._take(self._session.curated, None)
        if what & (Change.CLUSTERS | Change.LABELS | Change.PROJECT) and self._session.project is not None:
            self._timer.start()

    def _compute(self) -> None:
        session, curated = self._session, self._session.curated
        project, known = session.project, session.curated.curation.known
        if project is None or not session.of_pixels:
            return
        is_there = bool(curated.run) and (project.run_dir(curated.run) / MODEL).is_file()
        if not is_there or not known.names_pixels:
            self._thread.drop("classes")
            self._take(curated, None)
            return
        material = self._open(project)
        self._thread.wish("classes", lambda: material.classify(curated), lambda made: self._take(curated, made), session.failed.emit)

    def _open(self, project: Project) -> _Material:
        if self._material is None:
            self._material = _Material(project)
        return self._material

    def _take(self, curated: Curated, made: PixelClassified | None) -> None:
        self.made, self.tables = made, ClassTables(curated, groups=_rows(curated, made))
        self.changed.emit()

    # Masks by class -----------------------------------------------------------------------------------------------------------------------

    def class_ids(self, view: MaskView) -> Ids | None:
        """(h, w) number of the class of each pixel of a mask, C for none; None where there are no classes of it, or not yet."""
        made, curated = self.made, self.tables.curated
        if made is None or view.run != curated.run or view.step:
            return None
        hard = np.where(made.made.hard >= 0, made.made.hard, len(made.classes)).astype(np.uint8)
        if not made.of_overclusters:
            # By label of the cluster, as it stands in the view.
            of_label = dict(zip(curated.model.cluster_labels.tolist(), hard[curated.grouping.of_cluster].tolist(), strict=True))
            both = zip(view.labels.tolist(), view.owners.tolist(), strict=True)  # a part may be no more since the mask was made
            found: Ids = np.array([of_label.get(one, of_label.get(owner, len(made.classes))) for one, owner in both], np.uint8)[view.ids]
            return found
        parts = curated.model.parts
        key = (view, *parts[:1])  # the first part names the sub-head of all
        if self._finer is not None and self._finer[0] == key:
            finer: Ids = np.append(hard, np.uint8(len(made.classes)))[self._finer[1]]
            return finer
        if self._session.project is not None and self._finer_wanted != key:
            self._finer_wanted = key
            material = self._open(self._session.project)
            height, width = view.ids.shape
            self._thread.wish(
                "finer",
                lambda: material.views.finer_ids(view.run, view.image_id, width, height, parts),
                lambda ids: self._take_finer(key, ids),
                self._session.failed.emit,
            )
        return None

    def _take_finer(self, key: tuple[object, ...], ids: Finer) -> None:
        self._finer, self._finer_wanted = (key, ids), None
        self.changed.emit()


def _rows(curated: Curated, made: PixelClassified | None) -> tuple[MapRow, ...]:
    """A line for each group; without classes each can still be mapped by hand."""
    by_hand = curated.curation.known.by_hand
    uids = [one.uid for one in curated.curation.known.classes.values()] if made is None else [one.uid for one in made.classes]
    place_of = {uid: place for place, uid in enumerate(uids)}
    flow = None if made is None else made.flow()
    rows = []
    for place, group in enumerate(curated.groups):
        parts: tuple[tuple[int, int], ...] = ()
        votes: tuple[tuple[int, int], ...] = ()
        looked_at = 0
        if made is not None and flow is not None:
            looked_at = int(flow[place].sum())
            found = class_of_group(made, flow, place)
            counts = most_first(flow[place][: len(uids)])
            parts = counts if made.of_overclusters else ((found, max(looked_at, 1)),) if found != NO_CLASS else ()
            votes = most_first(made.label_counts[place])
        hand = place_of.get(by_hand.get((GROUPS, group.uid), -1), NO_CLASS)
        rows.append(MapRow(place, group.label, colour_of(group), looked_at, parts, votes, hand))
    return tuple(rows)
