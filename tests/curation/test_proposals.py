"""New runs as proposals: matching, what would change, acceptance as a whole and in part, refusal."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.curation import Curator, Proposal, edits, load_curation, load_proposal, open_proposal, propose
from iic_studio.curation.proposals import match_clusters
from iic_studio.project.store import Project
from iic_studio.records import Assignments
from tests.curation.conftest import add_run, said

IMAGES, CLUSTERS = 60, 5


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def clear(assignment: np.ndarray, clusters: int, images: np.ndarray | None = None) -> Assignments:
    """A run that is sure of everything."""
    images = np.arange(1, len(assignment) + 1) if images is None else images
    probabilities = np.full((len(assignment), clusters), 0.01, np.float32)
    probabilities[np.arange(len(assignment)), assignment] = 0.9
    return Assignments(images, probabilities, assignment, assignment[:, None], np.ones(len(assignment), np.float32), 0)


@pytest.fixture
def curator(project: Project) -> Curator:
    """Sixty images in five groups of twelve, in turn; the first two have names."""
    run = project.runs()[0].id
    project.save_assignments(run, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    made = Curator.of(project)
    made.apply(edits.rename(made.curated, 0, "tulips"))
    made.apply(edits.rename(made.curated, 1, "roses"))
    return made


def new_run(project: Project, curator: Curator, assignments: Assignments) -> Proposal:
    run = add_run(project, assignments)
    found = open_proposal(project, load_curation(project))
    assert found is not None
    assert found.id == run
    return propose(found, assignments, curator.curated)


def names(curator: Curator) -> list[str]:
    return [group.label for group in curator.curated.groups]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_matching_is_the_best_of_all_one_to_one_matches(clusters: int, groups: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 20, (clusters, groups))
    slots = rng.integers(1, 3, groups)
    match = match_clusters(counts, slots)
    assert (np.bincount(match[match >= 0], minlength=groups) <= slots).all()

    def enough(cluster: int, group: int) -> bool:
        smaller = min(counts[cluster].sum(), counts[:, group].sum())
        return bool(counts[cluster, group] >= max(1, 0.5 * smaller, 0.5 * counts[cluster].max()))

    assert all(enough(cluster, group) for cluster, group in enumerate(match.tolist()) if group >= 0)
    best = 0
    for choice in itertools.product(range(-1, groups), repeat=clusters):
        taken = np.bincount([group for group in choice if group >= 0], minlength=groups)
        if (taken <= slots).all() and all(enough(cluster, group) for cluster, group in enumerate(choice) if group >= 0):
            best = max(best, sum(int(counts[cluster, group]) for cluster, group in enumerate(choice) if group >= 0))
    assert sum(int(counts[cluster, group]) for cluster, group in enumerate(match.tolist()) if group >= 0) == best


def test_without_edits_a_new_run_takes_the_place_of_the_old_one(project: Project) -> None:
    run = add_run(project, said(np.arange(1, IMAGES + 1), 3, seed=5))
    assert open_proposal(project, load_curation(project)) is None
    curator = Curator.of(project)
    assert curator.curated.run == run
    assert names(curator) == ["Cluster 0", "Cluster 1", "Cluster 2"]


def test_names_follow_their_images_to_a_run_that_numbers_its_clusters_otherwise(project: Project, curator: Curator) -> None:
    renamed = np.array([3, 0, 4, 1, 2])
    proposal = new_run(project, curator, clear(renamed[np.arange(IMAGES) % CLUSTERS], CLUSTERS))
    assert proposal.num_moving == 0
    assert all(diff.stays == diff.before == diff.after == 12 for diff in proposal.diffs)
    before = curator.curated
    curator.apply(proposal.accept())
    assert names(curator) == ["tulips", "roses", "Cluster 2", "Cluster 3", "Cluster 4"]
    assert np.array_equal(curator.curated.group, before.group)
    assert curator.curated.run == proposal.run.id
    assert len(load_curation(project).pins) == 0
    assert open_proposal(project, load_curation(project)) is None


def test_clusters_that_match_nothing_become_new_groups_and_names_are_never_lost(project: Project, curator: Curator) -> None:
    spread = np.arange(IMAGES) // 20  # each new cluster takes four of every group of twelve
    proposal = new_run(project, curator, clear(spread, 3))
    assert [diff.is_new for diff in proposal.diffs] == [False] * 5 + [True] * 3
    assert proposal.num_moving == 60
    curator.apply(proposal.accept())
    assert names(curator) == ["Cluster 5", "Cluster 6", "Cluster 7"]
    known = load_curation(project).groups
    assert {known[uid].name for uid in known if known[uid].name} == {"tulips", "roses"}
    curator.apply(edits.move_to_known(curator.curated, ids(1), 0))
    assert names(curator) == ["tulips", "Cluster 5", "Cluster 6", "Cluster 7"]


def test_classes_of_pixels_are_not_called_what_clusters_of_pictures_were(project: Project, curator: Curator) -> None:
    pixels = project.add_run({"clusters": CLUSTERS, "task": "pixels"}, "cpu")
    project.save_assignments(pixels.id, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    project.update_run(pixels.id, state="finished")
    before = names(curator)
    proposal = load_proposal(project, project.run(pixels.id), curator.curated)
    assert all(diff.is_new for diff in proposal.diffs[CLUSTERS:])
    assert not {"tulips", "roses"} & {group.label for group in proposal.then.groups}
    curator.apply(proposal.accept())
    assert len(names(curator)) == CLUSTERS
    assert not {"tulips", "roses"} & set(names(curator))
    curator.undo()
    assert names(curator) == before


def test_a_merged_group_may_take_as_many_clusters_again(project: Project, curator: Curator) -> None:
    curator.apply(edits.merge(curator.curated, [0, 2, 3]))
    proposal = new_run(project, curator, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    assert proposal.num_moving == 0
    assert [group.label for group in proposal.then.groups] == ["tulips", "roses", "Cluster 4"]


def test_a_few_images_among_many_do_not_give_them_their_name(project: Project, curator: Curator) -> None:
    curator.apply(edits.move_to_new(curator.curated, ids(1, 6), "odd ones"))  # two tulips
    proposal = new_run(project, curator, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    assert [diff.group.label for diff in proposal.diffs if diff.joins or diff.leaves] == []
    halves = np.where(np.arange(IMAGES) % CLUSTERS == 0, np.arange(IMAGES) // CLUSTERS % 2 * 5, np.arange(IMAGES) % CLUSTERS)
    proposal = new_run(project, curator, clear(halves, 6))  # tulips come apart, the odd ones in one half
    assert [diff.group.label for diff in proposal.diffs if diff.is_new] == ["Cluster 6"]
    odd = next(diff for diff in proposal.diffs if diff.group.name == "odd ones")
    assert (odd.before, odd.after) == (2, 2)


def test_pins_hold_and_disagreement_is_shown(project: Project, curator: Curator) -> None:
    curator.apply(edits.move(curator.curated, ids(2, 3), 0))  # two that the model would not put there
    curator.apply(edits.exclude(curator.curated, ids(5)))
    proposal = new_run(project, curator, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    assert proposal.conflicts.tolist() == [2, 3]
    assert [diff.conflicts for diff in proposal.diffs] == [2, 0, 0, 0, 0]
    curator.apply(proposal.accept())
    now = curator.curated
    assert now.group[[1, 2]].tolist() == [0, 0]
    assert now.by_user[[1, 2]].all()
    assert now.group[4] == -1


def moving(images: list[int], to: int) -> np.ndarray:
    """The clusters as before, but some images go to another one."""
    assignment = np.arange(IMAGES) % CLUSTERS
    assignment[np.array(images) - 1] = to
    return assignment


def test_the_diff_says_who_comes_and_goes(project: Project, curator: Curator) -> None:
    proposal = new_run(project, curator, clear(moving([1, 6, 2], 3), CLUSTERS))  # two tulips and a rose
    tulips, roses, *_, third, _ = proposal.diffs
    assert (tulips.before, tulips.after, tulips.stays, tulips.joins, tulips.leaves) == (12, 10, 10, 0, 2)
    assert tulips.leaves_to == (("Cluster 3", 2),)
    assert sorted(tulips.leaving.tolist()) == [1, 6]
    assert (roses.stays, roses.leaves) == (11, 1)
    assert third.joins_from == (("tulips", 2), ("roses", 1))
    assert sorted(third.joining.tolist()) == [1, 2, 6]


def test_groups_that_do_not_follow_keep_exactly_their_images(project: Project, curator: Curator) -> None:
    proposal = new_run(project, curator, clear(moving([1, 6, 2], 3), CLUSTERS))
    curator.apply(proposal.accept([1, 2, 3, 4]))  # all but tulips
    now = curator.curated
    assert now.group[[0, 5, 1]].tolist() == [0, 0, 3]
    assert not now.by_user.any()
    assert load_curation(project).pins.kept.sum() == 2
    assert project.edits.entries()[-1].sentence == "Accept the new run for 4 of 5 clusters"
    # What was kept is no opinion of a person: the next run may move it.
    again = new_run(project, curator, clear(moving([1, 6, 2], 3), CLUSTERS))
    assert len(again.conflicts) == 0
    assert again.num_moving == 2
    curator.apply(again.accept())
    assert curator.curated.group[[0, 5, 1]].tolist() == [3, 3, 3]
    assert len(load_curation(project).pins) == 0


def test_a_new_group_that_is_not_wanted_stays_with_the_one_it_came_from(project: Project, curator: Curator) -> None:
    assignment = np.arange(IMAGES) % CLUSTERS
    assignment[[0, 5, 10]] = 5  # three tulips and, below, a rose make a cluster of their own
    assignment[1] = 5
    proposal = new_run(project, curator, clear(assignment, 6))
    new = proposal.diffs[-1]
    assert new.is_new
    curator.apply(proposal.accept([0, 1, 2, 3, 4]))
    now = curator.curated
    assert names(curator) == ["tulips", "roses", "Cluster 2", "Cluster 3", "Cluster 4"]
    assert now.group[[0, 5, 10, 1]].tolist() == [0, 0, 0, 1]
    assert load_curation(project).pins.kept.sum() == 1  # the rose; the tulips are in their cluster's group anyway


def test_images_the_new_run_does_not_know_stay_where_they_are(project: Project, curator: Curator) -> None:
    images = np.arange(4, IMAGES + 1)
    proposal = new_run(project, curator, clear((images - 1) % CLUSTERS, CLUSTERS, images))
    assert proposal.num_moving == 3  # to nowhere, if nobody held them
    before = dict(zip(curator.curated.image_ids.tolist(), curator.curated.group.tolist(), strict=True))
    curator.apply(proposal.accept())
    now = curator.curated
    assert dict(zip(now.image_ids.tolist(), now.group.tolist(), strict=True)) == before
    assert not now.by_user.any()


def test_refusing_keeps_everything_and_asks_no_more_until_undone(project: Project, curator: Curator) -> None:
    proposal = new_run(project, curator, clear(moving([1, 6, 2], 3), CLUSTERS))
    before = curator.curated
    curator.apply(proposal.refuse())
    assert open_proposal(project, load_curation(project)) is None
    assert np.array_equal(curator.curated.group, before.group)
    curator.undo()
    assert open_proposal(project, load_curation(project)) == proposal.run


def test_acceptance_can_be_undone_and_redone(project: Project, curator: Curator) -> None:
    before = curator.curated
    proposal = new_run(project, curator, said(np.arange(1, IMAGES + 1), 4, seed=9))
    curator.apply(proposal.accept([0]))
    then = curator.curated
    curator.undo()
    assert curator.curated.run == before.run
    assert np.array_equal(curator.curated.group, before.group)
    assert curator.curated.groups == before.groups
    curator.redo()
    assert np.array_equal(curator.curated.group, then.group)


def test_a_run_that_has_not_finished_or_is_older_is_no_proposal(project: Project, curator: Curator) -> None:
    run = project.add_run({"clusters": 5}, "cpu")
    project.save_assignments(run.id, said(np.arange(1, IMAGES + 1), 5))
    assert open_proposal(project, load_curation(project)) is None
    project.update_run(run.id, state="stopped")
    assert open_proposal(project, load_curation(project)) is None
    project.update_run(run.id, state="finished")
    first = open_proposal(project, load_curation(project))
    assert first is not None
    later = add_run(project, clear(np.arange(IMAGES) % CLUSTERS, CLUSTERS))
    assignments = project.load_assignments(later)
    assert assignments is not None
    curator.apply(propose(project.run(later), assignments, curator.curated).accept())
    assert open_proposal(project, load_curation(project)) is None  # the one between is older than what is in force


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.integers(0, 9)))
def test_whatever_is_ticked_groups_that_do_not_follow_neither_lose_nor_gain(seed: int, following: set[int]) -> None:
    from iic_studio.curation import Curation, curate

    now = curate(said(np.arange(1, 201), CLUSTERS, seed), Curation(), "old")
    assignments = said(np.arange(1, 201), CLUSTERS + 1, seed)
    rng = np.random.default_rng(seed)
    assignments = replace(assignments, assignment=np.where(rng.random(200) < 0.8, now.model.assignment, assignments.assignment))
    proposal = propose(project_run(), assignments, now)
    edit = proposal.accept(following)
    then = curate(assignments, now.curation.changed(edit.changes), "new")
    for group in now.groups:
        if group.uid not in following:
            place = then.grouping.index_of.get(group.uid)
            assert place is not None or not len(now.images_in(now.grouping.index_of[group.uid]))
            if place is not None:
                assert sorted(then.images_in(place)) == sorted(now.images_in(now.grouping.index_of[group.uid]))


def project_run() -> "object":
    from iic_studio.project.records import RunRow

    return RunRow("new", 1.0, "finished")
