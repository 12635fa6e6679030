"""The runs page on a project with two runs: choose, name, compare, delete and put back, copy the card."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from iic_studio.events import AssignmentsSaved, RunFinished, RunStarted
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.proposal_dialog import ProposalDialog
from iic_studio.gui.run_table import NAME
from iic_studio.gui.runs_page import RunsPage
from iic_studio.jobs.runs import RunFacts
from iic_studio.project.store import Project

SELECT = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def page(qtbot: QtBot, studio: MainWindow) -> RunsPage:
    studio.actions_["runs"].trigger()
    made = studio.workspace.runs
    assert studio.workspace.centre.currentWidget() is made
    qtbot.waitUntil(lambda: len(made.model.runs) == 2, timeout=5000)
    return made


def choose(page: RunsPage, *places: int) -> None:
    page.table.clearSelection()
    for place in places:
        page.table.selectionModel().select(page.model.index(place, 0), SELECT)


def test_runs_are_listed_and_another_one_is_shown(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    newest, older = page.model.runs
    assert page.model.is_shown(newest)
    assert page.model.words(newest)[2:4] == ("4", "4")
    assert page.model.words(newest)[-1] == "sub heads 5, steps 80"
    assert page.model.words(older)[-1] == "sub heads 3, steps 80"
    before = session.verdicts.cluster.copy()
    choose(page, 1)
    assert page.show_button.isEnabled()
    page.show_button.click()
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == older.row.id, timeout=5000)
    assert not np.array_equal(before, session.verdicts.cluster)
    assert session.history.step == 80
    assert page.model.is_shown(older)
    qtbot.waitUntil(lambda: not page.show_button.isEnabled(), timeout=5000)
    page.table.grab()
    session.show_run(None)
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == newest.row.id, timeout=5000)


def test_a_run_gets_a_name(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    choose(page, 0)
    page.rename_button.click()
    editor = page.table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("the good one")
    page.table.commitData(editor)
    page.table.closeEditor(editor, page.table.itemDelegate().EndEditHint.NoHint)
    qtbot.waitUntil(lambda: page.model.runs[0].row.name == "the good one", timeout=5000)
    assert studio.session.project is not None
    assert [run.name for run in studio.session.project.runs()] == ["", "the good one"]


def test_a_name_is_taken_back_and_given_again(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, project = studio.session, studio.session.project
    assert project is not None
    groups, newest = session.curated.group, page.model.runs[0].row

    def names() -> list[str]:
        return [run.name for run in project.runs()]

    def seen() -> list[str]:
        return [facts.row.name for facts in reversed(page.model.runs)]

    page.model.setData(page.model.index(0, NAME), "  the good one\n")
    assert names() == ["", "the good one"]
    assert "Named the run" in studio.notice.text.text()
    qtbot.waitUntil(lambda: seen() == names() and not session.is_reading, timeout=5000)
    page.model.setData(page.model.index(0, NAME), "the good one")
    page.model.setData(page.model.index(0, NAME), "the best one")
    assert names() == ["", "the best one"]
    for wanted in ("the good one", ""):
        studio.actions_["undo"].trigger()
        assert names() == ["", wanted]
    assert np.array_equal(session.curated.group, groups)
    assert session.curated.curation.is_empty, "a name is no correction of the groups"
    studio.actions_["redo"].trigger()
    assert names() == ["", "the good one"]
    qtbot.waitUntil(lambda: seen() == names(), timeout=5000)
    assert project.run(newest.id).settings == newest.settings
    assert project.run(newest.id).summary == newest.summary


def test_a_run_gets_its_name_while_another_is_looked_at(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    older = page.model.runs[1].row
    session.show_run(older.id)
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == older.id and not session.is_reading, timeout=5000)
    page.model.setData(page.model.index(1, NAME), "looked at")
    assert session.run is not None
    assert session.run.id == older.id
    qtbot.waitUntil(lambda: page.model.runs[1].row.name == "looked at" and not session.is_reading, timeout=5000)
    assert session.run.id == older.id
    assert session.run.name == "looked at"


def test_a_project_open_for_reading_keeps_its_runs_and_says_so(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    assert session.project is not None
    path, older = session.project.path, page.model.runs[1].row.id
    studio.runner.close_project()
    with Project.open(path) as other:
        other.delete_run(older)
    session.open(Project.open(path, writable=False))
    qtbot.waitUntil(lambda: not session.is_reading and len(page.model.runs) == 1, timeout=5000)
    for change in (lambda: page.model.setData(page.model.index(0, NAME), "the good one"), page.put_back):
        studio.notice.hide()
        change()
        assert "open for reading only" in studio.notice.text.text()
        assert studio.notice.isVisible()
    assert session.project is not None
    assert [run.name for run in session.project.runs()] == [""]


def test_the_card_is_read_and_copied(page: RunsPage) -> None:
    choose(page, 1)
    assert page.below.currentIndex() == 1
    assert "seed: 3" in page.card.toPlainText()
    page.copy_card(as_json=True)
    assert json.loads(QGuiApplication.clipboard().text())["settings"]["seed"] == 3
    page.copy_card(as_json=False)
    assert QGuiApplication.clipboard().text() == page.card.toPlainText()


def test_two_runs_are_compared_and_those_who_moved_are_shown(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    choose(page, 0, 1)
    assert page.below.currentWidget() is page.compared
    qtbot.waitUntil(lambda: bool(page.compared.model.moves), timeout=5000)
    assert "adjusted Rand index" in page.compared.sentence.text()
    found = page.compared.model.compared
    assert found is not None
    assert found.first.row.created < found.second.row.created
    assert 0 < found.comparison.moved_share < 0.5
    move = page.compared.model.moves[0]
    page.compared.table.clicked.emit(page.compared.model.index(0, 0))
    assert studio.workspace.tabs.currentIndex() == 0
    assert len(session.shown_rows) == move.count
    assert set(session.table.ids[session.shown_rows].tolist()) == set(found.comparison.ids_of(move).tolist())
    assert "→" in studio.workspace.gallery._title.full
    assert (session.verdicts.cluster[session.shown_rows] == move.second).all(), "the newer run is shown"


def test_a_preview_changes_nothing_and_leads_back_or_to_the_review(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, preview = studio.session, studio.workspace.preview
    newest, older = page.model.runs
    assert page.model.words(newest)[1] == "finished, in use"
    assert not preview.isVisible()
    choose(page, 0)
    assert not page.use_button.isEnabled()
    choose(page, 1)
    page.show_button.click()
    qtbot.waitUntil(lambda: not session.snapshot.is_in_force, timeout=5000)
    assert preview.isVisible()
    assert preview.words.text() == f"Preview of the run {older.title}. Nothing changes, and export gives your clusters."
    assert (page.model.words(newest)[1], page.model.words(older)[1]) == ("finished, in use", "finished, shown")
    session.name_cluster(0, "suns")
    assert "another run" in studio.notice.text.text()
    preview.back.click()
    qtbot.waitUntil(lambda: session.snapshot.is_in_force, timeout=5000)
    assert not preview.isVisible()
    assert session.run is not None
    assert session.run.id == newest.row.id
    session.show_run(older.row.id)
    qtbot.waitUntil(preview.isVisible, timeout=5000)
    preview.review.click()
    qtbot.waitUntil(lambda: studio.findChild(ProposalDialog) is not None, timeout=5000)
    assert session.snapshot.is_in_force
    review = studio.findChild(ProposalDialog)
    assert older.title in review.windowTitle()
    review.reject()


def test_what_a_run_under_way_makes_of_corrected_clusters_can_be_looked_at(qtbot: QtBot, studio: MainWindow) -> None:
    session, preview = studio.session, studio.workspace.preview
    project = session.project
    assert project is not None
    assert session.run is not None
    newest = session.run.id
    session.name_cluster(0, "suns")
    qtbot.waitUntil(lambda: not session.is_reading, timeout=5000)
    said = project.load_assignments(project.runs()[0].id)
    assert said is not None
    learning = project.add_run({"clusters": 4}, "cpu")
    project.save_assignments(learning.id, said)
    session.note(RunStarted(run=learning.id, job="train"))
    assert preview.look.isVisible()
    assert preview.words.text() == "Your clusters stay as they are while the new run learns."
    preview.look.click()
    qtbot.waitUntil(lambda: not session.snapshot.is_in_force, timeout=5000)
    assert "the run under way" in preview.words.text()
    assert not preview.review.isVisible(), "there is nothing to accept before it has ended"
    shown = session.verdicts.cluster.copy()
    project.save_assignments(learning.id, replace(said, assignment=np.roll(said.assignment, 7)))
    session.note(AssignmentsSaved(run=learning.id, num_images=len(said.image_ids), sub_head=0, final=False))
    qtbot.waitUntil(lambda: not np.array_equal(session.verdicts.cluster, shown), timeout=5000)
    preview.back.click()
    qtbot.waitUntil(lambda: session.snapshot.is_in_force, timeout=5000)
    assert session.run is not None
    assert session.run.id == newest
    assert session.cluster_name(0) == "suns"
    project.update_run(learning.id, state="stopped")
    session.note(RunFinished(run=learning.id, job="train", elapsed_s=1.0))
    qtbot.waitUntil(lambda: not session.is_reading and not preview.isVisible(), timeout=5000)


def test_an_older_run_is_taken_into_use(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    newest, older = page.model.runs
    session.name_cluster(0, "suns")
    choose(page, 1)
    page.use_button.click()
    review = studio.findChild(ProposalDialog)
    assert review is not None
    assert not review.refuse_button.isVisible()
    review.accept_button.click()
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == older.row.id and not session.is_reading, timeout=5000)
    assert session.snapshot.is_in_force
    assert session.cluster_name(0) == "suns"
    assert session.snapshot.proposal is None, "the run that was given up does not come back as a proposal"
    qtbot.waitUntil(lambda: page.model.words(page.model.runs[1])[1] == "finished, in use", timeout=5000)
    session.corrections.undo()
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == newest.row.id and not session.is_reading, timeout=5000)


def test_the_run_in_use_is_not_deleted(studio: MainWindow, page: RunsPage) -> None:
    project = studio.session.project
    assert project is not None
    newest = page.model.runs[0]
    choose(page, 0)
    page.delete_button.click()
    assert studio.notice.text.text() == (
        f"Your clusters stand on the run {newest.title}, so it cannot be deleted. Use the clusters of another run first."
    )
    assert len(project.runs()) == 2


def test_deleted_runs_can_be_put_back_and_go_with_the_project(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    project = session.project
    assert project is not None
    newest, older = (facts.row.id for facts in page.model.runs)
    session.show_run(older)
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == older, timeout=5000)
    choose(page, 1)
    page.delete_button.click()
    qtbot.waitUntil(lambda: len(page.model.runs) == 1, timeout=5000)
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == newest, timeout=5000)
    assert project.run_dir(older).is_dir()
    assert "1 deleted run" in page._gone.text()
    studio.notice.button.click()
    qtbot.waitUntil(lambda: len(page.model.runs) == 2, timeout=5000)
    choose(page, 1)
    page.delete_chosen()
    qtbot.waitUntil(lambda: len(page.model.runs) == 1, timeout=5000)
    page._back.click()
    qtbot.waitUntil(lambda: len(page.model.runs) == 2, timeout=5000)
    choose(page, 0, 1)
    page.delete_chosen()
    assert "stand on the run" in studio.notice.text.text(), "the first of them is in use, so none goes"
    assert len(project.runs()) == 2
    choose(page, 1)
    page.delete_chosen()
    folder: Path = project.run_dir(older)
    studio.runner.close_project()
    assert not folder.exists()
    assert project.run_dir(newest).is_dir()


def test_a_run_under_way_cannot_be_deleted(studio: MainWindow, page: RunsPage) -> None:
    project = studio.session.project
    assert project is not None
    under_way = project.add_run({}, "cpu")
    studio.session.training_run = under_way.id
    page.model.take([RunFacts(under_way), *page.model.runs])
    choose(page, 0)
    page.delete_button.click()
    assert studio.notice.text.text() == "A run that is under way cannot be deleted. Stop it first."
    assert len(project.runs()) == 3
    studio.session.training_run = None
    page.delete_chosen()
    assert len(project.runs()) == 2, "it was left by a program that is no more"
