"""Learning classes from labels beside the map of clusters: a linear probe, nearest neighbours and a fine-tuned network, if wanted also with
images without a label, compared with the map by cross-validation on the same parts. What is best is kept with the run and used, until a
person chooses otherwise.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
import torch

from iic_studio.config import TrainSettings
from iic_studio.curation import Curator
from iic_studio.curation import label_edits as edits
from iic_studio.curation.classes import Learned, choose, classify, heads_of, is_clearly_better, load_overclusters
from iic_studio.curation.curated import places_of
from iic_studio.curation.labels import PRIOR
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.label_estimate import Judged, Share, share
from iic_studio.evaluation.probes import PROBES, probe, stratified_parts
from iic_studio.events import Event, ProgressMade
from iic_studio.jobs.classes import LEARNED_FILE
from iic_studio.jobs.features import collect_features
from iic_studio.jobs.sharing import CachedImages
from iic_studio.jobs.training import training_threads
from iic_studio.project.disk import disk_errors, replacing
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray
from iic_studio.training import fine_tune
from iic_studio.training.batches import Batches, Images
from iic_studio.training.fine_tune import Classifier, fine_tuning, ten_crops
from iic_studio.training.plan import choose_device
from iic_studio.training.run_state import load_model

FINE_TUNED, WITH_REST = "fine-tuned", "fine-tuned+unlabelled"
LEARNERS = (*PROBES, FINE_TUNED, WITH_REST)
_PARTS = 5
_LEAST_LABELS = 4

Judging = Generator[Event, None, FloatArray]


@dataclass(frozen=True, eq=False)
class _Task:
    """N images with M features, L of them labelled.

    Attributes:
        ids: (N,) images.
        features: (N, P).
        rows, classes: (L,) labelled images and their classes, 0…C-1.
        parts: (L,) for cross-validation.
        batches: the images as the network sees them.
        consistency: weight of images without a label in `WITH_REST`.
    """

    ids: IntArray
    features: FloatArray
    rows: IntArray
    classes: IntArray
    parts: IntArray
    num_classes: int
    batches: Batches
    network: object
    seed: int
    consistency: float


def learn_classes(project: Project, curator: Curator, seed: int = 0, consistency: float = 0.0) -> Generator[Event, None, dict[str, Share]]:
    """Learn classes in each way, and use the best; returns how right each is in cross-validation.

    Args:
        seed: of everything random.
        consistency: weight of images without a label in one more way, `WITH_REST`; 0 leaves that out.

    Raises:
        StudioError: the run has no network yet, or there are too few labels.
    """
    curated = curator.curated
    if not curated.run:
        raise StudioError("This project has no clusters yet.", "Train it first: `iic-studio train PROJECT`, or Train in the window.")
    known = curated.curation.known
    labels = known.labels.named
    found = yield from collect_features(project, project.run(curated.run))
    places = places_of(found.image_ids, labels.images)
    there = places >= 0
    uids, codes = np.unique(labels.classes[there], return_inverse=True)
    if there.sum() < _LEAST_LABELS or len(uids) < 2:
        raise UsageError(
            "Too few labels to learn from.", "Label some pictures of at least two classes first; five of each are a good start."
        )
    folder, device = project.run_dir(curated.run), choose_device("auto")
    if device.type == "cpu":
        torch.set_num_threads(training_threads())
    network, settings, saved = load_model(folder, device)
    _refuse_frozen(settings)
    with CachedImages.of(project, found.image_ids).pixels() as pixels:
        batches = Batches(Images(pixels, found.image_ids - 1, int(saved.facts["channels"]), device), settings)
        parts = stratified_parts(codes, min(_PARTS, len(codes)), seed)
        features = found.features.astype(np.float32)
        task = _Task(found.image_ids, features, places[there], codes, parts, len(uids), batches, network, seed, consistency)
        judged, weights = {}, labels.weights[there]
        for method in (one for one in LEARNERS if consistency or one != WITH_REST):
            scores = yield from _judge(task, method)
            shaky = np.zeros(len(codes), np.bool_)
            judged[method] = Judged(codes, scores.argmax(axis=1), scores.max(axis=1), weights, shaky)
        best = choose(judged)
        scores = yield from _all_images(task, best)
    learned = _learned(task, uids, best, judged[best], scores)
    with disk_errors("saving the classes"), replacing(folder / LEARNED_FILE) as file:
        np.savez(file, **{name: np.asarray(value) for name, value in vars(learned).items()})  # type: ignore[arg-type] # its other parameters are no arrays
    _use_if_better(project, curator, learned)
    return {method: share(one) for method, one in judged.items()}


def _learned(task: _Task, uids: IntArray, method: str, judged: Judged, scores: FloatArray) -> Learned:
    """What is kept: (N, C) probabilities of all images, and those that judged the labels."""
    return Learned(
        method,
        uids,
        task.ids,
        scores.argmax(axis=1),
        scores.max(axis=1),
        task.ids[task.rows],
        judged.found,
        judged.scores,
        task.consistency if method == WITH_REST else 0.0,
    )


def _refuse_frozen(settings: TrainSettings) -> None:
    if settings.is_pretrained:
        raise UsageError("The network of this run is frozen: others trained it.", "Leave out --fine-tune.")


def _judge(task: _Task, method: str) -> Judging:
    """(L, C) probabilities of the labelled images, each by what learned from the other parts."""
    scores = np.zeros((len(task.rows), task.num_classes), np.float32)
    num_parts = int(task.parts.max()) + 1
    for part in range(num_parts):
        inside = task.parts == part
        scores[inside] = yield from _classes(task, method, ~inside, task.rows[inside], part)
        yield ProgressMade(stage=method, done=part + 1, total=num_parts, unit="parts")
    return scores


def _all_images(task: _Task, method: str) -> Judging:
    everything = np.ones(len(task.rows), np.bool_), np.arange(len(task.ids))
    return (yield from _classes(task, method, *everything, int(task.parts.max())))


def _classes(task: _Task, method: str, known: np.ndarray, images: IntArray, part: int = 0) -> Judging:
    """(M, C) probabilities of images by what learns from the `known` labels; `part` of the cross-validation."""
    if method in PROBES:
        yield from ()
        return probe(method, task.features[task.rows[known]], task.classes[known], task.num_classes, task.features[images])
    num_parts = int(task.parts.max()) + 1
    taught = task.rows[known], task.classes[known], task.num_classes
    weight = task.consistency if method == WITH_REST else 0.0
    steps = fine_tuning(task.network, task.batches, *taught, task.seed, weight)  # type: ignore[arg-type]
    classifier = yield from _told(steps, lambda done: ProgressMade(stage=method, done=part + done, total=num_parts, unit="parts"))
    scores, done = np.zeros((len(images), task.num_classes), np.float32), 0
    for positions, some in ten_crops(classifier, task.batches, images):
        scores[done : done + len(positions)] = some
        done += len(positions)
        if len(images) > len(task.rows):
            yield ProgressMade(stage="classes", done=done, total=len(images))
    return scores


def _told(steps: Generator[int, None, Classifier], tell: Callable[[float], Event]) -> Generator[Event, None, Classifier]:
    """Go through the steps of a training; each part of it is told, and may be the last."""
    while True:
        try:
            yield tell(next(steps) / fine_tune.MOST_STEPS)
        except StopIteration as end:
            done: Classifier = end.value
            return done


def _use_if_better(project: Project, curator: Curator, learned: Learned) -> None:
    """Use what was learned where it is clearly better than the map of clusters: the best of several looks better than it is."""
    curated = curator.curated
    heads = heads_of(curated, load_overclusters(project.run_dir(curated.run)))
    now = classify(curated, heads)
    curator.apply(edits.choose_map(curated, learned.method, curated.curation.known.settings.get(PRIOR, "")))
    then = classify(curator.curated, heads, learned)
    if now is not None and then is not None:
        kept = now.method if now.is_chosen_by_person and now.method not in LEARNERS else "auto"
        same = len(now.judged.classes) == len(then.judged.classes)
        if not same or not is_clearly_better(then.judged, now.judged):
            curator.undo()
            curator.apply(edits.choose_map(curator.curated, kept, curated.curation.known.settings.get(PRIOR, "")))
