"""A new run as a proposal: its clusters matched to the groups people know, what would change, and the edit that accepts or refuses it.

Clusters are matched to groups by the images they share, one to one by the Hungarian method; a group that people merged from three clusters
may take three again. A cluster that shares too little with every group becomes a new one. Pins hold in any case. Groups may refuse to
follow: their images then stay by pins of their own kind, which the next proposal may move again.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from iic_studio.cached import cached_property
from iic_studio.curation.curated import Curated, Mask, curate, places_of
from iic_studio.curation.curator import Curator
from iic_studio.curation.edits import count_images
from iic_studio.curation.rows import Puts, drop_groups, edit, next_uid, put_groups, put_pins
from iic_studio.curation.state import ACCEPTED_RUN, KEPT, NOWHERE, REFUSED, USER, Curation, Group, Pins
from iic_studio.errors import ProjectError, StudioError
from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.evaluation.pixel_parts import divide
from iic_studio.project.arrays import has_assignments
from iic_studio.project.command_log import Edit
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.project.task import IMAGES
from iic_studio.records import Assignments, IntArray

MIN_OVERLAP = 0.5
_FINISHED = "finished"


def match_clusters(counts: IntArray, slots: IntArray) -> IntArray:
    """The group that each cluster of a new run carries on.

    Args:
        counts: (K, G) images that each pair of a cluster and a group shares.
        slots: (G,) clusters that each group may take.

    Returns:
        (K,) place of the group; -1 for a cluster that shares too little with every group left for it. What they share must be half of the
        smaller one of the two, and half of what the cluster shares with any group: a group of five images does not give its name to three
        hundred of another one that they lie among.
    """
    if not counts.size:
        return np.full(len(counts), -1, np.int64)
    cluster_sizes, group_sizes = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    least = np.maximum(np.minimum(cluster_sizes, group_sizes), counts.max(axis=1, keepdims=True))
    enough = (counts >= MIN_OVERLAP * least) & (counts > 0)
    owner = np.repeat(np.arange(len(slots)), slots)
    shared = np.where(enough, counts, 0)[:, owner]
    match = hungarian_match(shared)
    found = (match >= 0) & (shared[np.arange(len(counts)), match] > 0)
    return np.where(found, owner[match], -1)


@dataclass(frozen=True, eq=False)
class GroupDiff:
    """What a proposal does to a group.

    Attributes:
        group: its number and name.
        is_new: a cluster that matched no group.
        before, after: images in it.
        joins_from, leaves_to: the other groups' labels with the number of images, the most first; an empty label stands for no group.
        conflicts: images that people put into it and that the new run would put elsewhere; they stay.
        joining, leaving: ids of the images that come and go, the surest first.
    """

    group: Group
    is_new: bool
    before: int
    after: int
    joins_from: tuple[tuple[str, int], ...]
    leaves_to: tuple[tuple[str, int], ...]
    conflicts: int
    joining: IntArray
    leaving: IntArray

    @property
    def joins(self) -> int:
        """Images that come."""
        return len(self.joining)

    @property
    def leaves(self) -> int:
        """Images that go."""
        return len(self.leaving)

    @property
    def stays(self) -> int:
        """Images that are in it before and after."""
        return self.before - len(self.leaving)


@dataclass(frozen=True, eq=False)
class Proposal:
    """A new run beside the groups in force.

    Attributes:
        run: the new one.
        assignments: what it says.
        now: the groups as they are.
        then: the groups if all of them follow the new run.
    """

    run: RunRow
    assignments: Assignments
    now: Curated
    then: Curated

    @property
    def is_new(self) -> bool:
        """Whether the run is newer than the one in use."""
        return self.run.id > self.now.run

    @property
    def words(self) -> str:
        """What the run is called beside the groups in force."""
        return "the new run" if self.is_new else f"the run {self.run.title}"

    @cached_property
    def images(self) -> IntArray:
        """(M,) ids of all images before or after, ascending."""
        return np.union1d(self.now.image_ids, self.then.image_ids)

    @cached_property
    def before(self) -> IntArray:
        """(M,) uid of each image's group now; `NOWHERE` for none."""
        return _uids_of(self.now, self.images)

    @cached_property
    def after(self) -> IntArray:
        """(M,) uid of each image's group then; `NOWHERE` for none."""
        return _uids_of(self.then, self.images)

    @cached_property
    def num_moving(self) -> int:
        """Images that would change their group."""
        return int(((self.before != self.after) & (self.before != NOWHERE)).sum())

    @cached_property
    def conflicts(self) -> IntArray:
        """Ids of images that people put into a group and that the new run would put into another one."""
        then = self.then
        found: IntArray = then.image_ids[then.by_user & (then.home >= 0) & (then.home != then.assignment) & ~then.excluded]
        return found

    @cached_property
    def diffs(self) -> tuple[GroupDiff, ...]:
        """What happens to each group: those in force first, then the new ones."""
        held = {group.uid for group in self.now.groups}
        groups = (*self.now.groups, *(group for group in self.then.groups if group.uid not in held))
        sureness = np.zeros(len(self.images), np.float32)
        sureness[places_of(self.images, self.then.image_ids)] = self.then.confidence
        moves = np.flatnonzero(self.before != self.after)
        moves = moves[np.argsort(-sureness[moves], kind="stable")]
        fought = _uids_of(self.then, self.conflicts)
        labels = {group.uid: group.label for group in groups} | {NOWHERE: ""}
        found = []
        for group in groups:
            comes, goes = moves[self.after[moves] == group.uid], moves[self.before[moves] == group.uid]
            found.append(
                GroupDiff(
                    group=group,
                    is_new=group.uid not in held,
                    before=int((self.before == group.uid).sum()),
                    after=int((self.after == group.uid).sum()),
                    joins_from=_tally(self.before[comes], labels),
                    leaves_to=_tally(self.after[goes], labels),
                    conflicts=int((fought == group.uid).sum()),
                    joining=self.images[comes],
                    leaving=self.images[goes],
                )
            )
        return tuple(found)

    def accept(self, uids: Collection[int] | None = None) -> Edit:
        """The edit that accepts the proposal for all groups, or for some.

        Args:
            uids: groups that follow the new run. The others keep exactly the images they have: one moves only if the group it leaves and
                the group it joins both follow. A new group that is not wanted becomes part of the group that most of its images come from.
        """
        every = [diff.group.uid for diff in self.diffs]
        following = every if uids is None else [uid for uid in every if uid in set(uids)]
        curation = self._without_unwanted(set(every) - set(following))
        then = curate(self.assignments, curation, self.run.id)
        follows = np.isin(self.before, following) & np.isin(self.after, following)
        held = (self.before != NOWHERE) & (self.before != self.after) & ~follows
        held |= (self.before != NOWHERE) & ~np.isin(self.images, self.assignments.image_ids)
        # The others need no pin: the new run puts them where they belong.
        held &= self.before != _uids_of(then, self.images)
        facts = curation.pins.of(self.images)
        held &= ~_by_user(facts)
        facts[held, 0], facts[held, 3] = self.before[held], KEPT
        # A newer run that had been in use is no proposal again.
        answered = [Puts("meta", [(f"{REFUSED}{self.now.run}",)], [("1",)])] if self.now.run > self.run.id else []
        some = "" if len(following) == len(every) else f" for {len(following)} of {len(every)} clusters"
        return edit(self.now, f"Accept {self.words}{some}", *answered, *self._standing(curation, facts), put_pins(self.images, facts))

    def refuse(self) -> Edit:
        """The edit that keeps the groups as they are, and asks about this run no more."""
        return edit(self.now, "Refuse the new run", Puts("meta", [(f"{REFUSED}{self.run.id}",)], [("1",)]))

    def _without_unwanted(self, unwanted: Collection[int]) -> Curation:
        """The state then, with the clusters of new groups that are not wanted given to the groups their images come from."""
        curation = self.then.curation
        mapped = dict(curation.maps[self.run.id])
        for diff in self.diffs:
            homes = [uid for uid in self.before[self.after == diff.group.uid].tolist() if uid != NOWHERE]
            if diff.is_new and diff.group.uid in unwanted and homes:
                taken = int(np.bincount(homes).argmax())
                mapped = {label: taken if uid == diff.group.uid else uid for label, uid in mapped.items()}
        return replace(curation, maps=dict(curation.maps) | {self.run.id: mapped})

    def _standing(self, curation: Curation, facts: IntArray) -> tuple[Puts, ...]:
        """Rows that make the groups stand on the new run. Groups that held nothing but clusters of the old one, and that nobody named,
        are dropped."""
        mapped = curation.maps[self.run.id]
        needed = {*mapped.values(), *facts[:, 0].tolist(), *curation.pins.group.tolist()}
        old = {group.uid: group for group in (*self.now.curation.groups.values(), *self.now.groups)}
        return (
            Puts("meta", [(ACCEPTED_RUN,)], [(self.run.id,)]),
            put_groups(*(curation.groups[uid] for uid in sorted(set(mapped.values()) - set(old)))),
            drop_groups(*(group for uid, group in old.items() if uid not in needed and group == Group(uid))),
            Puts("cluster_map", [(self.run.id, label) for label in mapped], [(uid,) for uid in mapped.values()]),
        )


