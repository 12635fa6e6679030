"""Jobs in one go: folder to CSV, and the demonstration on pictures that come with a dependency."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio import paths
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.evaluation.baselines import kmeans_on_pixels
from iic_studio.evaluation.label_files import match_labels, read_columns
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import Event
from iic_studio.images.samples import write_digits, write_scenes
from iic_studio.images.thumbs import Thumbs
from iic_studio.jobs.indexing import open_cache
from iic_studio.jobs.results import check_target, newest_assignments, proposed_groups, write_groups
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.training import train_run
from iic_studio.project.disk import writing
from iic_studio.project.records import OK
from iic_studio.project.store import SUFFIX, Project, is_project, project_in
from iic_studio.training.live import Control


def open_project(place: Path) -> Project:
    """The project at a path, or the project of a folder of images, made if it does not exist.

    Raises:
        StudioError: nothing there, or the project cannot be opened.
    """
    if is_project(place) or place.name == "project.sqlite" or place.suffix == SUFFIX:
        return Project.open(project_in(place))
    if not place.is_dir():
        raise StudioError(f"There is no folder {place}.", "Check the name, or plug in the drive it lies on.")
    return Project.open_or_create(paths.default_project_path(place), place)


def cluster(
    project: Project, settings: TrainSettings, target: Path, *, probabilities: bool = False, control: Control | None = None
) -> Iterator[Event]:
    """Index, train, assign and export in one go."""
    run = project.add_run(settings.as_dict(), settings.device)

    def body() -> JobBody:
        check_target(project, target)
        outcome = yield from train_run(project, run, settings, None, control)
        done, curated = proposed_groups(project)
        written = write_groups(project, target, done, curated, probabilities=probabilities)
        return Outcome(written.num_images, written.num_problems, outcome.stopped_early, written.summary)

    return run_job("cluster", body(), project=project, run=run.id, settings=settings)


def sample_target(sample: str, place: Path | None = None) -> Path:
    """What to open for a sample, made if need be: its folder, or in a place of its own the project that the demonstration there works in.

    Args:
        sample: "digits", 1,797 handwritten ones with `labels.csv` for evaluation beside them, or "scenes", two photographs; both come with
            scikit-learn.
        place: folder for the sample and the project; None: the usual one, where the folder's project is found by itself.

    Raises:
        StudioError: they cannot be written.
    """
    folder = (place or paths.data_dir() / "samples") / sample
    with writing(folder):
        (write_scenes if sample == "scenes" else write_digits)(folder)
    if place is None:
        return folder
    target = place / f"{sample}{SUFFIX}"
    if not is_project(target):  # it may be open in the window
        Project.create(target, folder).close()
    return target


def demo(place: Path, settings: TrainSettings) -> Iterator[Event]:
    """Cluster the sample digits, score them with their labels, and k-means on the same pixels beside it.

    Args:
        place: folder for the sample, the project and `digits.csv`.
    """
    with Project.open_or_create(sample_target("digits", place), place / "digits") as project:
        run = project.add_run(settings.as_dict(), settings.device)

        def body() -> JobBody:
            outcome = yield from train_run(project, run, settings, None, None)
            done, curated = proposed_groups(project)
            written = write_groups(project, place / "digits.csv", done, curated, probabilities=False)
            scores = _compare_with_kmeans(project, project.folder / "labels.csv", settings)
            summary = {**written.summary, "method": done.settings["method"], **scores}
            project.update_run(done.id, summary=summary)
            return Outcome(written.num_images, written.num_problems, outcome.stopped_early, summary)

        yield from run_job("demo", body(), project=project, run=run.id, settings=settings)


def _compare_with_kmeans(project: Project, labels: Path, settings: TrainSettings) -> dict[str, Any]:
    _, assignments = newest_assignments(project)
    path_of = {row.id: row.path for row in project.images(OK)}
    match = match_labels([path_of[int(one)] for one in assignments.image_ids], read_columns(labels, "path", "label"))
    with open_cache(project) as cache:
        pixels = np.asarray(cache.pixels()[assignments.image_ids - 1, 0])
    kmeans = kmeans_on_pixels(pixels, settings.clusters, settings.seed)
    ours, theirs = (score_clustering(list(map(int, found)), match.labels) for found in (assignments.assignment, kmeans))
    return {
        "accuracy_one_to_one": ours.accuracy_one_to_one,
        "nmi": ours.nmi,
        "kmeans_accuracy_one_to_one": theirs.accuracy_one_to_one,
        "kmeans_nmi": theirs.nmi,
    }


def thumbnails(project: Project) -> Thumbs:
    """Encoded thumbnails by offset and length, for any thread; to be closed with the project."""
    return Thumbs(project.cache)
