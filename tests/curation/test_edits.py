"""Edits on a real project: what each does, and that undoing, redoing, closing and killing never leave anything but a state that was."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iic_studio.curation import Curated, Curator, load_curated, load_curation, propose, told
from iic_studio.curation import edits as make
from iic_studio.curation.label_edits import define_classes
from iic_studio.errors import ProjectError, UsageError
from iic_studio.project.command_log import Edit, all_rows
from iic_studio.project.store import Project
from tests.curation.conftest import add_run, make_project, said

State = list[tuple[str, list[tuple[object, ...]]]]


def rows_of(project: Project) -> State:
    """Everything edits can change, as it lies in the store."""
    with project.reading() as connection:
        return list(all_rows(connection))


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


# One of each kind; `pick` gives a number below another one.
Pick = Callable[[int], int]


def some_images(curated: Curated, pick: Pick) -> np.ndarray:
    first = pick(len(curated.image_ids))
    return curated.image_ids[first : first + 1 + pick(20)]


def some_groups(curated: Curated, pick: Pick) -> list[int]:
    number = len(curated.groups)
    return [pick(number), pick(number), pick(number)]


def some_split(curated: Curated, pick: Pick) -> Edit:
    group = pick(len(curated.groups))
    images = curated.images_in(group)
    return make.split(curated, group, images, np.arange(len(images)) % (2 + pick(3)))


def some_proposal(curated: Curated, pick: Pick, *, whole: bool) -> Edit:
    project = PROJECTS[-1]
    run = project.runs()[pick(len(project.runs()))]
    assignments = project.load_assignments(run.id)
    assert assignments is not None
    proposal = propose(run, assignments, curated)
    uids = [group.uid for group in proposal.then.groups]
    return proposal.accept(None if whole else uids[: pick(len(uids))])


def some_refusal(curated: Curated, pick: Pick) -> Edit:
    project = PROJECTS[-1]
    run = project.runs()[-1]
    assignments = project.load_assignments(run.id)
    assert assignments is not None
    return propose(run, assignments, curated).refuse()


PROJECTS: list[Project] = []
KINDS: dict[str, Callable[[Curated, Pick], Edit]] = {
    "rename": lambda now, pick: make.rename(now, pick(len(now.groups)), ("", "tulips", "roses", "žluťoučký")[pick(4)]),
    "recolour": lambda now, pick: make.recolour(now, pick(len(now.groups)), ("", "#ff0000")[pick(2)]),
    "annotate": lambda now, pick: make.annotate(now, pick(len(now.groups)), ("", "two\nlines")[pick(2)]),
    "merge": lambda now, pick: make.merge(now, some_groups(now, pick)),
    "move": lambda now, pick: make.move(now, some_images(now, pick), pick(len(now.groups))),
    "move to new": lambda now, pick: make.move_to_new(now, some_images(now, pick), ("", "new")[pick(2)]),
    "move to known": lambda now, pick: make.move_to_known(
        now, some_images(now, pick), list(now.curation.groups)[pick(len(now.curation.groups))]
    ),
    "release": lambda now, pick: make.release(now, some_images(now, pick)),
    "exclude": lambda now, pick: make.exclude(now, some_images(now, pick)),
    "restore": lambda now, pick: make.restore(now, some_images(now, pick)),
    "unsure": lambda now, pick: make.mark_unsure(now, some_images(now, pick)),
    "sure": lambda now, pick: make.mark_unsure(now, some_images(now, pick), unsure=False),
    "accept images": lambda now, pick: make.accept(now, some_images(now, pick), pick(len(now.groups)), some_images(now, pick)),
    "split": some_split,
    "accept run": lambda now, pick: some_proposal(now, pick, whole=True),
    "accept run in part": lambda now, pick: some_proposal(now, pick, whole=False),
    "refuse run": some_refusal,
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*KINDS, "undo", "undo", "redo", "redo", "open again"]), st.lists(st.integers(0, 10**6), min_size=6, max_size=6)
    ),
    max_size=16,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(STEPS)
def test_any_sequence_of_edits_undos_and_redos_returns_to_the_states_it_came_from(steps: list[tuple[str, list[int]]]) -> None:
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as opened:
        project = opened.enter_context(make_project(Path(place), images=40, clusters=4))
        add_run(project, said(np.arange(3, 43), 5, seed=7))
        PROJECTS[:] = [project]
        curator = Curator.of(project)
        states, at = [rows_of(project)], 0
        for kind, numbers in steps:
            following = itertools.cycle(numbers)
            if kind == "undo":
                assert bool(curator.undo()) == (at > 0)
                at = max(at - 1, 0)
            elif kind == "redo":
                assert bool(curator.redo()) == (at < len(states) - 1)
                at = min(at + 1, len(states) - 1)
            elif kind == "open again":
                path = project.path
                project.close()
                project = opened.enter_context(Project.open(path))
                PROJECTS[:] = [project]
                curator = Curator.of(project)
            else:
                with contextlib.suppress(UsageError, ZeroDivisionError):  # one group cannot be merged; no group is known by name yet
                    if curator.apply(KINDS[kind](curator.curated, lambda below, one=following: next(one) % below)):  # type: ignore[misc]
                        at += 1
                        states[at:] = [rows_of(project)]
            assert rows_of(project) == states[at], kind
            agree(curator.curated, load_curated(project))
        while at:
            assert curator.undo()
            at -= 1
            assert rows_of(project) == states[at]
        while at < len(states) - 1:
            assert curator.redo()
            at += 1
            assert rows_of(project) == states[at]


def agree(one: Curated, other: Curated) -> None:
    """What follows edits in memory is what the store holds."""
    first, second = one.curation, other.curation
    for name in ("version", "accepted_run", "refused", "groups", "maps", "undo", "redo"):
        assert getattr(first, name) == getattr(second, name), name
    assert np.array_equal(first.pins.images, second.pins.images)
    assert np.array_equal(first.pins.facts, second.pins.facts)
    assert one.groups == other.groups
    assert np.array_equal(one.group, other.group)
    assert np.allclose(one.confidence, other.confidence)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "refuse run"])
def test_the_first_edit_writes_down_what_the_groups_stand_on(project: Project, kind: str) -> None:
    PROJECTS[:] = [project]
    curator = Curator.of(project)
    before = curator.curated
    if kind == "move to known":
        return  # nothing is known yet
    numbers = iter([2, 9, 1, 3, 0, 1, 2, 3, 4])
    edit = KINDS[kind](before, lambda below: next(numbers) % below)
    if not edit.changes:
        return
    curator.apply(edit)
    assert load_curation(project).accepted_run == project.runs()[0].id
    assert not load_curation(project).is_empty
    curator.undo()
    assert load_curation(project).is_empty
    assert np.array_equal(curator.curated.group, before.group)


# What each does


def test_moving_says_so_and_holds(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.rename(curator.curated, 2, "  tulips \x07"))
    assert curator.curated.groups[2].name == "tulips"
    edit = make.move(curator.curated, ids(1, 2, 3), 2)
    assert edit.sentence == "Move 3 pictures to tulips"
    assert told(edit.sentence) == "Moved 3 pictures to tulips"
    curator.apply(edit)
    assert curator.curated.group[:3].tolist() == [2, 2, 2]
    assert curator.curated.by_user.sum() == 3
    assert [entry.sentence for entry in project.edits.entries()] == ["Name Cluster 2 “tulips”", "Move 3 pictures to tulips"]


def test_an_edit_that_changes_nothing_is_none(project: Project) -> None:
    curator = Curator.of(project)
    assert curator.apply(make.rename(curator.curated, 0, "")) == ""
    assert curator.apply(make.restore(curator.curated, ids(1, 2))) == ""
    assert load_curation(project).is_empty
    assert project.edits.entries() == []


def test_a_new_edit_drops_what_could_be_redone(project: Project) -> None:
    curator = Curator.of(project)
    for name in ("a", "b", "c"):
        curator.apply(make.rename(curator.curated, 0, name))
    curator.undo()
    curator.undo()
    assert (curator.curated.curation.undo, curator.curated.curation.redo) == ("Name Cluster 0 “a”", "Name a “b”")
    curator.apply(make.exclude(curator.curated, ids(1)))
    assert curator.redo() == ""
    assert [entry.sentence for entry in project.edits.entries()] == ["Name Cluster 0 “a”", "Exclude 1 picture"]


def test_merging_keeps_the_name_the_notes_and_the_pins(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.rename(curator.curated, 3, "tulips"))
    curator.apply(make.annotate(curator.curated, 1, "yellow ones"))
    curator.apply(make.move(curator.curated, ids(1, 2), 1))
    before = curator.curated
    count = int(before.sizes[[1, 3, 4]].sum())
    curator.apply(make.merge(before, [1, 3, 4]))
    now = curator.curated
    assert [group.label for group in now.groups] == ["Cluster 0", "Cluster 2", "tulips"]
    assert now.groups[2].note == "yellow ones"
    assert now.sizes[2] == count
    assert now.group[:2].tolist() == [2, 2]
    assert project.edits.entries()[-1].sentence == "Merge Cluster 1 and Cluster 4 into tulips"
    with pytest.raises(UsageError, match="One cluster cannot be merged"):
        make.merge(now, [1, 1])


def test_splitting_makes_groups_of_their_own(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.rename(curator.curated, 1, "tulips"))
    images = curator.curated.images_in(1)
    curator.apply(make.split(curator.curated, 1, images, np.arange(len(images)) % 3))
    now = curator.curated
    assert [group.name for group in now.groups] == ["", "tulips", "", "", "", "tulips 2", "tulips 3"]
    assert [now.sizes[place] for place in (1, 5, 6)] == [len(images[start::3]) for start in range(3)]
    # What the model knows nothing of is judged by where it came from.
    assert (now.confidence[now.group == 5] > 0).all()


def test_excluded_images_are_in_no_group_until_restored_or_moved(project: Project) -> None:
    curator = Curator.of(project)
    home = curator.curated.group[:2].tolist()
    curator.apply(make.exclude(curator.curated, ids(1, 2)))
    assert curator.curated.group[:2].tolist() == [-1, -1]
    assert curator.curated.sizes.sum() == 58
    curator.apply(make.restore(curator.curated, ids(1)))
    assert curator.curated.group[0] == home[0]
    curator.apply(make.move(curator.curated, ids(2), 3))
    assert curator.curated.group[1] == 3


def test_bulk_review_pins_what_was_accepted_and_marks_the_rest(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.accept(curator.curated, ids(1, 2, 3), 4, doubtful=ids(3, 4, 5)))
    now = curator.curated
    assert now.group[:3].tolist() == [4, 4, 4]
    assert now.by_user[:5].tolist() == [True, True, True, False, False]
    assert now.unsure[:6].tolist() == [False, False, False, True, True, False]


def test_a_group_that_is_emptied_is_known_but_not_shown(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.move_to_new(curator.curated, ids(1, 2), "junk"))
    assert curator.curated.groups[-1].name == "junk"
    curator.apply(make.release(curator.curated, ids(1, 2)))
    assert "junk" not in curator.curated.names.values()
    curator.apply(make.move_to_known(curator.curated, ids(9), 5))
    assert curator.curated.groups[-1].name == "junk"


# Safety


def test_an_edit_of_another_state_is_refused(project: Project) -> None:
    first, second = Curator.of(project), Curator.of(project)
    first.apply(make.rename(first.curated, 0, "a"))
    with pytest.raises(ProjectError, match="changed meanwhile"):
        second.apply(make.rename(second.curated, 0, "b"))
    assert load_curation(project).groups[0].name == "a"


def test_reading_only_says_so(project: Project) -> None:
    path = project.path
    project.close()
    with Project.open(path, writable=False) as readable:
        curator = Curator.of(readable)
        for act in (lambda: curator.apply(make.rename(curator.curated, 0, "a")), curator.undo, curator.redo):
            with pytest.raises(ProjectError, match="open for reading only"):
                act()


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
def test_a_kill_loses_at_most_the_edit_under_way(project: Project) -> None:
    path, before = project.path, rows_of(project)
    project.close()
    code = """
