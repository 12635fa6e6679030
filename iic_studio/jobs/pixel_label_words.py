"""What the command `label` found of pixels, for people."""

from collections.abc import Iterator
from typing import Any

from iic_studio.jobs.label_words import compared_lines, imported_lines, mapped_lines, shares_of_classes
from iic_studio.words import counted, numbered


def pixel_label_text(summary: dict[str, Any]) -> str:
    """The summary of the job as lines."""
    parts = (imported_lines, _counted, _mapped, _judged, compared_lines, _next)
    return "\n".join(line for part in parts for line in part(summary))


def _counted(summary: dict[str, Any]) -> Iterator[str]:
    classes = ", ".join(f"{one['name']} {one['labels']:,}" for one in summary["classes"])
    if not summary["num_labelled"]:
        yield f"No labels yet; classes: {classes}." if classes else "No labels yet."
        return
    yield f"{counted(summary['num_labelled'], 'labelled pixels')} in {counted(summary['num_images_labelled'], 'pictures')}: {classes}."
    if summary["num_lost"]:
        yield f"{counted(summary['num_lost'], 'labels')} could not be used: the picture is gone, cannot be read, or is smaller now."
    if summary["map"] is None:
        yield "There are no clusters to map yet. Train first: iic-studio train PROJECT"


def _mapped(summary: dict[str, Any]) -> Iterator[str]:
    found = summary["map"]
    if found is None:
        return
    yield from mapped_lines(found, lambda one: _becomes(found, one))
    finer = found["overclusters"]
    if finer is not None:
        without = len(finer["unlabelled"])
        one, several = (
            "has no label; it gets the class of the cluster it lies in",
            "have no label; they get the class of the cluster they lie in",
        )
        yield f"{without:,} of {counted(len(finer['class_of']), 'finer clusters')} {numbered(without, one, several)}."


def _becomes(found: dict[str, Any], cluster: dict[str, Any]) -> str:
    """The class of a cluster; where finer clusters are mapped, the shares of its pixels that were looked at."""
    if found["overclusters"] is None:
        return cluster["class"] or "no class"
    total = max(sum(cluster["pixels_by_class"].values()), 1)
    parts = sorted(cluster["pixels_by_class"].items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{count / total:.0%} {name or 'no class'}" for name, count in parts) or "no class"


def _judged(summary: dict[str, Any]) -> Iterator[str]:
    found = summary["estimate"]
    if found is None or not summary["num_labelled"]:
        return
    if found["num_images"] < 2:
        yield "How right the classes are is not known yet: all labels are in one picture. Label pixels of others."
        return
    yield (
        f"{summary['labels_right']:,} of {counted(summary['num_labelled'] - summary['num_lost'], 'labelled pixels')} "
        f"{numbered(summary['labels_right'], 'gets its', 'get their')} class from labels in other pictures."
    )
    if found["value"] is None:
        yield "How right all pixels are is not known yet: no label is a fair sample. Label what `--next` draws."
    else:
        yield (
            f"About {found['value']:.1%} of all pixels get the right class; between {found['low']:.1%} and {found['high']:.1%} "
            f"with 95 % certainty, by cross-validation on {counted(found['num_labels'], 'labels')}. Each is judged by labels in other "
            "pictures, and those in one picture count as one."
        )
        if found["assumes_random_labels"]:
            yield "This takes the labels from files for a random sample of the pixels."
    yield from shares_of_classes(summary)


def _next(summary: dict[str, Any]) -> Iterator[str]:
    for one in summary.get("next", []):
        yield f"{one['path']}  column {one['x']:,}, line {one['y']:,}  ({one['reason']})"
