"""What labels make of the clusters, kept up to date beside the window, and which pictures to label next.

A label is in the store and on the screen at once; what follows from it is computed in a thread, a moment after the last key. Of the queue
only what has not been shown yet is replaced, so that no picture changes under a person's eyes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject

from iic_studio.curation import Curated
from iic_studio.curation.classes import Learned, classify, heads_of, load_overclusters, questions
from iic_studio.evaluation.class_maps import Heads
from iic_studio.evaluation.label_queue import AT_RANDOM, suggest
from iic_studio.gui.change import Change
from iic_studio.gui.class_state import ClassState
from iic_studio.gui.class_tables import ClassTables, tables_of
from iic_studio.gui.session import Session
from iic_studio.gui.table import ImageTable
from iic_studio.jobs.classes import LEARNED_FILE, load_learned

AHEAD = 12


@dataclass(frozen=True)
class Question:
    """A picture to label: its id, why (a key of `label_queue.REASONS`), the group it is in (-1 for none), and the weight of its label."""

    image: int
    reason: str
    cluster: int = -1
    weight: float = 0.0


class _Material:
    """What a run says, read once for many labels. Lives in the thread."""

    def __init__(self) -> None:
        self._arrays: tuple[object, ...] = ()
        self._files: tuple[object, ...] = ()
        self._made: tuple[Heads, Learned | None] | None = None

    def get(self, folder: Path, curated: Curated) -> tuple[Heads, Learned | None]:
        """The heads of the groups, and what was learned beside the map."""
        arrays = (curated.model, curated.group, curated.probabilities)
        files = (
            folder,
            *(path.stat().st_mtime_ns if (path := folder / name).exists() else 0 for name in ("overclusters.npz", LEARNED_FILE)),
        )
        known = files == self._files and all(one is other for one, other in zip(arrays, self._arrays, strict=False))
        if self._made is None or not known:
            self._made = heads_of(curated, load_overclusters(folder)), load_learned(folder)
            self._arrays, self._files = arrays, files
        return self._made


class LabelState(ClassState):
    """Classes and queue of the open project. `changed` says that either is another."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(session, "iic-labels", parent)
        self.questions: tuple[Question, ...] = ()
        self.is_asked = False
        self._material = _Material()

    def ask(self, wanted: bool) -> None:
        """Whether somebody looks at the queue."""
        self.is_asked = wanted
        if wanted and self._session.project is not None:
            self._timer.start()

    def let_go(self) -> None:
        super().let_go()
        self._material = _Material()

    def _follow(self, what: Change) -> None:
        session = self._session
        if what & Change.PROJECT:
            self.tables, self.questions = ClassTables(session.curated), ()
            self.changed.emit()
        if what & (Change.CLUSTERS | Change.LABELS) and session.project is not None:
            self._timer.start()

    def _compute(self) -> None:
        """Have everything computed that follows from the labels."""
        session = self._session
        project, curated, table = session.project, session.curated, session.table
        if project is None or session.of_pixels:
            return
        material, folder = self._material, project.run_dir(curated.run) if curated.run else None
        if folder is None or curated.curation.known.is_empty:
            self._thread.drop("classes")
            self._take(ClassTables(curated))
        else:
            run_folder = folder
            self._thread.wish("classes", lambda: _classes(material, run_folder, curated), self._take, session.failed.emit, even_late=True)
        if self.is_asked:
            self._thread.wish("queue", _asker(material, folder, curated, table), self._take_questions, session.failed.emit, even_late=True)

    def _take(self, made: ClassTables) -> None:
        session = self._session
        if len(made.curated.image_ids) != len(session.curated.image_ids) or made.curated.run != session.curated.run:
            return  # of groups that are no more; a later wish is open
        self.tables = made
        if made.classified is not session.snapshot.classified:
            session.adopt_labels(session.snapshot.with_classes(made.classified), classes=True)
        self.changed.emit()

    def _take_questions(self, found: tuple[Question, ...]) -> None:
        self.questions = found
        self.changed.emit()


def _classes(material: _Material, folder: Path, curated: Curated) -> ClassTables:
    """Runs in the thread."""
    heads, learned = material.get(folder, curated)
    return tables_of(curated, heads, classify(curated, heads, learned), learned.method if learned is not None else "")


def _asker(material: _Material, folder: Path | None, curated: Curated, table: ImageTable) -> Callable[[], tuple[Question, ...]]:
    """What finds the next pictures; to be called in the thread."""

    def find() -> tuple[Question, ...]:
        if folder is None or not len(curated.image_ids):
            return drawn_at_random(table, curated)
        heads, _ = material.get(folder, curated)
        found = suggest(questions(curated, heads), AHEAD)
        return tuple(Question(int(curated.image_ids[one.row]), one.reason, int(heads.main[one.row]), one.weight) for one in found)

    return find


def drawn_at_random(table: ImageTable, curated: Curated) -> tuple[Question, ...]:
    """Pictures to label before anything was learned: each as likely as any other, so that each label is a fair one."""
    known = curated.curation.known.labels.images
    open_images = np.setdiff1d(table.ids[table.usable], known)
    rng = np.random.default_rng((len(known), len(open_images)))
    chosen = rng.choice(open_images, min(AHEAD, len(open_images)), replace=False)
    return tuple(Question(one, AT_RANDOM, -1, 1.0) for one in chosen.tolist())
