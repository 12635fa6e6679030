"""Classes, labels and truth on a real project: what each edit does, that it can be undone, and that training again loses nothing."""

import sqlite3

import numpy as np
import pytest

from iic_studio.curation import Curator, edits, label_edits, load_curation, told
from iic_studio.curation.classes import classify, heads_of
from iic_studio.curation.labels import FROM_FILE, FROM_QUEUE, GROUPS, NOT_SURE, SKIPPED, UNLABELLED, ClassFacts
from iic_studio.errors import UsageError
from iic_studio.project import schema
from iic_studio.project.store import Project
from tests.curation.conftest import add_run, said


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def same(one: ClassFacts, other: ClassFacts) -> bool:
    """Whether two states say the same."""
    arrays = [(facts.labels.images, facts.labels.classes, facts.labels.origins, facts.labels.weights) for facts in (one, other)]
    plain = [(facts.classes, facts.by_hand, facts.settings) for facts in (one, other)]
    truth = [
        {image: facts.truth.names[code] for image, code in zip(facts.truth.images, facts.truth.codes, strict=True)}
        for facts in (one, other)
    ]
    return (
        all(np.array_equal(first, second) for first, second in zip(*arrays, strict=True)) and plain[0] == plain[1] and truth[0] == truth[1]
    )


def known(curator: Curator) -> ClassFacts:
    return curator.curated.curation.known