def groups_the_same(run: RunRow, other: RunRow | None) -> bool:
    """Whether two runs group the same thing, whole pictures or pixels; a missing one is no obstacle."""
    return other is None or run.settings.get("task", IMAGES) == other.settings.get("task", IMAGES)


def propose(run: RunRow, assignments: Assignments, now: Curated, in_use: RunRow | None = None) -> Proposal:
    """Match a new run to the groups in force.

    Args:
        in_use: the run that these stand on. Where it groups pictures and the new one pixels, or the other way round, nothing is matched:
            a class of pixels is not called what a cluster of pictures was.
    """
    assignments = divide(assignments, now.curation.parts_of(run.id))
    labels, num_groups = assignments.cluster_labels, len(now.groups)
    _, at_now, at_new = np.intersect1d(now.image_ids, assignments.image_ids, return_indices=True)
    inside = now.group[at_now] >= 0
    counts = contingency(assignments.assignment[at_new[inside]], now.group[at_now[inside]], len(labels), num_groups)
    if not groups_the_same(run, in_use):
        counts = counts * 0
    match = match_clusters(counts, np.maximum(np.bincount(now.grouping.of_cluster, minlength=num_groups), 1))
    numbers = iter(range(next_uid(now), next_uid(now) + len(labels)))
    uids = [now.groups[place].uid if place >= 0 else next(numbers) for place in match.tolist()]
    groups = dict(now.curation.groups) | {group.uid: group for group in now.groups}
    groups |= {uid: Group(uid) for uid in uids if uid not in groups}
    then = replace(
        now.curation,
        accepted_run=run.id,
        groups=dict(sorted(groups.items())),
        maps=dict(now.curation.maps) | {run.id: dict(zip(labels.tolist(), uids, strict=True))},
        pins=_released(now.curation.pins),
    )
    return Proposal(run, assignments, now, curate(assignments, then, run.id))


