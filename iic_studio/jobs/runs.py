"""The runs of a project: what each was asked for, what came of it, a card to copy, and two of them compared."""

import dataclasses
import math
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from iic_studio import __version__
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.curation import current_run, load_curation
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.comparing import Comparison, compare_clusterings
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import DiagnosisChanged, Event, HealthMeasured, RunFinished, RunStarted, StepsFinished
from iic_studio.jobs.running import read_run_log
from iic_studio.project.arrays import ASSIGNMENTS, has_assignments
from iic_studio.project.records import ImageRow, RunRow, fingerprint
from iic_studio.project.store import Project
from iic_studio.records import Assignments
from iic_studio.words import duration

CURVE_POINTS = 60
_NOT_TOLD = ("seed", "clusters", "device", "weights")  # have a column of their own, or say nothing of the result


@dataclass(frozen=True)
class RunFacts:
    """One run, as far as it has come.

    Attributes:
        asked: settings that differ from the defaults, as asked for.
        curve: (n, 2) step and lowest main loss, thinned.
        loss: lowest main loss in nats; None before the first step.
        information_share: mutual information over its ceiling, 0–1; None before the end.
        diagnosis: the last sentence that was said of it.
        health: the last measurement, by name.
        has_clusters: it has said where images belong.
        accuracy: share of the images whose label is known that a one-to-one map puts right, 0–1; None where nothing is known.
        num_judged: images it was measured on.
    """

    row: RunRow
    asked: dict[str, Any] = field(default_factory=dict)
    curve: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    loss: float | None = None
    information_share: float | None = None
    num_images: int = 0
    diagnosis: str = ""
    health: dict[str, Any] = field(default_factory=dict)
    has_clusters: bool = False
    accuracy: float | None = None
    num_judged: int = 0

    @property
    def method(self) -> str:
        """Of training, as settings name it; of a baseline what it is."""
        return str(self.row.summary.get("about") or self.row.settings.get("method", ""))

    @property
    def baseline(self) -> str:
        """Name of the simple method, empty for a training."""
        return str(self.row.summary.get("baseline", ""))

    @property
    def seconds(self) -> float | None:
        """What finding the clusters took."""
        value = self.row.summary.get("training_s")
        return None if value is None else float(value)

    @property
    def clusters(self) -> int:
        return int(self.row.settings.get("clusters", 0))

    @property
    def seed(self) -> int | None:
        value = self.row.settings.get("seed")
        return None if value is None else int(value)

    @property
    def title(self) -> str:
        """Its name, or when it began."""
        return self.row.title


