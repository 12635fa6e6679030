"""What the store holds of corrections, and how projects from before came to have them."""

from pathlib import Path

import numpy as np
import pytest

from iic_studio.curation import Curator, Group, Pins, curate, edits, load_curated, load_curation
from iic_studio.curation.state import NO_PIN
from iic_studio.project import schema
from iic_studio.project.store import Project
from tests.curation.conftest import add_run, said


def old_project(path: Path, monkeypatch: pytest.MonkeyPatch, names: dict[int, dict[int, str]], runs: int = 2) -> list[str]:
    """A project of the first version with so many runs of four clusters; names by number of the run."""
    (path / "pictures").mkdir()
    with monkeypatch.context() as older:
        older.setattr(schema, "_MIGRATIONS", schema._MIGRATIONS[:1])
        older.setattr(schema, "VERSION", 1)
        with Project.create(path / "old.iicproj", path / "pictures") as project:
            project.add_images([(f"{number}.png", 1, 1) for number in range(20)])
            with project.writing() as connection:
                for number in range(runs):
                    row = (f"run {number}", float(number), "finished", '{"clusters": 4}', "cpu", "{}")
                    connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", row)
            for number in range(runs):
                project.run_dir(f"run {number}").mkdir()
                project.save_assignments(f"run {number}", said(np.arange(1, 21), 4, seed=number))
            with project.writing() as connection:
                for number, named in names.items():
                    rows = [(f"run {number}", cluster, name) for cluster, name in named.items()]
                    connection.executemany("INSERT INTO cluster_names VALUES (?, ?, ?)", rows)
    return [f"run {number}" for number in range(runs)]


def test_names_of_clusters_become_names_of_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_project(tmp_path, monkeypatch, {1: {0: "suns", 2: "moons"}})
    with Project.open(tmp_path / "old.iicproj") as project:
        curated = load_curated(project)
        assert curated.run == "run 1"
        assert [group.name for group in curated.groups] == ["suns", "", "moons", ""]
        assert np.array_equal(curated.group, curated.model.assignment)
        assert project.edits.undo() is None
        curator = Curator.of(project)
        curator.apply(edits.merge(curator.curated, [0, 1]))
        assert [group.label for group in curator.curated.groups] == ["suns", "moons", "Cluster 3"]


def test_names_of_an_older_run_are_in_force_until_the_newer_run_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = old_project(tmp_path, monkeypatch, {0: {3: "suns"}})
    with Project.open(tmp_path / "old.iicproj") as project:
        assert load_curated(project).run == first
        assert load_curated(project).names == {3: "suns"}


def test_names_of_several_runs_are_all_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, _ = old_project(tmp_path, monkeypatch, {0: {1: "suns", 3: "stars"}, 1: {0: "moons"}}, runs=3)
    with Project.open(tmp_path / "old.iicproj") as project:
        curation = load_curation(project)
        assert {group.name for group in curation.groups.values()} == {"suns", "stars", "moons", ""}
        shown = load_curated(project)
        assert (shown.run, shown.names) == (second, {0: "moons"})
        earlier = project.load_assignments(first)
        assert earlier is not None
        names = [group.name for group in curate(earlier, curation, first).groups]
        assert sorted(name for name in names if name) == ["stars", "suns"]


def test_projects_without_names_are_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, newest = old_project(tmp_path, monkeypatch, {})
    with Project.open(tmp_path / "old.iicproj") as project:
        assert load_curation(project).is_empty
        assert load_curated(project).run == newest


def test_pins_are_found_replaced_and_dropped() -> None:
    pins = Pins().having(np.array([7, 3]), np.array([[1, 0, 0, 0], [2, 1, 0, 0]]))
    assert pins.images.tolist() == [3, 7]
    assert pins.of(np.array([7, 4, 3])).tolist() == [[1, 0, 0, 0], list(NO_PIN), [2, 1, 0, 0]]
    pins = pins.having(np.array([3, 5]), np.array([NO_PIN, (4, 0, 1, 1)]))
    assert pins.images.tolist() == [5, 7]
    assert pins.kept.tolist() == [True, False]
    assert pins.by_user.tolist() == [False, True]
    assert len(Pins().of(np.zeros(0, np.int64))) == 0


def test_when_the_run_in_force_is_gone_the_newest_is_shown_and_names_stay_known(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(edits.rename(curator.curated, 1, "suns"))
    curator.apply(edits.move(curator.curated, np.array([4]), 1))
    newest = add_run(project, said(np.arange(1, 61), 3, seed=4))
    gone = load_curation(project).accepted_run
    with project.writing() as connection:
        connection.execute("DELETE FROM runs WHERE id = ?", (gone,))
    curated = load_curated(project)
    assert curated.run == newest
    assert curated.groups[0] == Group(1, "suns")
    assert curated.images_in(0).tolist() == [4]
    assert len(curated.groups) == 4
    curator = Curator.of(project)
    curator.apply(edits.exclude(curator.curated, np.array([1])))
    assert load_curation(project).accepted_run == newest
