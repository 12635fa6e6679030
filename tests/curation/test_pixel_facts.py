"""Labels of pixels as facts of a project: kept, undone, dropped with their class, and carried over from projects that had none."""

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from iic_studio.curation import Curator, label_edits, load_curated, pixel_edits
from iic_studio.curation.labels import BY_HAND, FROM_FILE, FROM_QUEUE
from iic_studio.errors import ProjectError
from iic_studio.project import schema
from iic_studio.project.store import Project
from tests.curation.conftest import add_run, said

PLACES = np.array([(3, 10, 20), (1, 5, 6), (3, 10, 19)])


@pytest.fixture
def curator(project: Project) -> Curator:
    made = Curator.of(project)
    made.apply(label_edits.define_classes(made.curated, ["sky", "sea"]))
    return made


def test_labels_lie_in_the_store_in_order(project: Project, curator: Curator) -> None:
    assert curator.apply(pixel_edits.label_pixels(curator.curated, PLACES, 1)) == "Label 3 pixels as sea"
    assert curator.apply(pixel_edits.label_pixels(curator.curated, PLACES[:1], 0, at_random=True)) == "Label 1 pixel as sky"
    for found in (curator.curated.curation.known.pixels, load_curated(project).curation.known.pixels):
        assert found.places.tolist() == [[1, 5, 6], [3, 10, 19], [3, 10, 20]]
        assert found.classes.tolist() == [1, 1, 0]
        assert found.origins.tolist() == [BY_HAND, BY_HAND, FROM_QUEUE]
        assert found.weights.tolist() == [0, 0, 1]
        assert found.counts() == {0: 1, 1: 2}
        points, classes = found.in_image(3)
        assert (points.tolist(), classes.tolist()) == ([[10, 19], [10, 20]], [1, 0])
    assert curator.curated.curation.is_empty, "the groups follow the newest run as before"


def test_every_step_can_be_walked_back_and_forth(project: Project, curator: Curator) -> None:
    curator.apply(pixel_edits.label_pixels(curator.curated, PLACES, 1))
    curator.apply(pixel_edits.unlabel_pixels(curator.curated, PLACES[:2]))
    assert curator.curated.curation.known.pixels.places.tolist() == [[3, 10, 19]]
    assert not pixel_edits.unlabel_pixels(curator.curated, PLACES[:2]).changes, "there is nothing to take back"
    assert curator.undo() == "Unlabel 2 pixels"
    assert len(curator.curated.curation.known.pixels) == 3
    curator.undo()
    assert len(load_curated(project).curation.known.pixels) == 0
    curator.redo()
    curator.redo()
    assert load_curated(project).curation.known.pixels.places.tolist() == [[3, 10, 19]]


def test_a_class_takes_its_pixels_with_it(curator: Curator) -> None:
    curator.apply(pixel_edits.label_pixels(curator.curated, PLACES, 1))
    curator.apply(label_edits.label(curator.curated, np.array([4]), 1))
    assert curator.apply(label_edits.drop_class(curator.curated, 1)) == "Drop sea and 4 labels"
    assert len(curator.curated.curation.known.pixels) == 0
    curator.undo()
    assert curator.curated.curation.known.pixels.classes.tolist() == [1, 1, 1]


def test_a_file_brings_its_classes_and_weights(curator: Curator) -> None:
    curator.apply(pixel_edits.read_pixel_labels(curator.curated, PLACES, ["rock", "sky", "sky"], [None, 2.5, None]))
    known = curator.curated.curation.known
    assert [one.name for one in known.classes.values()] == ["sky", "sea", "rock"]
    assert known.pixels.classes.tolist() == [0, 0, 2]
    assert known.pixels.origins.tolist() == [FROM_QUEUE, FROM_FILE, FROM_FILE]
    assert known.pixels.weights.tolist() == [2.5, 1, 1]


def test_no_run_loses_them(project: Project, curator: Curator) -> None:
    curator.apply(pixel_edits.label_pixels(curator.curated, PLACES, 1))
    newest = add_run(project, said(np.arange(1, 61), 4, seed=9))
    found = load_curated(project)
    assert found.run == newest
    assert len(found.curation.known.pixels) == 3


def test_an_older_project_opens_with_all_it_had(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    home = tmp_path / "old.iicproj"
    with Project.create(home, tmp_path / "pictures") as project:
        made = Curator.of(project)
        made.apply(label_edits.define_classes(made.curated, ["sky"]))
        made.apply(label_edits.label(made.curated, np.array([7]), 0))
    with contextlib.closing(sqlite3.connect(home / "project.sqlite")) as connection:
        connection.executescript(f"DROP TABLE pixel_labels; PRAGMA user_version = {schema.VERSION - 1};")
    with pytest.raises(ProjectError, match="older IIC Studio"):
        Project.open(home, writable=False)
    with Project.open(home) as project:
        made = Curator.of(project)
        assert made.curated.curation.known.labels.images.tolist() == [7]
        made.apply(pixel_edits.label_pixels(made.curated, PLACES, 0))
    with Project.open(home, writable=False) as project:
        assert len(load_curated(project).curation.known.pixels) == 3