class RunReader:
    """Reads the facts of runs and keeps those whose log has not changed since. Not for two threads at a time."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], RunFacts]] = {}
        self._judged: dict[Path, tuple[tuple[int, int], tuple[float | None, int]]] = {}

    def all(self, project: Project) -> list[RunFacts]:
        """Facts of all runs, the newest first, with those that are there to compare with; judged by the labels that are known."""
        labels = label_of_images(project)
        version = hash(tuple(labels.items()))
        return [self._judge(project, self.facts(project, row), labels, version) for row in reversed(project.runs(beside=True))]

    def _judge(self, project: Project, facts: RunFacts, labels: dict[int, str], version: int) -> RunFacts:
        """With its accuracy: by the labels known now, else by those of the file it was measured with then."""
        kept = facts.row.summary.get("scores", {})
        if not facts.has_clusters or not labels:
            return dataclasses.replace(facts, accuracy=kept.get("accuracy_one_to_one"), num_judged=int(kept.get("num_labelled", 0)))
        path = project.run_dir(facts.row.id) / ASSIGNMENTS
        mark = path.stat().st_mtime_ns, version
        known = self._judged.get(path)
        if known is None or known[0] != mark:
            known = self._judged[path] = mark, _accuracy(project.load_assignments(facts.row.id), labels)
        return dataclasses.replace(facts, accuracy=known[1][0], num_judged=known[1][1])

    def facts(self, project: Project, row: RunRow) -> RunFacts:
        """Facts of one run."""
        path = project.run_dir(row.id) / "events.jsonl"
        try:
            now = path.stat()
            mark = now.st_size, now.st_mtime_ns
        except OSError:
            mark = 0, 0
        known = self._known.get(path)
        if known is None or known[0] != mark:
            known = self._known[path] = mark, _facts(row, read_run_log(path))
        return dataclasses.replace(known[1], row=row, has_clusters=has_assignments(project.run_dir(row.id)))


def _accuracy(said: Assignments | None, labels: dict[int, str]) -> tuple[float | None, int]:
    if said is None:
        return None, 0
    judged = [
        (cluster, labels[image])
        for image, cluster in zip(said.image_ids.tolist(), said.assignment.tolist(), strict=True)
        if image in labels
    ]
    if not judged:
        return None, 0
    scores = score_clustering([cluster for cluster, _ in judged], [label for _, label in judged])
    return scores.accuracy_one_to_one, scores.num_labelled


def label_of_images(project: Project) -> dict[int, str]:
    """What images are known to show, by id: the truth that only judges, if there is any, else labels that say something of the others.

    Images that a person picked, such as all of a cluster, would only say that the cluster is what it was called.
    """
    known = load_curation(project).known
    if len(known.truth):
        names = known.truth.names
        return {image: names[code] for image, code in zip(known.truth.images.tolist(), known.truth.codes.tolist(), strict=True)}
    named = known.labels.named
    fair = named.weights > 0
    pairs = zip(named.images[fair].tolist(), named.classes[fair].tolist(), strict=True)
    return {image: known.classes[uid].name for image, uid in pairs if uid in known.classes}


def known_labels(project: Project, image_ids: Sequence[int]) -> list[str | None]:
    """What some images are known to show; None where nobody said."""
    labels = label_of_images(project)
    return [labels.get(image) for image in image_ids]


def _facts(row: RunRow, log: list[Event]) -> RunFacts:
    asked, diagnosis = row.settings, ""
    points: list[tuple[int, float]] = []
    finished: RunFinished | None = None
    health: dict[str, Any] = {}
    for event in log:
        if isinstance(event, RunStarted) and event.settings and event.job != "resume":  # that one is given what was planned
            asked = event.settings
        elif isinstance(event, StepsFinished):
            while points and points[-1][0] >= event.step:
                points.pop()  # resumed from a checkpoint: what came after it was done anew
            finite = [loss for loss in event.main_losses if loss is not None and math.isfinite(loss)]
            if finite:
                points.append((event.step, min(finite)))
        elif isinstance(event, DiagnosisChanged):
            diagnosis = f"{event.message} {event.action}".strip()
        elif isinstance(event, HealthMeasured):
            health = {key: value for key, value in dataclasses.asdict(event).items() if key not in ("time", "schema")}
        elif isinstance(event, RunFinished):
            finished = event
    curve = np.array(points, dtype=np.float64).reshape(-1, 2)
    kept = np.unique(np.linspace(0, len(curve) - 1, min(len(curve), CURVE_POINTS)).round().astype(np.int64))
    losses = row.summary.get("losses", {}).get("main") or ([curve[-1, 1]] if len(curve) else [])
    return RunFacts(
        row=row,
        asked=differing_settings(asked),
        curve=curve[kept],
        loss=float(min(losses)) if losses else None,
        information_share=row.summary.get("mutual_information_share"),
        num_images=finished.num_images if finished is not None else int(row.summary.get("num_images", 0)),
        diagnosis=diagnosis,
        health=health,
    )


def differing_settings(asked: dict[str, Any]) -> dict[str, Any]:
    """Settings that were asked for and are not the defaults; for pixels, the task and what differs from the defaults of their preset."""
    defaults = _defaults(asked).as_dict() | {"task": TrainSettings.task, "preset": None}
    return {name: value for name, value in asked.items() if name in defaults and value != defaults[name] and name not in _NOT_TOLD}


def _defaults(asked: dict[str, Any]) -> TrainSettings:
    """What somebody gets who asks for nothing but the task and, of pixels, the preset."""
    if asked.get("task") != "pixels":
        return TrainSettings()
    try:
        return pixel_settings(preset=asked.get("preset"))
    except UsageError:  # a preset that somebody saved, and deleted or changed since
        return pixel_settings()


_UNITS = {"short_side": " px", "image_size": " px"}


def say_settings(asked: dict[str, Any]) -> str:
    """Differing settings in one line."""
    words = []
    for name, value in asked.items():
        shown = "own" if isinstance(value, dict) else f"{value:g}" if isinstance(value, float) else str(value)
        words.append(f"{name.replace('_', ' ')} {shown}{_UNITS.get(name, '')}")
    return ", ".join(words)


def runs(project: Project) -> list[dict[str, Any]]:
    """All runs as plain records, the newest first."""
    return [as_record(facts) for facts in RunReader().all(project)]


def as_record(facts: RunFacts) -> dict[str, Any]:
    """A run as plain values."""
    row = facts.row
    return {
        "run": row.id,
        "name": row.name,
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(row.created)),
        "state": row.state,
        "method": facts.method,
        "beside": row.beside,
        "clusters": facts.clusters,
        "seed": facts.seed,
        "device": row.device,
        "differs": facts.asked,
        "num_images": facts.num_images,
        "steps": row.summary.get("steps"),
        "training_s": row.summary.get("training_s"),
        "loss": facts.loss,
        "mutual_information_share": facts.information_share,
        "accuracy": facts.accuracy,
        "num_labelled": facts.num_judged,
        "diagnosis": facts.diagnosis,
    }


def run_card(facts: RunFacts) -> dict[str, Any]:
    """Everything somebody needs to judge a run and to repeat it: settings, versions, device, data, losses, health."""
    row, summary = facts.row, facts.row.summary
    return as_record(facts) | {
        "program": f"iic-studio {summary.get('versions', {}).get('iic-studio', __version__)}",
        "versions": summary.get("versions", {}),
        "data_fingerprint": summary.get("data_fingerprint", ""),
        "num_left_out": summary.get("num_left_out", 0),
        "settings": row.settings,
        "losses": summary.get("losses", {}),
        "cluster_sizes": summary.get("cluster_sizes", []),
        "mean_confidence": summary.get("mean_confidence"),
        "mean_agreement": summary.get("mean_agreement"),
        "stopped_early": summary.get("stopped_early"),
        "health": facts.health,
    }


def card_text(facts: RunFacts) -> str:
    """The card for people: a line for each fact."""
    card = run_card(facts)
    lines = [f"{facts.title} ({card['run']}), {card['state']}"]
    lines += [f"{label}: {value}" for label, value in _said(card) if value not in ("", None)]
    lines += ["settings:", *(f"  {name}: {value}" for name, value in card["settings"].items() if value is not None)]
    if card["health"]:
        numbers = {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in card["health"].items()}
        lines += ["health:", *(f"  {name}: {value}" for name, value in numbers.items())]
    return "\n".join(lines)


def _said(card: dict[str, Any]) -> list[tuple[str, Any]]:
    share, loss, seconds, accuracy = (card[name] for name in ("mutual_information_share", "loss", "training_s", "accuracy"))
    losses = {head: ", ".join(f"{one:.4f}" for one in values) for head, values in card["losses"].items()}
    return [
        ("method", card["method"]),
        ("program", card["program"]),
        ("versions", ", ".join(f"{name} {version}" for name, version in card["versions"].items() if name != "iic-studio")),
        ("device", card["device"]),
        ("data fingerprint", card["data_fingerprint"]),
        ("images", f"{card['num_images']:,}" if card["num_images"] else ""),
        ("excluded by people, left out", f"{card['num_left_out']:,}" if card["num_left_out"] else ""),
        ("steps", card["steps"]),
        ("training", None if seconds is None else duration(seconds)),
        ("loss", None if loss is None else f"{loss:.4f} nats"),
        ("losses of the main sub-heads", losses.get("main", "")),
        ("losses of the overclustering sub-heads", losses.get("overclustering", "")),
        ("information", None if share is None else f"{100 * share:.1f} % of the ceiling"),
        ("accuracy", None if accuracy is None else f"{100 * accuracy:.1f} % of {card['num_labelled']:,} labelled images"),
        ("cluster sizes", ", ".join(map(str, card["cluster_sizes"]))),
        ("said of it", card["diagnosis"]),
        ("asked for", say_settings(card["differs"])),
    ]


def origin(rows: Sequence[ImageRow], num_left_out: int) -> dict[str, Any]:
    """What a run stands on, kept in its summary for its card: versions, number of images, and a digest of their paths and contents.

    Args:
        rows: the images that take part; `num_left_out` others were excluded by people.
    """
    ordered = sorted(rows, key=lambda row: row.path)
    digest = fingerprint((row.path for row in ordered), (row.size for row in ordered), (row.quick_hash for row in ordered))
    return {"versions": versions(), "num_images": len(rows), "num_left_out": num_left_out, "data_fingerprint": digest}


def versions() -> dict[str, str]:
    """Of the programs that have a say in a result."""
    return {"iic-studio": __version__, "python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


def delete_run(project: Project, run: RunRow) -> None:
    """Take a run out of the list; its folder goes from the disk when the project is tidied.

    Raises:
        StudioError: the groups of the project stand on it, or it is under way.
    """
    in_use = current_run(project, load_curation(project))
    if in_use is not None and in_use.id == run.id and has_assignments(project.run_dir(run.id)):
        raise StudioError(f"Your clusters stand on the run {run.title}, so it cannot be deleted.", "Use the clusters of another run first.")
    project.delete_run(run.id)


def compare_runs(project: Project, first: str, second: str) -> Comparison:
    """Compare the clusters of two runs.

    Raises:
        StudioError: one of them has none yet.
    """
    found = []
    for run in (first, second):
        said = project.load_assignments(run)
        if said is None:
            raise StudioError(f"Run {run} has no clusters yet.", "Choose another one, or let it go on.")
        found.append(said)
    one, other = found
    shape = one.probabilities.shape[1], other.probabilities.shape[1]
    return compare_clusterings(one.image_ids, one.assignment, other.image_ids, other.assignment, shape)


def as_table(records: list[dict[str, Any]]) -> str:
    """Records of runs as a table for the terminal."""
    if not records:
        return "This project has no runs yet."
    judged = any(one["accuracy"] is not None for one in records)
    head = ["run", "name", "state", "clusters", "seed", "method", "loss", "information", "accuracy", "time", "differs from the defaults"]
    lines = [head]
    for one in records:
        share, loss, accuracy, seconds = (one[key] for key in ("mutual_information_share", "loss", "accuracy", "training_s"))
        lines.append(
            [
                one["run"],
                one["name"],
                one["state"],
                str(one["clusters"]),
                str(one["seed"]),
                one["method"],
                "" if loss is None else f"{loss:.3f}",
                "" if share is None else f"{100 * share:.0f} %",
                "" if accuracy is None else f"{100 * accuracy:.1f} %",
                "" if seconds is None else duration(seconds),
                say_settings(one["differs"]),
            ]
        )
    lines = lines if judged else [line[:8] + line[9:] for line in lines]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
