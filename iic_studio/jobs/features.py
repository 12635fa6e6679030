"""What the network of a finished run sees in each image, computed once and kept in the cache; a stop loses at most the chunk under way."""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.errors import StudioError
from iic_studio.evaluation.projection import Pca, fit_pca_wide
from iic_studio.events import Event
from iic_studio.jobs.encoding import images_for
from iic_studio.jobs.indexing import has_cache, index_folder
from iic_studio.jobs.networks import network_folder
from iic_studio.jobs.running import Pace
from iic_studio.project.feature_file import FeatureFile
from iic_studio.project.record_file import Marks
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import IntArray
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.features import Sight, look
from iic_studio.training.plan import choose_device
from iic_studio.training.run_state import load_image_model
from iic_studio.training.task import batches_of

KEPT_FEATURES = 256
_SAMPLE = 4_096


@dataclass(frozen=True)
class Features:
    """All readable images of a project as one network sees them.

    Attributes:
        image_ids, marks: (N,) ids, and digests of the contents.
        features: (N, P) float16 principal components of the trunk's output.
        probabilities: (N, H * K) float16, of all main sub-heads.
        model: digest of the network.
    """

    image_ids: IntArray
    marks: Marks
    features: npt.NDArray[np.float16]
    probabilities: npt.NDArray[np.float16]
    model: str


def collect_features(project: Project, run: RunRow, *, afresh: bool = False) -> Generator[Event, None, Features]:
    """Features of every readable image: from the cache, and computed where they are not there yet.

    Args:
        run: a finished one.
        afresh: begin anew if the directions that features are kept in were chosen from far fewer images than there are now.

    Raises:
        StudioError: the run has no trained network yet, or there is no readable image.
    """
    model = model_digest(project, run.id)
    if not has_cache(project):
        yield from index_folder(project)
    ids, marks = _ids_and_marks(project)
    if not len(ids):
        raise StudioError("This project has no readable images.", "Put images into its folder, then look for new pictures.")
    file = FeatureFile.open(project.cache / "features", run.id, model)
    if file is not None and afresh and 2 * file.num_sampled < min(len(ids), _SAMPLE):
        file = None
    missing = np.flatnonzero(file.rows_of(ids, marks) < 0) if file is not None else np.arange(len(ids))
    if file is None or len(missing):
        file = yield from _compute(project, run, model, ids, marks, missing, file)
    found = file.rows_of(ids, marks)
    return Features(ids, marks, file.features(found), file.probabilities(found), model)


def has_features(project: Project, run: str) -> bool:
    """Whether what the network of a run sees was computed for some images at least."""
    return (project.cache / "features" / f"{run}.npz").is_file() and (project.run_dir(run) / MODEL).is_file()


def kept_features(project: Project, run: str) -> Features:
    """What the network of a run sees, of the images for which that was computed before.

    Raises:
        StudioError: that was not done for this network, or the run has none.
    """
    model = model_digest(project, run)
    file = FeatureFile.open(project.cache / "features", run, model)
    if file is None:
        raise StudioError("What the network sees in the pictures was not computed yet.", "Look at the map once; that computes it.")
    ids, marks = _ids_and_marks(project)
    found = file.rows_of(ids, marks)
    there = found >= 0
    return Features(ids[there], marks[there], file.features(found[there]), file.probabilities(found[there]), model)


def model_digest(project: Project, run: str) -> str:
    """Tells networks apart.

    Raises:
        StudioError: the run has none, or none yet.
    """
    return hashlib.blake2b((network_folder(project, run) / MODEL).read_bytes(), digest_size=12).hexdigest()


def _ids_and_marks(project: Project) -> tuple[IntArray, Marks]:
    """(N,) ids of the readable images and digests of their contents."""
    ids, hashes = project.image_columns("id", "quick_hash")
    return np.array(ids, np.int64), np.array([int.from_bytes((content or b"")[:8], "little") for content in hashes], np.uint64)


def _compute(
    project: Project, run: RunRow, model: str, ids: IntArray, marks: Marks, missing: IntArray, file: FeatureFile | None
) -> Generator[Event, None, FeatureFile]:
    """Look at the missing images; the first time at a sample before the others, to choose which directions of the features are kept."""
    device = choose_device("auto")
    network, settings, saved = load_image_model(project.run_dir(run.id), device)
    row_of = {row.id: row for row in project.images()}
    images = yield from images_for(project, settings, [row_of[int(one)] for one in ids[missing]])
    with images.pixels() as pixels:
        batches = batches_of(pixels, images.rows, int(saved.facts["channels"]), settings, device)
        pace, done = Pace("features", len(missing)), 0
        positions = np.arange(len(missing))
        if file is None:
            first = np.unique(np.linspace(0, len(ids) - 1, min(len(ids), _SAMPLE)).round().astype(np.int64))
            seen = []
            for sight in look(network, batches, first):
                seen.append(sight)
                done += len(sight.positions)
                yield from pace.at(done)
            directions = fit_pca_wide(np.concatenate([sight.features for sight in seen]), KEPT_FEATURES)
            folder, width = project.cache / "features", seen[0].probabilities.shape[1]
            file = FeatureFile.create(folder, run.id, model, directions.mean, directions.components, width, len(first))
            _keep(file, ids, marks, seen)
            positions = np.setdiff1d(positions, first)
        for sight in look(network, batches, positions):
            _keep(file, ids[missing], marks[missing], [sight])
            done += len(sight.positions)
            yield from pace.at(done)
    return file


def _keep(file: FeatureFile, ids: IntArray, marks: Marks, seen: list[Sight]) -> None:
    for sight in seen:
        short = Pca(file.mean, file.components).project(sight.features)
        file.append(ids[sight.positions], marks[sight.positions], short, sight.probabilities)