def open_proposal(project: Project, curation: Curation) -> RunRow | None:
    """The newest finished run that waits for an answer: newer than the one in force, and not refused."""
    if not curation.accepted_run:
        return None
    waiting: list[RunRow] = []
    for run in project.runs(beside=True):
        if run.id == curation.accepted_run:
            waiting = []
        elif not run.beside and run.state == _FINISHED and run.id not in curation.refused:
            waiting.append(run)
    return waiting[-1] if waiting and has_assignments(project.run_dir(waiting[-1].id)) else None


def load_proposal(project: Project, run: RunRow, now: Curated) -> Proposal:
    """A run of a project as a proposal.

    Raises:
        ProjectError: what it said is damaged or missing.
    """
    assignments = project.load_assignments(run.id)
    if assignments is None:
        raise ProjectError(f"Run {run.id} has no clusters.", "Choose another run, or train again.")
    return propose_in(project, run, assignments, now)


def propose_in(project: Project, run: RunRow, assignments: Assignments, now: Curated) -> Proposal:
    """`propose` beside the run of the project that the groups in force stand on."""
    return propose(run, assignments, now, project.run(now.run) if now.run else None)


def accept_newest(project: Project, curator: Curator) -> str:
    """Accept the run that waits for an answer, for all groups; returns what was done.

    Raises:
        StudioError: none waits.
    """
    run = open_proposal(project, curator.curated.curation)
    if run is None:
        raise StudioError("No new run waits to be accepted.", "Train first with `iic-studio train PROJECT`.")
    proposal = load_proposal(project, run, curator.curated)
    curator.apply(proposal.accept())
    return f"Accepted run {run.id}: {count_images(proposal.num_moving)} changed their cluster."


def _released(pins: Pins) -> Pins:
    """Without those of groups that refused to follow earlier runs."""
    facts = pins.facts.copy()
    facts[pins.kept, 3], facts[pins.kept, 0] = USER, NOWHERE
    return Pins().having(pins.images, facts)


def _by_user(facts: IntArray) -> Mask:
    return np.asarray((facts[:, 0] != NOWHERE) & (facts[:, 3] == USER))


def _uids_of(curated: Curated, images: IntArray) -> IntArray:
    """(M,) uid of the group each image is in; `NOWHERE` for excluded ones and those in no group."""
    uids = np.array([*(group.uid for group in curated.groups), NOWHERE], np.int64)
    places = places_of(curated.image_ids, images)
    group = np.where(places >= 0, curated.group[places], -1) if len(curated.group) else np.full(len(images), -1)
    return uids[group]  # -1 is the last one


def _tally(uids: IntArray, labels: dict[int, str]) -> tuple[tuple[str, int], ...]:
    found, counts = np.unique(uids, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple((labels[int(found[one])], int(counts[one])) for one in order)
