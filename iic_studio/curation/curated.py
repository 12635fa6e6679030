"""A run's assignments as corrected by people: clusters become groups, pins hold.

`curate` is a pure function from what a run says and what people know to arrays aligned with the run's images. Clusters that nobody has
mapped stand for groups of their own, so a project that nobody touched looks like its newest run. An image belongs to the group of its most
likely cluster; merging two clusters therefore joins exactly their images, and moves no others.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.cached import cached_property
from iic_studio.curation.colours import colour_of, palette_colour
from iic_studio.curation.labels import Labels, Truth
from iic_studio.curation.pixel_labels import PixelLabels
from iic_studio.curation.state import NOWHERE, Curation, Group, Pins
from iic_studio.evaluation.pixel_parts import divide
from iic_studio.records import Assignments, FloatArray, IntArray

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which groups there are and what belongs to them.

    Attributes:
        run: whose clusters are meant; empty for none.
        groups: in the order they are shown, by uid: those with a cluster or a pin.
        of_cluster: (K,) place of each cluster's group in `groups`.
        unstored: groups that exist only because nobody mapped their cluster yet, with the cluster's label.
    """

    run: str
    groups: tuple[Group, ...]
    of_cluster: IntArray
    unstored: Mapping[int, Group]

    @cached_property
    def index_of(self) -> dict[int, int]:
        """uid -> place in `groups`."""
        return {group.uid: place for place, group in enumerate(self.groups)}

    @cached_property
    def has_clusters(self) -> Mask:
        """(G,) groups that the model knows."""
        return np.bincount(self.of_cluster, minlength=len(self.groups)) > 0

    @cached_property
    def is_plain(self) -> bool:
        """Whether every group is one cluster, in the same order."""
        return bool(np.array_equal(self.of_cluster, np.arange(len(self.groups))))

    def places(self, uids: IntArray) -> IntArray:
        """Place of each uid; -1 for those that are not shown."""
        known = np.array([group.uid for group in self.groups], np.int64)
        if not len(known):
            return np.full(len(uids), -1, np.int64)
        found = np.minimum(np.searchsorted(known, uids), len(known) - 1)
        return np.where(known[found] == uids, found, -1)


def group_clusters(labels: IntArray, curation: Curation, run: str) -> Grouping:
    """The groups as they are when the clusters of a run stand behind them.

    Args:
        labels: (K,) of the run's clusters.
    """
    stored = curation.maps.get(run, {})
    is_base = run == curation.accepted_run or not curation.accepted_run
    next_uid = 1 + max([-1, *curation.groups, *(stored.values())])
    uids: dict[int, int] = {}
    unstored: dict[int, Group] = {}
    if is_base:
        next_uid = max(next_uid, 1 + int(labels.max(initial=-1)))
    for label in labels.tolist():
        uid = stored.get(label, NOWHERE)
        if uid not in curation.groups:
            uid = label if is_base and label not in curation.groups else next_uid
            next_uid += uid == next_uid
            unstored[label] = Group(uid)
        uids[label] = uid
    pinned = np.unique(curation.pins.group).tolist()
    used = set(uids.values()) | {uid for uid in pinned if uid in curation.groups}
    known = dict(curation.groups) | {group.uid: group for group in unstored.values()}
    groups = tuple(known[uid] for uid in sorted(used))
    place = {group.uid: number for number, group in enumerate(groups)}
    return Grouping(run, groups, np.array([place[uids[label]] for label in labels.tolist()], np.int64), unstored)


@dataclass(frozen=True, eq=False)
class Scores:
    """What the model says of each image in terms of groups, before any pin.

    Attributes:
        probabilities: (N, G) summed over the clusters of each group.
        home: (N,) group of the most likely cluster.
        second: (N,) most likely other group; -1 when there is none.
        own, other: (N,) their probabilities.
        votes: (N, H) groups that the sub-heads vote for.
        agreement: (N,) share of the votes for `home`.
    """

    probabilities: FloatArray
    home: IntArray
    second: IntArray
    own: FloatArray
    other: FloatArray
    votes: IntArray
    agreement: FloatArray