def test_classes_get_keys_and_are_named_once(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat", "dog", " cat "]))
    assert [(one.uid, one.name, one.key) for one in known(curator).classes.values()] == [(0, "cat", "1"), (1, "dog", "2")]
    curator.apply(label_edits.change_class(curator.curated, 1, name="wolf", key="1"))
    assert [(one.name, one.key) for one in known(curator).classes.values()] == [("cat", ""), ("wolf", "1")]
    curator.apply(label_edits.define_classes(curator.curated, ["7", "owl"]))
    assert [one.key for one in known(curator).classes.values()][2:] == ["7", "2"]
    with pytest.raises(UsageError, match="There is a class cat already"):
        label_edits.change_class(curator.curated, 1, name="cat")
    with pytest.raises(UsageError, match="needs a name"):
        label_edits.define_classes(curator.curated, ["  "])


def test_labels_are_said_counted_and_taken_back(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat", "dog"]))
    assert curator.apply(label_edits.label(curator.curated, ids(3, 1, 3), 0)) == "Label 2 pictures as cat"
    curator.apply(label_edits.label(curator.curated, ids(2), 1, from_queue=True, weight=0.5))
    curator.apply(label_edits.label(curator.curated, ids(4), NOT_SURE))
    curator.apply(label_edits.label(curator.curated, ids(5), SKIPPED))
    assert known(curator).counts() == {0: 2, 1: 1, NOT_SURE: 1, SKIPPED: 1}
    assert known(curator).labels.classes_of(ids(5, 3, 60, 2)).tolist() == [SKIPPED, 0, UNLABELLED, 1]
    assert known(curator).labels.origins[1] == FROM_QUEUE
    assert known(curator).labels.weights.tolist() == [0.0, 0.5, 0.0, 0.0, 0.0]
    assert known(curator).labels.named.images.tolist() == [1, 2, 3]
    curator.apply(label_edits.unlabel(curator.curated, ids(1, 2, 9)))
    assert known(curator).labels.images.tolist() == [3, 4, 5]
    assert told("Unlabel 2 pictures") == "Unlabelled 2 pictures"


def test_a_whole_cluster_is_labelled_in_one_edit(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat"]))
    inside = curator.curated.images_in(2)
    curator.apply(label_edits.label(curator.curated, inside, 0))
    assert np.array_equal(known(curator).labels.images, np.sort(inside))
    assert curator.undo() == f"Label {len(inside)} pictures as cat"
    assert len(known(curator).labels) == 0


def test_every_edit_is_undone_and_done_again(project: Project) -> None:
    """What the store holds is at each moment what is in memory."""
    curator = Curator.of(project)
    steps = (
        lambda now: label_edits.define_classes(now, ["cat", "dog"], fixed=True),
        lambda now: label_edits.label(now, ids(7, 8, 9), 1),
        lambda now: label_edits.read_labels(now, ids(8, 10), ["cat", "bird"]),
        lambda now: label_edits.read_truth(now, ids(1, 2, 3), ["x", "y", "x"]),
        lambda now: label_edits.read_truth(now, ids(3, 4), ["y", "z"]),
        lambda now: label_edits.correct_map(now, 3, 0),
        lambda now: label_edits.correct_overcluster(now, 17, 1),
        lambda now: label_edits.change_class(now, 0, colour="#123456"),
        lambda now: label_edits.choose_map(now, "bayes", "even"),
        lambda now: label_edits.drop_class(now, 1),
        lambda now: label_edits.drop_truth(now),
    )
    states = [known(curator)]
    for make in steps:
        assert curator.apply(make(curator.curated))
        states.append(known(curator))
        assert same(load_curation(project).known, states[-1])
    for state in reversed(states[:-1]):
        assert curator.undo()
        assert same(known(curator), state) and same(load_curation(project).known, state)
    for state in states[1:]:
        assert curator.redo()
        assert same(known(curator), state) and same(load_curation(project).known, state)


def test_labels_outlive_training_and_do_not_hold_a_run(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat"]))
    curator.apply(label_edits.label(curator.curated, ids(7, 8), 0))
    newer = add_run(project, said(np.arange(1, 61), 4, seed=5))
    again = Curator.of(project)
    assert again.curated.run == newer, "labels are no edits of groups, so the newest run is in force"
    assert known(again).labels.images.tolist() == [7, 8]


def test_a_map_by_hand_is_an_edit_of_groups(project: Project) -> None:
    """It speaks of a group, so it holds the groups of the moment."""
    curator = Curator.of(project)
    run = curator.curated.run
    curator.apply(label_edits.define_classes(curator.curated, ["cat"]))
    curator.apply(label_edits.correct_map(curator.curated, 2, 0))
    add_run(project, said(np.arange(1, 61), 4, seed=5))
    again = Curator.of(project)
    assert again.curated.run == run
    assert known(again).by_hand == {(GROUPS, again.curated.groups[2].uid): 0}


def test_labels_from_a_file_make_their_classes_and_count_as_a_sample(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["dog"]))
    curator.apply(label_edits.read_labels(curator.curated, ids(5, 2), ["cat", "dog"]))
    assert [one.name for one in known(curator).classes.values()] == ["dog", "cat"]
    assert known(curator).labels.classes.tolist() == [0, 1]
    assert known(curator).labels.origins.tolist() == [FROM_FILE] * 2
    assert known(curator).labels.weights.tolist() == [1.0, 1.0]


def test_editing_groups_and_labels_share_one_log(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat"]))
    curator.apply(edits.rename(curator.curated, 1, "cats"))
    curator.apply(label_edits.label(curator.curated, ids(1), 0))
    assert [entry.sentence for entry in project.edits.entries()] == ["Define cat", "Name Cluster 1 “cats”", "Label 1 picture as cat"]
    curator.undo()
    curator.undo()
    assert curator.curated.names == {} and [one.name for one in known(curator).classes.values()] == ["cat"]


def test_an_older_project_gets_the_tables(project: Project) -> None:
    path = project.path
    project.close()
    connection = sqlite3.connect(path / "project.sqlite")
    before = 3
    for table in ("classes", "labels", "truth", "class_map", "label_settings", "cluster_parts"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute(f"PRAGMA user_version = {before}")
    connection.commit()
    connection.close()
    with Project.open(path) as opened:
        assert load_curation(opened).known.is_empty
        with opened.reading() as reading:
            assert schema.version_of(reading) == schema.VERSION


def test_dropping_a_class_takes_its_labels(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.read_labels(curator.curated, ids(1, 2, 3), ["cat", "dog", "cat"]))
    assert curator.apply(label_edits.drop_class(curator.curated, 0)) == "Drop cat and 2 labels"
    assert known(curator).labels.images.tolist() == [2]


def test_no_image_is_found_for_a_class_that_nobody_has_shown(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat", "dog", "owl"]))
    for group, uid in ((0, 1), (1, 2)):
        curator.apply(label_edits.label(curator.curated, curator.curated.images_in(group)[:1], uid))
    for method in ("bayes", "many-to-one", "one-to-one"):
        curator.apply(label_edits.choose_map(curator.curated, method))
        made = classify(curator.curated, heads_of(curator.curated, None))
        assert made is not None
        assert set(made.found.tolist()) <= {-1, 1, 2}
        assert {1, 2} <= set(made.found.tolist())


def test_what_nobody_mapped_by_hand_has_no_class_while_there_are_no_labels(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["cat", "dog"]))
    curator.apply(label_edits.correct_map(curator.curated, 2, 1))
    made = classify(curator.curated, heads_of(curator.curated, None))
    assert made is not None
    assert np.array_equal(made.found, np.where(curator.curated.group == 2, 1, -1))
    assert np.array_equal(made.probability > 0, curator.curated.group == 2)
