"""One HTML file that tells a run to somebody who was not there: it holds its pictures, runs no script and asks the network for nothing.

Every text goes through jinja2's escaping; what is drawn comes from `svg`, which escapes its own. The page forbids scripts and foreign
addresses itself, by its content security policy.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from iic_studio.config import POINTWISE, TrainSettings
from iic_studio.export.files import printable_path
from iic_studio.export.map_picture import map_picture
from iic_studio.export.mask_report import MaskFacts, mask_parts
from iic_studio.export.result_rows import ResultRows
from iic_studio.export.run_story import RunStory, health_words
from iic_studio.export.svg import Array, heat_map, line_chart
from iic_studio.paths import shipped
from iic_studio.project.maps import Layout
from iic_studio.records import FloatArray, IntArray, probability_left
from iic_studio.words import METHODS, counted, duration, numbered

_MOST_CARDS = 100
_FEW_CLUSTERS = 30
_MOST_CELLS = 48
_MOST_PROBLEMS = 500
_MIXED_SHARE = 0.05
_MOST_MIXED = 5
_PNG_START = b"\x89PNG"


@dataclass(frozen=True)
class ReportFacts:
    """All that goes into a report.

    Attributes:
        rows: the pictures.
        meta: of the `.meta.json`.
        story: of the run.
        thumbnail: encoded JPEG or PNG of an image id, empty when there is none.
        joint: (K', K') of the model's clusters, by the chosen sub-head; None before the run has finished.
        masks: of a run on pixels; None for one on whole pictures.
        layout: a map of the run, if one was made.
        colours: of the clusters, as `#rrggbb`.
    """

    rows: ResultRows
    meta: dict[str, Any]
    story: RunStory
    thumbnail: Callable[[int], bytes]
    joint: FloatArray | None
    masks: MaskFacts | None = None
    layout: Layout | None = None
    colours: tuple[str, ...] = ()


def report_html(facts: ReportFacts) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    rows, meta, story = facts.rows, facts.meta, facts.story
    placed = int((rows.cluster >= 0).sum())
    cards, rest = _clusters(facts) if facts.masks is None else ([], [])
    environment = Environment(
        loader=FileSystemLoader(shipped("resources", "export")), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    folder = meta["folder"].rstrip("/").rpartition("/")[2] or meta["folder"]
    matrix, matrix_note = _matrix(facts)
    return environment.get_template("report.html").render(
        title=f"{'Clusters' if facts.masks is None else 'Pixels'} of {folder}",
        lead=_lead(facts, placed),
        masks=None if facts.masks is None else mask_parts(facts.masks, rows, facts.thumbnail),
        meta=meta,
        diagnosis=story.diagnosis,
        in_short=_in_short(facts, placed),
        how=_how(meta),
        classes=_classes(meta),
        clusters=cards,
        more_clusters=rest,
        matrix=matrix,
        matrix_note=matrix_note,
        mixed=_mixed(facts),
        map=_map(facts),
        charts=list(_charts(facts)),
        problems=meta["problems"][:_MOST_PROBLEMS],
        more_problems=max(0, len(meta["problems"]) - _MOST_PROBLEMS),
        settings=list(_settings(meta)),
    )


# Words --------------------------------------------------------------------------------------------------------------------------------


def _in_short(facts: ReportFacts, placed: int) -> list[str]:
    rows, summary = facts.rows, facts.meta["summary"]
    words = health_words(facts.story.health) if facts.story.health else []
    if "mean_agreement" in summary and facts.masks is None:
        words.append(f"For a picture on average, {summary['mean_agreement']:.0%} of the sub-heads agree on its cluster.")
    by_user, excluded = int(rows.by_user.sum()), int(rows.excluded.sum())
    if by_user:
        words.append(f"{counted(by_user, 'pictures')} {numbered(by_user, 'was put into its', 'were put into their')} cluster by a person.")
    if excluded:
        words.append(f"{counted(excluded, 'pictures')} {numbered(excluded, 'was', 'were')} taken out by a person.")
    if waiting := len(rows) - placed - excluded:
        words.append(f"{counted(waiting, 'pictures')} {numbered(waiting, 'has', 'have')} no cluster yet.")
    return words or ["The log of this run holds no measurements."]


def _lead(facts: ReportFacts, placed: int) -> str:
    if facts.masks is None:
        groups = f"in {counted(int((facts.rows.cluster_sizes() > 0).sum()), 'clusters')}"
    elif "class_map" in facts.meta:
        groups = f"every pixel in {counted(len(facts.meta['class_map']['per_class']), 'classes')}"
    else:
        groups = f"every pixel in {counted(facts.rows.num_clusters, 'clusters')}"
    pictures = counted(placed, "pictures")
    return f"{pictures}{' ' if facts.masks is None else ', '}{groups}, {facts.meta['written'][:10]}"


def _classes(meta: dict[str, Any]) -> dict[str, Any] | None:
    """Classes with their numbers, and how right they are; None when there are none."""
    if "class_map" in meta:
        return _classes_of_pixels(meta["class_map"])
    found = meta.get("classes")
    if not found or found["estimate"] is None:
        return None
    estimate, truth = found["estimate"], found["truth"]
    if estimate["value"] is None:
        words = ["How right the classes are is not known: no label is a fair sample of the pictures."]
    else:
        words = [
            f"About {estimate['value']:.1%} of all pictures get the right class, between {estimate['low']:.1%} and {estimate['high']:.1%} "
            f"with 95 % certainty. {_say_so(estimate['num_labels'])}, each judged without itself."
        ]
        if estimate["assumes_random_labels"]:
            words.append("This takes the labels that came from files for a random sample of the pictures.")
    if truth is not None:
        words.append(f"Against the truth, which took no part: {truth['value']:.1%} right of {counted(truth['num_labels'], 'pictures')}.")
    rows = [
        {
            "name": one["name"],
            "count": f"{found['class_sizes'][one['name']]:,}",
            "labels": f"{known['labels']:,}",
            "precision": _share(one["precision"]),
            "recall": _share(one["recall"]),
        }
        for one, known in zip(found["per_class"], found["classes"], strict=True)
    ]
    return {"title": "Classes", "words": words, "counted": "Pictures", "of_pictures": True, "rows": rows}


def _classes_of_pixels(found: dict[str, Any]) -> dict[str, Any]:
    """The same of labelled pixels, by the record of their map."""
    estimate = found["estimate"]
    if estimate["num_images"] < 2:
        words = ["How right the classes are is not known: there are no labels in more than one picture."]
    elif estimate["value"] is None:
        words = ["How right the classes are is not known: no label is a fair sample of the pixels."]
    else:
        words = [
            f"About {estimate['value']:.1%} of all pixels get the right class, between {estimate['low']:.1%} and {estimate['high']:.1%} "
            f"with 95 % certainty. {_say_so(estimate['num_labels'])}, each judged by labels in other pictures."
        ]
        if estimate["assumes_random_labels"]:
            words.append("This takes the labels that came from files for a random sample of the pixels.")
    if found["map"]["overclusters"] is not None:
        words.append("Finer clusters decide, so a cluster may hold pixels of several classes; it stands beside that of most of them.")
    labels: dict[str, int] = {}
    for cluster in found["map"]["clusters"]:
        for name, count in cluster["labels"].items():
            labels[name] = labels.get(name, 0) + count
    rows = [
        {
            "name": one["name"],
            "count": ", ".join(cluster["name"] or f"Cluster {cluster['cluster']}" for cluster in _becoming(found, one["name"])) or "none",
            "labels": f"{labels.get(one['name'], 0):,}",
            "precision": _share(one["precision"]),
            "recall": _share(one["recall"]),
        }
        for one in found["per_class"]
    ]
    return {"title": "How right the classes are", "words": words, "counted": "Clusters", "of_pictures": False, "rows": rows}


def _say_so(count: int) -> str:
    return f"{counted(count, 'labels')} {numbered(count, 'says', 'say')} so"


def _becoming(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [cluster for cluster in found["map"]["clusters"] if cluster["class"] == name]


def _share(share: dict[str, Any]) -> str:
    return "unknown" if share["value"] is None else f"{share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%})"


def _how(meta: dict[str, Any]) -> list[str]:
    settings, summary = TrainSettings.from_dict(meta["settings"]), meta["summary"]
    # A run that names no method is of a time when there was no other.
    name = METHODS.get(settings.method, METHODS["iic"]).name.replace("IIC", "Invariant Information Clustering")
    words = [f"The clusters were found by {name}, without any label of the pictures: {_learned(settings)}"]
    if "training_s" in summary:
        took = f"It trained for {duration(summary['training_s'])}"
        steps = f", {counted(summary['steps'], 'steps')}" if "steps" in summary else ""
        words.append(f"{took}{steps}, on {meta['device'] or 'an unknown device'}. {_ending(meta)}".strip())
    words.append("Groups follow colour, texture, layout and shape before meaning. A name beside a cluster is what a person called it.")
    return words


def _learned(settings: TrainSettings) -> str:
    """What was learned, by the method that a run was trained with."""
    network = f"{'heads on a network that others trained' if settings.is_pretrained else 'a network'} ({settings.encoder})"
    if settings.points:
        return (
            f"k-means grouped the pictures by what {network} saw in them, the network learned to tell these groups apart, and again; "
            "in the end k-means made the clusters from what it saw."
        )
    if settings.method == POINTWISE:
        return f"{network} learned to put two views of a picture, and pictures that look alike, into the same cluster."
    if settings.task == "pixels":
        learned = "a pixel, those around it, and the same places in a changed copy of the picture into the same cluster."
    else:
        learned = "two changed copies of the same picture into the same cluster, and different pictures into different ones."
    contrast = " A contrastive loss on the same pairs helped it." if "contrast" in settings.method else ""
    alike = " Pictures that look alike stood in for copies of each other." if "neighbours" in settings.method else ""
    return f"{network} learned to put {learned}{contrast}{alike}"


def _ending(meta: dict[str, Any]) -> str:
    if meta["summary"].get("ended_at_plateau"):
        return "It ended when nothing new was learned."
    return "It was ended early by hand." if meta["summary"].get("stopped_early") else ""


def _settings(meta: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Run", meta["run"]
    yield "Folder", meta["folder"]
    yield "Data fingerprint", meta["data_fingerprint"]
    yield "Versions", ", ".join(f"{name} {version}" for name, version in meta["versions"].items())
    for name, value in meta["settings"].items():
        if isinstance(value, dict):
            for inner, one in value.items():
                yield f"{name}.{inner}", str(one)
        elif value is not None:
            yield name, str(value)


# Clusters -----------------------------------------------------------------------------------------------------------------------------


def _clusters(facts: ReportFacts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those with pictures, the largest first, and the rest with words only."""
    rows, sizes = facts.rows, facts.rows.cluster_sizes()
    order = [int(one) for one in np.argsort(-sizes, kind="stable")]
    used, total = [one for one in order if sizes[one]], max(int(sizes.sum()), 1)
    num_typical, num_borderline = (8, 4) if len(used) <= _FEW_CLUSTERS else (4, 2)
    left = np.full(len(rows.cluster), np.inf)
    left[rows.position >= 0] = probability_left(rows.probabilities)[rows.position[rows.position >= 0]]
    surest = np.lexsort((left, -np.nan_to_num(rows.confidence * rows.agreement, nan=-1.0), rows.cluster))
    bounds = np.searchsorted(rows.cluster[surest], np.arange(rows.num_clusters + 1))
    cards, rest = [], []
    for place, cluster in enumerate(used):
        members = surest[bounds[cluster] : bounds[cluster + 1]]
        card: dict[str, Any] = {"name": rows.name_of(cluster), "words": _size_words(rows, members, total)}
        if place >= _MOST_CARDS:
            rest.append(card)
            continue
        typical = members[:num_typical]
        others = members[num_typical:]
        unsure = others[np.argsort(rows.margin[others], kind="stable")[:num_borderline]]  # NaN comes last
        shown = (("Typical", typical), ("Borderline", unsure))
        card["bar"] = 100 * len(members) / int(sizes.max())
        card["rows"] = [{"title": title, "pictures": [_picture(facts, int(row)) for row in some]} for title, some in shown if len(some)]
        cards.append(card)
    rest += [{"name": rows.name_of(one), "words": "empty"} for one in order if not sizes[one]]
    return cards, rest