def _score(model: Assignments, grouping: Grouping) -> Scores:
    home, num_groups = grouping.of_cluster[model.assignment], len(grouping.groups)
    # Groups by images: sums and maxima then run over memory in one go.
    by_cluster = np.array(model.probabilities.T, dtype=np.float32, order="C")
    by_group = by_cluster if grouping.is_plain else _summed(by_cluster, grouping.of_cluster, num_groups)
    own, other, second = _two_best(by_group, home)
    if grouping.is_plain:
        return Scores(model.probabilities, home, second, own, other, model.votes, model.agreement)
    votes = grouping.of_cluster[model.votes]
    agreement = (votes == home[:, None]).mean(axis=1, dtype=np.float32) if votes.size else model.agreement
    return Scores(by_group.T, home, second, own, other, votes, agreement)


def _summed(by_cluster: FloatArray, of_cluster: IntArray, num_groups: int) -> FloatArray:
    """(G, N) sums of the rows of each group; zeros for a group without clusters."""
    if not len(by_cluster):
        return np.zeros((num_groups, by_cluster.shape[1]), np.float32)
    groups, first = np.unique(of_cluster, return_index=True)
    line_of = np.zeros(num_groups, np.int64)
    line_of[groups] = first
    by_group = by_cluster[line_of]
    by_group[np.setdiff1d(np.arange(num_groups), groups)] = 0
    for cluster in np.setdiff1d(np.arange(len(of_cluster)), first).tolist():
        by_group[of_cluster[cluster]] += by_cluster[cluster]
    return by_group


