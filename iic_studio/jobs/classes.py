"""The classes of a project: what its labels make of its newest groups, and all that is known of it as plain values."""

from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.curation import load_curated
from iic_studio.curation.classes import Classified, Learned, classify, heads_of, load_overclusters
from iic_studio.curation.curated import Curated
from iic_studio.curation.labels import NOT_SURE, SKIPPED
from iic_studio.evaluation.class_maps import NO_CLASS, OF_OVERCLUSTERS, Heads
from iic_studio.evaluation.label_estimate import Share
from iic_studio.evaluation.matching import contingency
from iic_studio.project.arrays import DAMAGED
from iic_studio.project.disk import disk_errors
from iic_studio.project.store import Project

LEARNED_FILE = "classes.npz"


def load_learned(run_folder: Path) -> Learned | None:
    """What was kept of a run; None when nothing was."""
    try:
        with disk_errors("reading the classes"), (run_folder / LEARNED_FILE).open("rb") as file, np.load(file, allow_pickle=False) as pack:
            names = ("uids", "image_ids", "found", "scores", "judged_ids", "judged_found", "judged_scores")
            weight = float(pack["consistency"]) if "consistency" in pack else 0.0
            return Learned(str(pack["method"]), **{name: pack[name] for name in names}, consistency=weight)
    except (FileNotFoundError, *DAMAGED):
        return None


def classes_of(project: Project, curated: Curated, heads: Heads | None = None) -> Classified | None:
    """The classes of a project's images; None while nobody named any or nothing was trained, and for a project of other images."""
    if curated.curation.known.is_empty or not curated.run:
        return None
    task = {run.id: run.settings.get("task") for run in project.runs(beside=True)}
    if curated.run not in task:
        return None  # another project trained the run; whoever lent it says what the classes are
    if not len(curated.curation.known.labels) and task[curated.run] == "pixels":
        return None  # what was mapped by hand is of pixels
    folder = project.run_dir(curated.run)
    return classify(curated, heads or heads_of(curated, load_overclusters(folder)), load_learned(folder))


def class_summary(project: Project, curated: Curated | None = None) -> dict[str, Any]:
    """Everything that is known of a project's classes, as plain values."""
    curated = curated or load_curated(project)
    known = curated.curation.known
    counts = known.counts()
    record: dict[str, Any] = {
        "run": curated.run,
        "num_images": len(curated.image_ids),
        "classes": [{"name": one.name, "key": one.key, "labels": counts[one.uid]} for one in known.classes.values()],
        "classes_are_fixed": known.are_fixed,
        "num_labelled": len(known.labels.named),
        "num_not_sure": counts[NOT_SURE],
        "num_skipped": counts[SKIPPED],
        "num_truth": len(known.truth),
        "map": None,
        "estimate": None,
        "truth": None,
    }
    classified = classes_of(project, curated)
    return record if classified is None else record | classified_record(curated, classified)


def classified_record(curated: Curated, classified: Classified) -> dict[str, Any]:
    """The map, how right it is, and by what that was judged."""
    names, estimate = [one.name for one in classified.classes], classified.estimate
    return {
        "map": {
            "method": classified.method,
            "chosen_by": "person" if classified.is_chosen_by_person else "cross-validation",
            **_map_record(curated, classified),
        },
        "compared": {method: share_record(one) for method, one in classified.compared.items()},
        "estimate": share_record(estimate.accuracy) | {"assumes_random_labels": classified.is_assumed},
        "per_class": [
            {"name": name, "precision": share_record(estimate.precision[place]), "recall": share_record(estimate.recall[place])}
            for place, name in enumerate(names)
        ],
        "confusion": {"rows": names, "columns": [*names, ""], "labels": estimate.confusion.tolist()},
        "class_sizes": {name: int((classified.found == place).sum()) for place, name in enumerate(names)},
        "num_without_class": int((classified.found < 0).sum()),
        "truth": None if classified.truth is None else share_record(classified.truth),
    }


def _map_record(curated: Curated, classified: Classified) -> dict[str, Any]:
    """What becomes of each group, by the classes of its images; and the table of the finer clusters if they are what is mapped."""
    names = [one.name for one in classified.classes]
    labels, ties = classified.label_counts, []
    placed = (curated.group >= 0) & (classified.found >= 0)
    flow = contingency(curated.group[placed], classified.found[placed], len(curated.groups), len(names))
    clusters = []
    for place, group in enumerate(curated.groups):
        most = labels[place].max(initial=0)
        if most and (labels[place] == most).sum() > 1:
            ties.append(place)
        found = int(flow[place].argmax()) if flow[place].any() else NO_CLASS
        clusters.append(
            {
                "cluster": place,
                "name": group.name,
                "class": names[found] if found >= 0 else "",
                "images": int(curated.sizes[place]),
                "images_by_class": {name: int(count) for name, count in zip(names, flow[place], strict=True) if count},
                "labels": {name: int(count) for name, count in zip(names, labels[place], strict=True) if count},
            }
        )
    unlabelled = [place for place in range(len(clusters)) if not clusters[place]["labels"]]
    return {"clusters": clusters, "unlabelled": unlabelled, "ties": ties, "overclusters": _fine_record(classified, names)}


def _fine_record(classified: Classified, names: list[str]) -> dict[str, Any] | None:
    made = classified.made
    if made is None or made.method not in OF_OVERCLUSTERS:
        return None
    table = [names[one] if one >= 0 else "" for one in made.hard.tolist()]
    return {"class_of": table, "unlabelled": made.unlabelled.tolist(), "ties": made.ties.tolist()}


def share_record(share: Share) -> dict[str, Any]:
    """A share with its interval."""
    value = None if np.isnan(share.value) else share.value
    return {"value": value, "low": share.low, "high": share.high, "num_labels": share.num_labels, "worth": share.worth}
