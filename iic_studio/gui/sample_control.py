"""Opens the pictures that come with the program, and sets what their training shall begin with: what the command line asks for, or else
what suits the sample.

It is set once the project is on the screen, because opening it sets clusters and task too. It holds for the sample: when something else is
opened, what the panel has no field for is dropped, and so is the number of clusters if nobody has changed it.
"""

from pathlib import Path

from PySide6.QtCore import QObject

from iic_studio.config import DEFAULT_CLUSTERS, PIXEL_DEFAULTS, SCENES_DEFAULTS, TrainSettings, pixel_settings
from iic_studio.errors import StudioError
from iic_studio.gui.change import Change
from iic_studio.gui.runner import Runner
from iic_studio.gui.session import Session
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.gui.top_bar import TopBar
from iic_studio.project.task import PIXELS

DIGITS, SCENES = "digits", "scenes"


class SampleControl(QObject):
    """What the start page's buttons and `iic-studio demo` do."""

    def __init__(self, session: Session, runner: Runner, bar: TopBar, popover: SettingsPopover) -> None:
        super().__init__(bar)
        self._session, self._runner, self._bar, self._popover = session, runner, bar, popover
        self._target: Path | None = None
        self._sample = ""
        self._asked: TrainSettings | None = None
        self._set: tuple[Path, int] | None = None
        session.opened.connect(self._begin)
        session.changed.connect(self._follow)

    def open(self, sample: str, place: Path | None = None, asked: TrainSettings | None = None) -> None:
        """Open a sample.

        Args:
            place: folder for the sample and its project; None: the usual places.
            asked: what its training shall begin with; None: as suits the sample, with as many clusters as it was trained for last.
        """
        try:
            self._target = self._runner.jobs.sample_target(sample, place)
        except StudioError as error:
            self._runner.failed.emit(error)
            return
        self._sample, self._asked = sample, asked
        self._runner.open(self._target, PIXELS if sample == SCENES else None)

    def _begin(self) -> None:
        project, target = self._session.project, self._target
        if project is None or target is None or target.resolve() not in (project.path.resolve(), project.folder.resolve()):
            return
        self._target, asked = None, self._asked
        if asked is not None:
            self._session.task.choose(asked.task)
        elif self._sample == SCENES and self._session.task.is_pixels:
            trained = self._session.run.settings if self._session.of_pixels and self._session.run is not None else {}
            asked = pixel_settings(**SCENES_DEFAULTS | {name: trained[name] for name in ("clusters",) if name in trained})
        if asked is not None:
            self._popover.show_settings(asked)
            self._bar.clusters.setValue(asked.clusters)
            self._set = project.path, asked.clusters

    def _follow(self, what: Change) -> None:
        project = self._session.project
        if not what & Change.PROJECT or self._set is None or project is None or project.path == self._set[0]:
            return
        (_, clusters), self._set = self._set, None
        self._popover.drop_others()
        if self._bar.clusters.value() == clusters:
            self._bar.clusters.setValue(int(PIXEL_DEFAULTS["clusters"]) if self._session.task.is_pixels else DEFAULT_CLUSTERS)
