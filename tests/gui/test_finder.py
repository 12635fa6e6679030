"""Pictures like this one, near-duplicates, and the least typical of a cluster, shown as sets."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.evaluation.similar import typicality
from iic_studio.gui.finder import by_clusters
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown, Sort
from iic_studio.project.store import Project


def paths(window: MainWindow) -> list[str]:
    return [window.session.table.paths[row] for row in window.session.shown_rows.tolist()]


def test_similar_pictures_by_their_clusters(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    studio.actions_["similar"].trigger()
    assert "Click a picture" in studio.notice.text.text()
    row = int(session.rows_in(Shown("cluster", 2))[0])
    session.look_at(row)
    studio.workspace.inspector._similar.click()
    qtbot.waitUntil(lambda: session.shown.kind == "found", timeout=5000)
    found = session.shown.found
    assert found is not None
    assert found.title == f"Like {Path(session.table.paths[row]).name}"
    assert "by cluster" in studio.workspace.gallery._count.full
    assert session.shown_rows[0] == row
    assert (session.verdicts.cluster[session.shown_rows[:5]] == 2).all()
    assert found.scores is not None
    assert (np.diff(found.scores) <= 0).all()
    gallery = studio.workspace.gallery
    assert gallery.sort.currentText() == "Most similar first"
    gallery.notes.setChecked(True)
    gallery.grid.grab()
    assert gallery._source.cell(0, 100).note == "100 % alike"
    session.sort_by(Sort.NAME)
    assert session.shown_rows[0] != row or len(session.shown_rows) < 2
    studio.workspace.search.search("folder:copies")
    assert set(paths(studio)) <= {path for path in session.table.paths if path.startswith("copies/")}


def test_near_duplicates_group_by_group(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    studio.actions_["duplicates"].trigger()
    qtbot.waitUntil(lambda: session.shown.kind == "found", timeout=20_000)
    found = session.shown.found
    assert found is not None
    assert found.groups is not None
    group_of = dict(zip(found.ids.tolist(), found.groups.tolist(), strict=True))
    for number in range(4):
        copy = session.table.ids[session.table.paths.index(f"copies/copy{number}.jpg")]
        same = [image for image, group in group_of.items() if group == group_of[int(copy)]]
        assert len(same) > 1
    source = studio.workspace.gallery._source
    tints = [source.cell(place, 100).tint for place in range(len(session.shown_rows))]
    assert tints == [bool(group % 2) for group in found.groups.tolist()]
    studio.workspace.gallery.grid.grab()
    assert "group" in studio.workspace.gallery._count.full
    assert not studio.notice.isVisible()


def test_the_least_typical_come_first(qtbot: QtBot, studio: MainWindow) -> None:
    session = studio.session
    session.show(Shown("cluster", 1))
    session.sort_by(Sort.ATYPICAL)
    qtbot.waitUntil(lambda: session.snapshot.knows_typical, timeout=5000)
    rows = session.shown_rows
    assert set(rows.tolist()) == set(session.rows_in(Shown("cluster", 1)).tolist())
    said = session.verdicts.assignments
    assert said is not None
    vectors = by_clusters(said)
    score = typicality(vectors.values, said.assignment)[session.verdicts.position[rows]]
    assert (np.diff(score) >= -1e-6).all()
    assert score[0] < score[-1]
    session.refresh()
    qtbot.waitUntil(lambda: not session.is_reading and session.snapshot.knows_typical, timeout=5000)
    assert session.sort is Sort.ATYPICAL


@pytest.fixture
def trained(picture_folder: Path, tmp_path: Path) -> Path:
    with Project.create(tmp_path / "trained.iicproj", picture_folder) as project:
        settings = TrainSettings(clusters=4, sub_heads=2, steps=6, batch_size=16, image_size=24, device="cpu")
        for _ in jobs.train(project, settings):
            pass
    return tmp_path / "trained.iicproj"


def test_the_network_looks_closer(qtbot: QtBot, studio: MainWindow, trained: Path) -> None:
    session = studio.session
    studio.open(trained)
    qtbot.waitUntil(lambda: studio.runner.state is State.IDLE and not session.is_reading and session.num_clusters == 4, timeout=30_000)
    session.look_at(3)
    studio.actions_["similar"].trigger()
    words = studio.workspace.gallery._count
    qtbot.waitUntil(lambda: "by sight" in words.full, timeout=30_000)
    assert len(session.shown_rows) == 40
    assert session.shown_rows[0] == 3
    session.look_at(5)
    studio.commands.finder.find_similar()
    qtbot.waitUntil(lambda: session.shown_rows[0] == 5, timeout=5000)
    assert "by sight" in words.full, "seen once, kept"


def test_who_went_on_is_not_brought_back_by_the_closer_look(qtbot: QtBot, studio: MainWindow, trained: Path) -> None:
    session, finder = studio.session, studio.commands.finder
    studio.open(trained)
    qtbot.waitUntil(lambda: studio.runner.state is State.IDLE and not session.is_reading and session.num_clusters == 4, timeout=30_000)
    session.look_at(3)
    studio.actions_["similar"].trigger()
    qtbot.waitUntil(lambda: session.shown.kind == "found", timeout=5000)
    session.show(Shown("cluster", 1))
    qtbot.waitUntil(lambda: finder._seen is not None and finder._thread is None, timeout=30_000)
    answered: list[bool] = []
    session.ask(lambda _: True, answered.append)  # after whatever was asked before
    qtbot.waitUntil(lambda: bool(answered), timeout=5000)
    assert session.shown == Shown("cluster", 1)
