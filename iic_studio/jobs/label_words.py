"""What the command `label` found, for people: what was read, the map, how right it is, what to label next."""

from collections.abc import Callable, Iterator
from typing import Any

from iic_studio.words import counted, numbered

_MOST_LINES = 60
METHODS = {
    "bayes-both": "by Bayes' rule from clusters and finer clusters",
    "bayes": "by Bayes' rule from all clusters a picture may belong to",
    "many-to-one": "by giving each cluster the class of most of its labels",
    "one-to-one": "by pairing clusters with classes, one to one",
    "overclusters": "by giving each finer cluster the class of most of its labels",
    "linear": "by a linear classifier on the features",
    "k-nn": "by the nearest labelled pictures",
    "fine-tuned": "by the network trained on with the labels",
    "fine-tuned+unlabelled": "by the network trained on with the labels and with pictures that have none",
}

NOTHING_NEXT = "Nothing is left to label: everything that could be asked for has an answer."


def label_text(summary: dict[str, Any]) -> str:
    """The summary of the job as lines."""
    parts = (imported_lines, _counted, _mapped, _judged, compared_lines, _next)
    return "\n".join(line for part in parts for line in part(summary))


def imported_lines(summary: dict[str, Any]) -> Iterator[str]:
    """What became of the rows of a file."""
    found = summary.get("import")
    if found is None:
        return
    yield (
        f"{found['matched']:,} of {counted(found['rows'], 'rows')} read as {found['as']}: "
        + ", ".join(f"{found[name]:,} {name}" for name in ("new", "changed", "unchanged"))
        + "."
    )
    left_out = (
        (found["num_unknown_paths"], "unknown paths", ""),
        (found.get("num_outside", 0), "places", " outside their picture"),
        (found.get("num_no_place", 0), "rows", " without a place"),
        (sum(found["unknown_classes"].values()), "rows", " of unknown classes"),
        (found["num_doubles"], "doubles", ""),
        (found["num_conflicts"], "places" if "num_outside" in found else "paths", " with contradicting labels"),
        (found["without_label"], "rows", " without a label"),
    )
    if told := ", ".join(f"{counted(count, things)}{which}" for count, things, which in left_out if count):
        yield f"Left out: {told}."


def _counted(summary: dict[str, Any]) -> Iterator[str]:
    classes = ", ".join(f"{one['name']} {one['labels']:,}" for one in summary["classes"])
    unsure = f"; not sure {summary['num_not_sure']:,}" if summary["num_not_sure"] else ""
    yield f"{counted(summary['num_labelled'], 'labels')}: {classes}{unsure}." if classes else "No labels yet."
    if summary["num_truth"]:
        yield f"{counted(summary['num_truth'], 'pictures')} with truth, which no map sees."
    if summary["num_labelled"] and summary["map"] is None:
        yield "There are no clusters to map yet. Train first: iic-studio train PROJECT"


def _mapped(summary: dict[str, Any]) -> Iterator[str]:
    found = summary["map"]
    if found is None:
        return
    yield from mapped_lines(found, _flow)
    if summary["num_without_class"]:
        count = summary["num_without_class"]
        yield f"{counted(count, 'pictures')} {numbered(count, 'has', 'have')} no class."


def mapped_lines(found: dict[str, Any], becomes: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    """The map, a line for each cluster with its labels.

    Args:
        found: `map` in the summary.
        becomes: says what a cluster becomes.
    """
    yield f"Classes are found {METHODS[found['method']]} ({found['method']}, chosen by {found['chosen_by']})."
    for one in found["clusters"][:_MOST_LINES]:
        labels = ", ".join(f"{label} {count}" for label, count in one["labels"].items()) or "no label"
        tie = "; a tie" if one["cluster"] in found["ties"] else ""
        yield f"  {one['name'] or 'Cluster ' + str(one['cluster'])}: {becomes(one)} (labels: {labels}{tie})"
    if len(found["clusters"]) > _MOST_LINES:
        yield f"  and {len(found['clusters']) - _MOST_LINES} more"
    if found["unlabelled"]:
        yield f"Clusters without a label: {', '.join(map(str, found['unlabelled'][:20]))}."


def _flow(cluster: dict[str, Any]) -> str:
    """Where the images of a cluster go, the most first."""
    total = max(sum(cluster["images_by_class"].values()), 1)
    parts = sorted(cluster["images_by_class"].items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{count / total:.0%} {name}" for name, count in parts) or "no class"


def _judged(summary: dict[str, Any]) -> Iterator[str]:
    found = summary["estimate"]
    if found is None:
        return
    of_one_class = sum(one["labels"] > 0 for one in summary["classes"]) == 1
    if of_one_class:
        yield "How right the classes are is not known yet: all labels name one class. Label pictures of other kinds too."
    elif found["value"] is None:
        yield "How right the classes are is not known yet: no label is a fair sample. Label what `--next` suggests."
    else:
        yield (
            f"About {found['value']:.1%} of all pictures get the right class; between {found['low']:.1%} and {found['high']:.1%} "
            f"with 95 % certainty, by cross-validation on {counted(found['num_labels'], 'labels')}."
        )
        if found["assumes_random_labels"]:
            yield "This takes the labels from files for a random sample of the pictures."
    if not of_one_class:
        yield from shares_of_classes(summary)
    if summary["truth"] is not None:
        truth = summary["truth"]
        yield f"Against the truth: {truth['value']:.1%} right of {counted(truth['num_labels'], 'pictures')}."


def shares_of_classes(summary: dict[str, Any]) -> Iterator[str]:
    """Precision and recall, a line for each class."""
    for one in summary["per_class"]:
        yield f"  {one['name']:<24} precision {_share(one['precision'])}, recall {_share(one['recall'])}"


def _share(share: dict[str, Any]) -> str:
    if share["value"] is None:
        return "unknown"
    return f"{share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%}, {counted(share['num_labels'], 'labels')})"


def compared_lines(summary: dict[str, Any]) -> Iterator[str]:
    """How right each way is."""
    everything = summary.get("learned", {}) | summary.get("compared", {})
    tried = {name: one for name, one in everything.items() if one["value"] is not None}
    if len(tried) > 1:
        yield "By cross-validation: " + ", ".join(f"{name} {one['value']:.1%}" for name, one in tried.items()) + "."


def _next(summary: dict[str, Any]) -> Iterator[str]:
    if summary.get("next") == []:
        yield NOTHING_NEXT
    for one in summary.get("next", []):
        yield f"{one['path']}  ({one['reason']}; {one['cluster_name']})"