def _size_words(rows: ResultRows, members: IntArray, total: int) -> str:
    known = rows.confidence[members]
    known = known[~np.isnan(known)]
    sure = f", {float(known.mean()):.0%} sure on average" if len(known) else ""
    return f"{len(members):,} {'picture' if len(members) == 1 else 'pictures'}, {len(members) / total:.1%}{sure}"


def _picture(facts: ReportFacts, row: int) -> dict[str, Any]:
    rows = facts.rows
    data = facts.thumbnail(int(rows.image_ids[row]))
    kind = "png" if data.startswith(_PNG_START) else "jpeg"
    confidence = float(rows.confidence[row])
    sure = "" if np.isnan(confidence) else f", {confidence:.0%} sure"
    return {
        "data": f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}",
        "words": f"{printable_path(rows.paths[row])}{sure}",
        "crisp": kind == "png",
    }


# Drawings -----------------------------------------------------------------------------------------------------------------------------


def _landing(facts: ReportFacts) -> Array | None:
    """(K, K) share of the pairs from each cluster of the table that land in each."""
    if facts.joint is None:
        return None
    rows = facts.rows
    joint = np.zeros((rows.num_clusters, rows.num_clusters))
    np.add.at(joint, (rows.group_of[:, None], rows.group_of[None, :]), facts.joint)
    joint = (joint + joint.T) / 2
    shares: Array = joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-12)
    return shares


