"""Finds images that look alike, and those unlike their cluster, and shows them as a set.

At once by the probabilities of the clusters; where the run has a trained network, what that sees in the images is computed beside the
window (once; it is kept in the cache), and the result takes the place of the first if that is still shown.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from iic_studio.evaluation.similar import nearest_to, typicality
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.gui.files import printable
from iic_studio.gui.language import later, tr
from iic_studio.gui.notice import Notice
from iic_studio.gui.runner import BUSY, Runner
from iic_studio.gui.session import Change, Found, Session, Sort
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.telling import told
from iic_studio.gui.worker import Factory, JobThread
from iic_studio.jobs.features import Features
from iic_studio.records import Assignments, FloatArray, IntArray
from iic_studio.training.checkpoint import MODEL

MOST_SIMILAR = 300
_BY_SIGHT, _BY_CLUSTERS = later("by sight"), later("by cluster")


class Vectors:
    """What images are compared by: (N,) ids and (N, D) vectors, and how that is called."""

    def __init__(self, image_ids: IntArray, values: npt.NDArray[np.floating], note: str) -> None:
        self.image_ids, self.values, self.note = image_ids, values, note


def by_clusters(said: Assignments) -> Vectors:
    """Probabilities of the chosen sub-head beside the votes of all."""
    num_clusters = said.probabilities.shape[1]
    shares = np.stack([(said.votes == cluster).mean(axis=1) for cluster in range(num_clusters)], axis=1)
    return Vectors(said.image_ids, np.concatenate([said.probabilities, shares.astype(np.float32)], axis=1), _BY_CLUSTERS)


class Finder(QObject):
    """Answers to "what is like this?". One job beside the window at a time."""

    def __init__(self, session: Session, runner: Runner, notice: Notice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner, self._notice = session, runner, notice
        self._seen: Vectors | None = None
        self._seen_run = ""
        self._thread: JobThread | None = None
        self._doing = ""
        self._result: Event | None = None
        self._then: Callable[[], object] | None = None
        session.changed.connect(self._follow)

    # What is asked --------------------------------------------------------------------------------------------------------------------

    def find_similar(self) -> None:
        """Show the images most like the current one."""
        session, image = self._session, self._session.current
        if image is None or session.current_row() < 0:
            self._notice.tell(tr("Click a picture first; then pictures like it can be found."))
            return
        if session.verdicts.assignments is None:
            self._notice.tell(tr("Pictures like this one can be found once the model has learned something. Press Train first."))
            return
        name = printable(session.table.paths[session.current_row()]).rpartition("/")[2]
        answers: list[Found] = []
        self._compare(image, name, answers)
        self._look_closer(lambda: self._compare(image, name, answers))

    def _compare(self, image: int, name: str, answers: list[Found]) -> None:
        """Answer; a better answer is shown only where the one before it still is."""
        session, vectors = self._session, self._vectors()

        def show(found: Found) -> None:
            if not answers or session.shown.found is answers[-1]:
                answers.append(found)
                session.show_found(found)

        session.ask(lambda _: similar_to(vectors(), image, name), show)

    def find_duplicates(self) -> None:
        """Show near-duplicates, group by group."""
        project = self._session.project
        if project is None or self._thread is not None:
            return
        self._start(tr("Comparing pictures"), lambda: self._runner.jobs.duplicates(project), self._show_duplicates)

    def _show_duplicates(self) -> None:
        summary = self._result.summary if isinstance(self._result, RunFinished) else {}
        groups = summary.get("groups", [])
        if not groups:
            self._notice.tell(tr("No picture is nearly the same as another one."))
            return
        self._session.show_found(duplicates_found(groups))

    # What it is answered with ---------------------------------------------------------------------------------------------------------

    def _vectors(self) -> Callable[[], Vectors]:
        """What to compare by now; to be called in the reader's thread."""
        session, seen, said = self._session, self._seen, self._session.verdicts.assignments
        if seen is not None and session.run is not None and session.run.id == self._seen_run:
            return lambda: seen
        assert said is not None, "something was learned"
        return lambda: by_clusters(said)

    def _look_closer(self, then: Callable[[], object]) -> None:
        """See the images through the network of the shown run, if they were not seen yet and nothing else is under way."""
        session, project = self._session, self._session.project
        if project is None or session.run is None or session.run.id == self._seen_run:
            return
        run = session.run.id
        has_network = (project.run_dir(run) / MODEL).is_file()
        if self._thread is not None or self._runner.state in BUSY or not has_network:
            return
        seen: list[Features] = []

        def keep() -> None:
            if seen and isinstance(self._result, RunFinished):
                self._seen, self._seen_run = Vectors(seen[0].image_ids, seen[0].features, _BY_SIGHT), run
                then()

        self._start(tr("Looking at the pictures"), lambda: self._runner.jobs.see_images(project, run, seen.append), keep)

    def _follow(self, what: Change) -> None:
        session = self._session
        if what & (Change.PROJECT | Change.IMAGES):
            self._seen, self._seen_run = None, ""
        if what & Change.SHOWN and session.sort is Sort.ATYPICAL and not session.snapshot.knows_typical:
            self._order_by_type()
            self._look_closer(self._order_by_type)

    def _order_by_type(self) -> None:
        session, vectors, snapshot = self._session, self._vectors(), self._session.snapshot
        session.ask(lambda _: typical_order(snapshot, vectors()), lambda order: self._take_order(snapshot, order))

    def _take_order(self, snapshot: Snapshot, order: IntArray) -> None:
        if snapshot is self._session.snapshot:
            snapshot.keep_typical(order)
            self._session.rearrange()

    # The job beside the window --------------------------------------------------------------------------------------------------------

    def _start(self, doing: str, factory: Factory, then: Callable[[], object]) -> None:
        self._doing, self._result, self._then = doing, None, then
        self._thread = self._runner.start_beside(factory, self._hear, self._ended)
        self._notice.tell(f"{doing}…", label=tr("Cancel"), do=self._thread.close)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ProgressMade) and event.total and self._thread is not None and self._notice.isVisible():
            self._notice.tell(f"{self._doing}: {100 * event.done / event.total:.0f} %", label=tr("Cancel"), do=self._thread.close)
        elif isinstance(event, RunFinished | RunFailed):
            self._result = event

    def _ended(self) -> None:
        self._thread = None
        then, self._then = self._then, None
        if isinstance(self._result, RunFailed):
            self._notice.tell(told(self._result.message, self._result.hint), "bad")
        else:
            self._notice.hide()
            if then is not None and self._result is not None:
                then()