import sys, numpy as np
from pathlib import Path
from iic_studio.curation import Curator, edits as make
from iic_studio.project.store import Project
with Project.open(Path(sys.argv[1])) as project:
    curator = Curator.of(project)
    for number in range(10_000):
        curator.apply(make.move_to_new(curator.curated, np.arange(1, 30), f"group {number}"))
        print(number, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = -1
    for line in process.stdout:
        last = int(line)
        if last == 25:
            process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with Project.open(path) as again:
        curator = Curator.of(again)
        entries = again.edits.entries()
        assert len(entries) - 1 in (last, last + 1)
        assert curator.curated.groups[-1].name == f"group {len(entries) - 1}"
        while curator.undo():
            pass
        assert rows_of(again) == before


def test_a_damaged_record_is_told_in_words(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(make.rename(curator.curated, 0, "a"))
    with project.writing() as connection:
        connection.execute("UPDATE edits SET changes = x'00'")
    with pytest.raises(ProjectError, match="damaged"):
        curator.undo()
    assert curator.curated.groups[0].name == "a"


def test_names_of_any_kind_are_kept(project: Project) -> None:
    curator = Curator.of(project)
    for name in ("=1+1", "<b>", "a\ud800b", "x" * make.MOST_NAME, "שלום", "👩‍🔬"):
        curator.apply(make.rename(curator.curated, 0, name))
        kept = load_curation(project).groups[0].name
        assert kept
        assert len(kept) <= make.MOST_NAME
    assert kept == "👩‍🔬"


def test_a_name_that_is_too_long_is_never_cut_in_silence(project: Project) -> None:
    curator = Curator.of(project)
    long, run = "x" * (make.MOST_NAME + 1), project.runs()[-1]
    for wrong in (
        lambda: make.rename(curator.curated, 0, long),
        lambda: make.move_to_new(curator.curated, np.array([1]), long),
        lambda: make.name_run(curator.curated, run, long),
        lambda: define_classes(curator.curated, ["short", long]),
    ):
        with pytest.raises(UsageError, match="has 81 characters, and at most 80 are kept"):
            wrong()
    curator.apply(make.rename(curator.curated, 0, long[1:]))
    curator.apply(make.split(curator.curated, 0, np.array([1]), np.array([1])))
    assert all(len(group.name) <= make.MOST_NAME for group in load_curation(project).groups.values()), "a name of the program's own is cut"