def _matrix(facts: ReportFacts) -> tuple[str, str]:
    landing = _landing(facts)
    sizes = facts.rows.cluster_sizes()
    shown = np.argsort(-sizes, kind="stable")
    shown = shown[sizes[shown] > 0][:_MOST_CELLS]
    if landing is None or len(shown) < 2:
        return "", ""
    names = [facts.rows.name_of(int(one)) for one in shown]
    note = f"The {_MOST_CELLS} largest of {int((sizes > 0).sum())} clusters." if int((sizes > 0).sum()) > _MOST_CELLS else ""
    return heat_map(landing[np.ix_(shown, shown)], names, "Where transformed copies land, cluster by cluster"), note


def _map(facts: ReportFacts) -> str:
    """Pictures as points; empty where no map was made or it has none of these pictures."""
    layout, rows = facts.layout, facts.rows
    if layout is None:
        return ""
    there, of_rows, of_layout = np.intersect1d(rows.image_ids, layout.image_ids, return_indices=True)
    names = [rows.name_of(one) for one in range(rows.num_clusters)]
    description = f"{counted(len(there), 'pictures')} as {numbered(len(there), 'a point', 'points')}, like beside like"
    return map_picture(layout.positions[of_layout], rows.cluster[of_rows], facts.colours, names, description)


