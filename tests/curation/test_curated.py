"""Groups against a plain loop over images; what merging, moving and excluding mean."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.curation.curated import Curated, curate
from iic_studio.curation.state import KEPT, NOWHERE, USER, Curation, Group, Pins
from iic_studio.records import Assignments
from tests.curation.conftest import said

CLUSTERS, IMAGES = 4, 30


@st.composite
def curations(draw: st.DrawFn) -> Curation:
    """Any mapping of four clusters to groups 0…6, and any pins, of images that the run does not know too."""
    uids = draw(st.lists(st.integers(0, 6), min_size=CLUSTERS, max_size=CLUSTERS))
    pins = draw(
        st.dictionaries(
            st.integers(1, IMAGES + 3),
            st.tuples(st.sampled_from([NOWHERE, 0, 2, 6]), st.integers(0, 1), st.integers(0, 1), st.sampled_from([USER, KEPT])),
            max_size=20,
        )
    )
    images = np.array(sorted(pins), np.int64)
    facts = np.array([pins[one] for one in sorted(pins)], np.int64).reshape(-1, 4)
    return Curation(1, "run", groups={uid: Group(uid) for uid in range(7)}, maps={"run": dict(enumerate(uids))}, pins=Pins(images, facts))


def naive(run: Assignments, curation: Curation) -> dict[int, tuple[object, ...]]:
    """Image -> (uid or None, excluded, unsure, by user, confidence, margin), one image after the other."""
    of_cluster = curation.maps["run"]
    pins = {int(image): tuple(int(one) for one in facts) for image, facts in zip(curation.pins.images, curation.pins.facts, strict=True)}
    shown = set(of_cluster.values()) | {pin[0] for pin in pins.values() if pin[0] != NOWHERE}
    found = {}
    for row, image in enumerate(run.image_ids.tolist()):
        share = dict.fromkeys(shown, 0.0)
        for cluster, uid in of_cluster.items():
            share[uid] += float(run.probabilities[row, cluster])
        home = of_cluster[int(run.assignment[row])]
        pinned, excluded, unsure, origin = pins.get(image, (NOWHERE, 0, 0, USER))
        group = home if pinned == NOWHERE else pinned
        judged = group if group in of_cluster.values() else home
        rivals = [value for uid, value in share.items() if uid != judged]
        margin = max(0.0, share[judged] - max(rivals)) if rivals else share[judged]
        by_user = pinned != NOWHERE and origin == USER
        found[image] = (None if excluded else group, bool(excluded), bool(unsure), by_user, share[judged], margin)
    return found


@settings(max_examples=150, deadline=None)
@given(curations(), st.integers(0, 5))
def test_groups_are_those_of_a_loop_over_images(curation: Curation, seed: int) -> None:
    run = said(np.arange(1, IMAGES + 1), CLUSTERS, seed)
    curated = curate(run, curation)
    assert curated.image_ids[:IMAGES].tolist() == run.image_ids.tolist()
    for row, (image, expected) in enumerate(naive(run, curation).items()):
        uid = curated.groups[curated.group[row]].uid if curated.group[row] >= 0 else None
        mine = (uid, bool(curated.excluded[row]), bool(curated.unsure[row]), bool(curated.by_user[row]))
        assert mine == expected[:4], image
        assert (curated.confidence[row], curated.margin[row]) == pytest.approx(expected[4:], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(curations(), curations())
def test_what_is_taken_over_from_before_changes_nothing(first: Curation, second: Curation) -> None:
    run = said(np.arange(1, IMAGES + 1), CLUSTERS)
    again, fresh = curate(run, second, before=curate(run, first)), curate(run, second)
    for name in ("image_ids", "group", "home", "second", "confidence", "margin", "agreement", "probabilities", "votes", "by_user"):
        assert np.array_equal(getattr(again, name), getattr(fresh, name)), name
    assert again.groups == fresh.groups


def test_an_untouched_run_is_shown_as_it_is() -> None:
    run = said(np.arange(1, IMAGES + 1), CLUSTERS)
    curated = curate(run, Curation(), "run")
    assert [group.label for group in curated.groups] == ["Cluster 0", "Cluster 1", "Cluster 2", "Cluster 3"]
    assert curated.names == {}
    assert np.array_equal(curated.group, run.assignment)
    assert np.array_equal(curated.confidence, run.confidence)
    assert np.allclose(curated.margin, run.margin)
    assert curated.probabilities is run.probabilities
    assert not (curated.by_user.any() or curated.excluded.any() or curated.unsure.any())


def test_merged_groups_hold_the_images_of_their_clusters_and_no_others() -> None:
    run = said(np.arange(1, 2001), CLUSTERS)
    curation = Curation(1, "run", groups={uid: Group(uid) for uid in (0, 1, 3)}, maps={"run": {0: 0, 1: 1, 2: 1, 3: 3}})
    curated = curate(run, curation)
    assert curated.sizes.tolist() == [(run.assignment == 0).sum(), np.isin(run.assignment, (1, 2)).sum(), (run.assignment == 3).sum()]
    assert curated.names == {2: "Cluster 3"}
    assert np.allclose(curated.probabilities[:, 1], run.probabilities[:, 1] + run.probabilities[:, 2])
    inside = curated.group == 1
    assert (curated.agreement[inside] >= run.agreement[inside]).all()
    assert (curated.confidence >= run.confidence - 1e-6).all()


def test_a_pinned_image_that_the_run_does_not_know_is_in_its_group() -> None:
    run = said(np.arange(1, 6), CLUSTERS)
    curation = Curation(1, "run", groups={0: Group(0)}, maps={"run": {0: 0}}, pins=Pins(np.array([9]), np.array([[0, 0, 0, USER]])))
    curated = curate(run, curation)
    assert curated.image_ids.tolist() == [1, 2, 3, 4, 5, 9]
    assert curated.group[-1] == curated.grouping.index_of[0]
    assert curated.by_user[-1]
    assert curated.home[-1] == -1
    assert curated.probabilities[-1].tolist() == [0, 0, 0, 0]


def test_labels_say_which_cluster_is_meant_whichever_sub_head_speaks() -> None:
    run = said(np.arange(1, IMAGES + 1), CLUSTERS)
    curation = Curation(1, "run", groups={uid: Group(uid, f"name {uid}") for uid in range(4)}, maps={"run": {one: one for one in range(4)}})
    renamed = np.array([2, 0, 3, 1])  # cluster k of one sub-head is cluster renamed[k] of the other
    labels = np.argsort(renamed)
    other = replace(
        run, assignment=renamed[run.assignment], probabilities=run.probabilities[:, labels], votes=renamed[run.votes], labels=labels
    )
    one, two = curate(run, curation), curate(other, curation)
    assert np.array_equal(one.group, two.group)
    assert np.array_equal(one.votes, two.votes)
    assert np.allclose(one.probabilities, two.probabilities)


def test_nothing_at_all() -> None:
    nobody = np.zeros(0, np.int64)
    nothing = Assignments(nobody, np.zeros((0, 0), np.float32), nobody, np.zeros((0, 0), np.int64), np.zeros(0, np.float32), 0)
    assert curate(nothing, Curation(), "").groups == ()
    one_image = Pins(np.array([3]), np.array([[NOWHERE, 1, 0, USER]]))
    curated: Curated = curate(nothing, Curation(1, pins=one_image), "")
    assert (curated.image_ids.tolist(), curated.excluded.tolist(), curated.group.tolist()) == ([3], [True], [-1])


def test_ids_in_any_order() -> None:
    run = said(np.array([5, 2, 9, 1]), CLUSTERS)
    pins = Pins(np.array([2, 9]), np.array([[NOWHERE, 1, 0, USER], [NOWHERE, 0, 1, USER]]))
    curated = curate(run, Curation(1, "run", pins=pins))
    assert curated.excluded.tolist() == [False, True, False, False]
    assert curated.unsure.tolist() == [False, False, True, False]
