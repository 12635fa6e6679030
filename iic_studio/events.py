"""What a job tells the outside while it runs: small frozen records, one JSON object a line.

The command line prints them, the window shows them, `runs/<id>/events.jsonl` keeps them. Bulk (joint matrices, assignments) never
travels here: see `training.live` and `project`. Readers ignore fields and events they do not know.
"""

import dataclasses
import json
import math
import time
from dataclasses import dataclass, field
from typing import Any, TypeVar

SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Event:
    """Common part: `time` in seconds since the epoch."""

    time: float = field(default_factory=time.time)
    schema: int = SCHEMA


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """First event of a job. `settings` are those asked for; `SettingsChosen` tells what was made of them."""

    run: str
    job: str
    num_images: int = 0
    device: str = ""
    project: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SettingsChosen(Event):
    """The settings a run trains with, none left open: with them it can be repeated."""

    num_images: int
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ProgressMade(Event):
    """How far a stage is. `done` and `total` count `unit`; `total` is None while it is unknown."""

    stage: str
    done: float
    total: float | None = None
    unit: str = "images"
    rate_per_s: float | None = None
    eta_s: float | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class StepsFinished(Event):
    """Optimiser steps since the last such event. Losses in nats, mutual information of the best sub-head in bits."""

    step: int
    epoch: int
    main_losses: tuple[float, ...]
    overclustering_losses: tuple[float, ...]
    mutual_information: float
    ceiling: float
    images_per_s: float
    elapsed_s: float
    fraction_done: float
    eta_s: float | None


@dataclass(frozen=True, kw_only=True)
class SubHeadsReseeded(Event):
    """Main sub-heads that were stuck took over merged overclusters; their losses jump at this step."""

    step: int
    sub_heads: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SubHeadReport:
    """One sub-head over one epoch. Loss in nats; the rest in bits."""

    loss: float
    mutual_information: float
    marginal_entropy: float
    conditional_entropy: float


@dataclass(frozen=True, kw_only=True)
class HeadReport:
    """One head over one epoch; `ceiling` is log2 K in bits, `best_sub_head` the one with the lowest loss."""

    head: str
    num_clusters: int
    ceiling: float
    best_sub_head: int
    sub_heads: tuple[SubHeadReport, ...]


@dataclass(frozen=True, kw_only=True)
class EpochFinished(Event):
    """One pass over the images. `cluster_sizes`: share of the images per cluster of the best main sub-head."""

    epoch: int
    step: int
    elapsed_s: float
    heads: tuple[HeadReport, ...]
    cluster_sizes: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HealthMeasured(Event):
    """How the main head is doing after an epoch, without labels. Information in bits; shares and indices in 0–1; NaN: not known yet.

    Attributes:
        mutual_information, mutual_information_excess: of the best sub-head, and how far it lies above that of pairs of different images.
        ceiling: log2 K.
        churn: share of the images that changed cluster since the epoch before, after Hungarian alignment; `nmi_previous` likewise.
        num_used, num_dead: clusters with images and clusters with hardly any; `largest_share` of the images in one cluster, and
            `largest_share_in_use` of a sample of them as they would be assigned for good.
        agreement: mean adjusted Rand index over pairs of sub-heads.
        consistency: share of the images whose transformed copy fell into the same cluster.
        sub_head, cluster_sizes: the sub-head whose clusters are shown, and the share of the images in each of them; -1 and empty in
            the logs of older versions.
    """

    step: int
    epoch: int
    mutual_information: float
    mutual_information_excess: float
    ceiling: float
    churn: float
    nmi_previous: float
    num_used: int
    num_dead: int
    largest_share: float
    largest_share_in_use: float
    agreement: float
    consistency: float
    sub_head: int = -1
    cluster_sizes: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StartTried(Event):
    """One of several short beginnings from different weights; the run goes on with the one of lowest loss (nats)."""

    start: int
    num_starts: int
    seed: int
    loss: float
    is_best: bool