def _two_best(by_group: FloatArray, first: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Probability of a given group, of the best other one, and which that is, for each column. Changes `by_group`, and changes it back."""
    columns = np.arange(by_group.shape[1])
    if len(by_group) < 2:
        own = by_group[first, columns] if len(by_group) else np.zeros(len(columns), np.float32)
        return own, np.zeros(len(columns), np.float32), np.full(len(columns), -1, np.int64)
    own = by_group[first, columns]
    other, second = np.full(len(columns), -1, np.float32), np.zeros(len(columns), np.int32)
    by_group[first, columns] = -2  # out of the race for a moment
    for group, line in enumerate(by_group):
        better = line > other
        np.copyto(other, line, where=better)
        np.copyto(second, group, where=better)
    by_group[first, columns] = own
    return own, other, second.astype(np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Curated(Assignments):
    """Assignments whose clusters are groups, 0…G-1 in the order shown.

    Rows are those of the run; pinned images that the run does not know come after them, with probabilities of 0. `assignment` is the group
    of each image, also of excluded ones.

    Attributes:
        model: what the run itself says.
        curation: what people know.
        grouping: the groups.
        scores: what the run says in terms of groups.
        group: (N,) as `assignment`, but -1 for excluded images.
        home: (N,) the group that the model would put the image in; -1 for images the run does not know.
        second: (N,) the most likely group beside `assignment`; -1 when there is none.
        excluded, unsure: (N,) said by people.
        by_user: (N,) put into its group by a person.
        sureness, gap: (N,) `confidence` and `margin`. The model's probability of the image's group, and how far it lies above that of any
            other group, at least 0. Of a group that the model does not know: those of the group it was taken from.
    """

    model: Assignments
    curation: Curation
    grouping: Grouping
    scores: Scores
    group: IntArray
    home: IntArray
    second: IntArray
    excluded: Mask
    unsure: Mask
    by_user: Mask
    sureness: FloatArray
    gap: FloatArray

    @property
    def confidence(self) -> FloatArray:
        return self.sureness

    @property
    def margin(self) -> FloatArray:
        return self.gap

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.grouping.groups

    @property
    def run(self) -> str:
        return self.grouping.run

    @cached_property
    def names(self) -> dict[int, str]:
        """Names people gave, by place; and "Cluster 7" where the place of a group without a name is not its number."""
        return {place: group.label for place, group in enumerate(self.groups) if group.name or group.uid != place}

    @cached_property
    def sizes(self) -> IntArray:
        """(G,) images in each group."""
        return np.bincount(self.group[self.group >= 0], minlength=len(self.groups))

    def is_one_cluster(self, cluster: int) -> bool:
        """Whether a group holds just the images of a cluster of the model."""
        if cluster >= len(self.grouping.of_cluster):
            return False
        inside = np.zeros(len(self.group), np.bool_)
        inside[: len(self.model.assignment)] = self.model.assignment == cluster
        return bool(np.array_equal(self.group == self.grouping.of_cluster[cluster], inside))

    def images_in(self, group: int) -> IntArray:
        """Ids of a group's images."""
        found: IntArray = self.image_ids[self.group == group]
        return found


def curate(assignments: Assignments, curation: Curation, run: str | None = None, *, before: Curated | None = None) -> Curated:
    """Assignments as corrected by people.

    Args:
        assignments: what a run says.
        curation: what people know.
        run: whose assignments they are; the accepted one if not given.
        before: of the same assignments, in another state: what did not change is taken over.
    """
    run = curation.accepted_run if run is None else run
    assignments = divide(assignments, curation.parts_of(run))
    grouping = group_clusters(assignments.cluster_labels, curation, run)
    scores = _known_scores(assignments, grouping, before) or _score(assignments, grouping)
    if before is not None and scores is before.scores and curation.pins is before.curation.pins:
        return replace(before, curation=curation, grouping=grouping)  # names, colours, notes
    return _with_pins(assignments, curation, grouping, scores)


def _with_pins(assignments: Assignments, curation: Curation, grouping: Grouping, scores: Scores) -> Curated:
    ids, scores = _with_pinned(assignments.image_ids, scores, grouping, curation.pins)
    places = places_of(ids, curation.pins.images)
    known = places >= 0
    at, pins = places[known], Pins(curation.pins.images[known], curation.pins.facts[known])
    excluded, unsure, by_user = (np.zeros(len(ids), np.bool_) for _ in range(3))
    excluded[at], unsure[at], by_user[at] = pins.excluded, pins.unsure, pins.by_user
    group, sureness, gap = scores.home.copy(), scores.own.copy(), np.maximum(scores.own - scores.other, 0)
    second, agreement = scores.second.copy(), scores.agreement.copy()
    into = grouping.places(pins.group)
    moved, into = at[into >= 0], into[into >= 0]
    group[moved] = into
    there = grouping.has_clusters[into] if len(into) else np.zeros(0, np.bool_)
    moved, into = moved[there], into[there]
    own, other, second[moved] = _two_best(scores.probabilities[moved].T.copy(), into)
    sureness[moved], gap[moved] = own, np.maximum(own - other, 0)
    if scores.votes.shape[1]:
        agreement[moved] = (scores.votes[moved] == into[:, None]).mean(axis=1)
    return Curated(
        image_ids=ids,
        probabilities=scores.probabilities,
        assignment=group,
        votes=scores.votes,
        agreement=agreement,
        sub_head=assignments.sub_head,
        model=assignments,
        curation=curation,
        grouping=grouping,
        scores=scores,
        group=np.where(excluded, -1, group),
        home=scores.home,
        second=second,
        excluded=excluded,
        unsure=unsure,
        by_user=by_user,
        sureness=sureness,
        gap=gap,
    )


def of_new_images(assignments: Assignments, curated: Curated) -> Curated:
    """What the model behind some groups says of other images, in terms of the same groups. Pins and labels do not apply: ids mean other
    images there.

    Args:
        assignments: by the sub-head that speaks in `curated`.
    """
    grouping = curated.grouping
    assignments = divide(assignments, curated.model.parts)
    known = replace(curated.curation.known, labels=Labels(), pixels=PixelLabels(), truth=Truth())
    return _with_pins(assignments, replace(curated.curation, pins=Pins(), known=known), grouping, _score(assignments, grouping))


def corrections(curated: Curated) -> dict[str, Any]:
    """What went into groups beside what the model says, as plain values."""
    clusters_of = [np.flatnonzero(curated.grouping.of_cluster == place).tolist() for place in range(len(curated.groups))]
    pins = Pins(curated.image_ids, curated.curation.pins.of(curated.image_ids))
    return {
        "state": curated.curation.version,
        "merged": [
            {"cluster": place, "name": group.label, "model_clusters": clusters}
            for place, (group, clusters) in enumerate(zip(curated.groups, clusters_of, strict=True))
            if len(clusters) > 1
        ],
        "divided": [
            {"model_cluster": len(curated.model.cluster_labels) - len(curated.model.parts) + place, **asdict(part)}
            for place, part in enumerate(curated.model.parts)
        ],
        "groups_without_model_cluster": [group.label for group, clusters in zip(curated.groups, clusters_of, strict=True) if not clusters],
        "images_moved": int(pins.by_user.sum()),
        "images_kept_from_an_earlier_run": int(pins.kept.sum()),
        "images_excluded": int(pins.excluded.sum()),
        "images_not_sure": int(pins.unsure.sum()),
    }


def cluster_names(assignments: Assignments, curation: Curation, run: str) -> dict[int, str]:
    """What people call the groups that a run's clusters belong to, by cluster; those without a name are left out."""
    grouping = group_clusters(assignments.cluster_labels, curation, run)
    names = [grouping.groups[place].name for place in grouping.of_cluster.tolist()]
    return {cluster: name for cluster, name in enumerate(names) if name}


def cluster_colours(assignments: Assignments, curation: Curation, run: str) -> list[str]:
    """(K) colours of a run's clusters as `#rrggbb`: those of the groups they belong to, else those of their numbers."""
    labels = assignments.cluster_labels
    grouping = group_clusters(labels, curation, run)
    places = zip(labels.tolist(), grouping.of_cluster.tolist(), strict=True)
    return [palette_colour(label) if label in grouping.unstored else colour_of(grouping.groups[place]) for label, place in places]


def _known_scores(assignments: Assignments, grouping: Grouping, before: Curated | None) -> Scores | None:
    if before is None or before.model is not assignments or len(before.scores.home) != len(assignments.image_ids):
        return None
    same = len(before.groups) == len(grouping.groups) and np.array_equal(before.grouping.of_cluster, grouping.of_cluster)
    return before.scores if same else None


def _with_pinned(ids: IntArray, scores: Scores, grouping: Grouping, pins: Pins) -> tuple[IntArray, Scores]:
    """Add images that people put somewhere and that the run does not know."""
    wanted = pins.images[(grouping.places(pins.group) >= 0) | pins.excluded]
    new = wanted[places_of(ids, wanted) < 0]
    if not len(new):
        return ids, scores
    nowhere, zeros = np.full(len(new), -1, np.int64), np.zeros(len(new), np.float32)
    probabilities = np.zeros((len(new), scores.probabilities.shape[1]), np.float32)
    return np.concatenate([ids, new]), Scores(
        probabilities=np.concatenate([scores.probabilities, probabilities]),
        home=np.concatenate([scores.home, nowhere]),
        second=np.concatenate([scores.second, nowhere]),
        own=np.concatenate([scores.own, zeros]),
        other=np.concatenate([scores.other, zeros]),
        votes=np.concatenate([scores.votes, np.full((len(new), scores.votes.shape[1]), -1, np.int64)]),
        agreement=np.concatenate([scores.agreement, zeros]),
    )


def places_of(ids: IntArray, wanted: IntArray) -> IntArray:
    """Where ids are; -1 for those that are not there. Runs keep their images by ascending id; others are found too."""
    if not len(ids):
        return np.full(len(wanted), -1, np.int64)
    order = None if (ids[1:] > ids[:-1]).all() else np.argsort(ids, kind="stable")
    found = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    found = found if order is None else order[found]
    return np.where(ids[found] == wanted, found, -1)