def similar_to(vectors: Vectors, image: int, name: str) -> Found:
    """The images most like one; for the reader's thread."""
    places = np.flatnonzero(vectors.image_ids == image)
    if not len(places):  # came after the run
        return Found(tr("Like {0}", name), np.array([image]), tr("Most similar first"), tr("not seen by this run"))
    rows, cosines = nearest_to(vectors.values, int(places[0]), MOST_SIMILAR)
    return Found(tr("Like {0}", name), vectors.image_ids[rows], tr("Most similar first"), vectors.note, scores=cosines.clip(0, 1))


def duplicates_found(groups: Sequence[Sequence[int]]) -> Found:
    """Groups of ids as a set that keeps them together."""
    ids = np.array([image for group in groups for image in group], np.int64)
    numbers = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    words = tr("1 group") if len(groups) == 1 else tr("{0:,} groups", len(groups))
    return Found(tr("Near-duplicates"), ids, tr("Group by group"), words, groups=numbers)


def typical_order(snapshot: Snapshot, vectors: Vectors) -> IntArray:
    """(N,) rows, the least typical of its cluster first; those that no run has seen last. For the reader's thread."""
    rows = snapshot.table.rows_of(vectors.image_ids)
    known = rows >= 0
    score: FloatArray = np.full(len(snapshot.table), np.inf, np.float32)
    clusters = snapshot.verdicts.cluster[rows[known]]
    score[rows[known]] = np.where(clusters >= 0, typicality(vectors.values[known], clusters), np.inf)
    return np.lexsort((snapshot.table.rank, score))