@dataclass(frozen=True, kw_only=True)
class PseudoLabelsMade(Event):
    """DeepCluster grouped all images anew; the network now learns to tell these groups apart. NaN: not known yet.

    Attributes:
        round: of grouping, from 0; `step` before which it was made.
        num_clusters: groups that are learned.
        nmi_previous, main_nmi_previous: normalised mutual information with the grouping before, of the groups that are learned and of those
            at the number sought; 0–1, the mean over sub-heads.
        cross_entropy: in nats, the mean over the round before.
        largest_share, smallest_share: of the images in a group, by the first sub-head.
        num_refilled: how often an empty group was given half of another one.
    """

    step: int
    round: int
    num_clusters: int
    nmi_previous: float
    main_nmi_previous: float
    cross_entropy: float
    largest_share: float
    smallest_share: float
    num_refilled: int


@dataclass(frozen=True, kw_only=True)
class AssignmentsSaved(Event):
    """Assignments of all images lie in the store; `final` is False for those taken while training goes on."""

    run: str
    num_images: int
    sub_head: int
    final: bool


@dataclass(frozen=True, kw_only=True)
class MapSaved(Event):
    """Positions of the images on a plane lie with the run: by `method` (pca, umap), of `of` (features, probabilities)."""

    run: str
    method: str
    of: str
    num_images: int


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved(Event):
    """A checkpoint lies on disk; `kind` is "last" or "best"."""

    path: str
    step: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class DiagnosisChanged(Event):
    """The state of training, when its words change: `state` is a stable key, `message` a sentence, `action` what to do or empty.

    `remedy` and `remedy_value` are the key and the number of the one thing that a button can do: see `training.diagnosis.advice_of`.
    """

    state: str
    message: str
    action: str = ""
    remedy: str = ""
    remedy_value: int = 0


@dataclass(frozen=True, kw_only=True)
class WarningRaised(Event):
    """Something the person should know; the job goes on."""

    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class RunFinished(Event):
    """Last event of a job that did what was asked. `num_problems` files could not be read; `summary` holds the job's own results."""

    run: str
    job: str
    elapsed_s: float
    num_images: int = 0
    num_problems: int = 0
    stopped_early: bool = False
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunFailed(Event):
    """Last event of a job that could not go on."""

    run: str
    job: str
    message: str
    hint: str = ""
    exit_code: int = 1


_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        SettingsChosen,
        ProgressMade,
        StepsFinished,
        SubHeadsReseeded,
        EpochFinished,
        HealthMeasured,
        StartTried,
        PseudoLabelsMade,
        AssignmentsSaved,
        MapSaved,
        CheckpointSaved,
        DiagnosisChanged,
        WarningRaised,
        RunFinished,
        RunFailed,
    )
}


def _plain(value: Any) -> Any:
    """JSON has no NaN or infinity: they become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def to_json(event: Event) -> str:
    """One line of JSON, `event` first, without the newline."""
    record = {"event": type(event).__name__, **dataclasses.asdict(event)}
    return json.dumps(_plain(record), ensure_ascii=True)


def from_json(line: str) -> Event | None:
    """The event of one line; None for an event this version does not know. Unknown fields are dropped.

    Raises:
        ValueError: the line is not a JSON object with the fields the event needs.
    """
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("an event is a JSON object")
    kind = _KINDS.get(str(record.get("event")))
    if kind is None:
        return None
    try:
        return _read(kind, record)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


_Record = TypeVar("_Record", bound=Event | HeadReport | SubHeadReport)


def _read(kind: type[_Record], record: dict[str, Any]) -> _Record:
    """A record from its JSON object; null stands for NaN where a number belongs."""
    values = {}
    for item in dataclasses.fields(kind):
        if item.name not in record:
            continue
        value = record[item.name]
        if item.type is float and value is None:
            value = math.nan
        elif item.type == tuple[float, ...]:
            value = tuple(math.nan if one is None else one for one in value)
        elif item.type == tuple[HeadReport, ...]:
            value = tuple(_read(HeadReport, head) for head in value)
        elif item.type == tuple[SubHeadReport, ...]:
            value = tuple(_read(SubHeadReport, sub_head) for sub_head in value)
        elif isinstance(value, list):
            value = tuple(value)
        values[item.name] = value
    return kind(**values)