def _mixed(facts: ReportFacts) -> list[str]:
    """The pairs of clusters that are mixed up most, as sentences."""
    landing = _landing(facts)
    if landing is None:
        return []
    apart = landing.copy()
    np.fill_diagonal(apart, 0.0)
    order = np.argsort(-apart, axis=None, kind="stable")[:_MOST_MIXED]
    places = [divmod(int(one), len(apart)) for one in order]
    return [
        f"{apart[row, column]:.0%} of the pairs from {facts.rows.name_of(row)} land in {facts.rows.name_of(column)}."
        for row, column in places
        if apart[row, column] >= _MIXED_SHARE
    ]


def _charts(facts: ReportFacts) -> Iterator[dict[str, str]]:
    story = facts.story
    best = int(facts.meta["sub_head"])
    charts = (
        (
            "Loss of each sub-head",
            "Lower is better. The sub-head of lowest loss over all pictures is the one whose clusters are used; it is drawn strongest.",
            story.loss_lines(best),
            "loss in nats",
        ),
        (
            "Information",
            "How much the cluster of a picture tells of the cluster of its changed copy. The dashed line is the most there can be; the "
            "second curve is what goes beyond chance.",
            story.information_lines(),
            "bits",
        ),
        (
            "Pictures that change cluster",
            "Share of the pictures that changed cluster from one pass to the next. When it stays low, more time will change little.",
            story.churn_lines(),
            "percent",
        ),
    )
    for title, words, lines, unit in charts:
        drawn = line_chart(lines, "optimiser steps", unit, title)
        if drawn:
            yield {"title": title, "words": words, "svg": drawn}
