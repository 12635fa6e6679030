"""The classes of a project of pixels: what its labelled pixels make of the newest groups, and all that is known of it as plain values."""

import contextlib
from collections.abc import Generator
from typing import Any

import numpy as np

from iic_studio.curation.curated import Curated
from iic_studio.curation.pixel_classes import PixelClassified, classify_pixels
from iic_studio.errors import StudioError
from iic_studio.evaluation.class_maps import NO_CLASS
from iic_studio.events import Event
from iic_studio.jobs.classes import share_record
from iic_studio.jobs.mask_views import mask_views
from iic_studio.jobs.mask_writing import pixel_groups
from iic_studio.jobs.pixel_sampling import PixelSamples
from iic_studio.jobs.running import Pace
from iic_studio.project.store import Project

_PLACE = "looked_at_by_job"


def classes_of_pixels(project: Project, curated: Curated) -> Generator[Event, None, PixelClassified | None]:
    """What labelled pixels, and clusters mapped by hand, make of groups of pixels; None while there are neither.

    Raises:
        StudioError: the run has no network for pixels.
    """
    known = curated.curation.known
    if not curated.run or not known.names_pixels:
        return None
    with contextlib.closing(mask_views(project, _PLACE)) as views:
        reading, pace = PixelSamples(project, curated.run, views).read(known.pixels, curated.model), None
        while True:
            try:
                done, total = next(reading)
            except StopIteration as stop:
                return classify_pixels(curated, stop.value)
            pace = pace or Pace("points", total)
            yield from pace.at(done)


def pixel_class_summary(project: Project, curated: Curated) -> Generator[Event, None, dict[str, Any]]:
    """Everything that is known of the classes, as plain values."""
    known = curated.curation.known
    counts = known.pixels.counts()
    record: dict[str, Any] = {
        "of": "pixels",
        "run": curated.run,
        "num_images": project.count_images("ok"),
        "classes": [{"name": one.name, "key": one.key, "labels": counts.get(one.uid, 0)} for one in known.classes.values()],
        "classes_are_fixed": known.are_fixed,
        "num_labelled": len(known.pixels),
        "num_images_labelled": len(np.unique(known.pixels.images)),
        "num_lost": 0,
        "map": None,
        "estimate": None,
    }
    try:
        _, groups = pixel_groups(project)
    except StudioError:  # nothing was trained on pixels yet
        return record
    classified = yield from classes_of_pixels(project, groups)
    return record if classified is None else record | pixel_record(groups, classified)


def pixel_record(curated: Curated, classified: PixelClassified) -> dict[str, Any]:
    """The map, how right it is, and by what that was judged."""
    names, estimate = [one.name for one in classified.classes], classified.estimate
    return {
        "run": curated.run,
        "num_lost": classified.lost,
        "map": {
            "method": classified.method,
            "chosen_by": "person" if classified.is_chosen_by_person else "cross-validation",
            **_map_record(curated, classified, names),
        },
        "compared": {method: share_record(one) for method, one in classified.compared.items()},
        "estimate": share_record(estimate.accuracy)
        | {"assumes_random_labels": classified.is_assumed, "left_out": "image", "num_images": classified.num_images},
        "labels_right": classified.num_right,
        "per_class": [
            {"name": name, "precision": share_record(estimate.precision[place]), "recall": share_record(estimate.recall[place])}
            for place, name in enumerate(names)
        ],
        "confusion": {"rows": names, "columns": [*names, ""], "labels": estimate.confusion.tolist()},
    }


def _map_record(curated: Curated, classified: PixelClassified, names: list[str]) -> dict[str, Any]:
    labels, flow, made = classified.label_counts, classified.flow(), classified.made
    clusters, ties = [], []
    for place, group in enumerate(curated.groups):
        most = labels[place].max(initial=0)
        if most and (labels[place] == most).sum() > 1:
            ties.append(place)
        clusters.append(
            {
                "cluster": place,
                "name": group.name,
                "class": names[found] if (found := class_of_group(classified, flow, place)) >= 0 else "",
                "pixels_by_class": {name: int(count) for name, count in zip([*names, ""], flow[place], strict=True) if count},
                "labels": {name: int(count) for name, count in zip(names, labels[place], strict=True) if count},
            }
        )
    finer = None
    if classified.of_overclusters:
        table = [names[one] if one >= 0 else "" for one in made.hard.tolist()]
        finer = {"class_of": table, "unlabelled": made.unlabelled.tolist(), "ties": made.ties.tolist()}
    unlabelled = [place for place in range(len(clusters)) if not labels[place].any()]
    return {"clusters": clusters, "unlabelled": unlabelled, "ties": ties, "overclusters": finer}


def class_of_group(classified: PixelClassified, flow: np.ndarray, place: int) -> int:
    """The class of a group, or `NO_CLASS`; where finer clusters are mapped, that of most of its pixels that were looked at."""
    if not classified.of_overclusters:
        return int(classified.made.hard[place])
    inside = flow[place]
    found = int(inside.argmax())
    return found if inside.any() and found < len(classified.classes) else NO_CLASS
