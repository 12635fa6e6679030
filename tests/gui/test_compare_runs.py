"""What stands beside a training: baselines as runs, two runs side by side, clusters that come back with other seeds."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from iic_studio.curation import edits, label_edits
from iic_studio.curation.colours import colour_of, palette_colour
from iic_studio.gui.compare_dialogs import BaselinesDialog, StabilityDialog, StabilityWish
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.method_words import BASELINES as WORDS
from iic_studio.gui.run_pairs import pair_words
from iic_studio.gui.run_table import ACCURACY, COLUMNS, METHOD
from iic_studio.gui.runs_page import RunsPage
from iic_studio.gui.session import Shown
from iic_studio.jobs.baselines import BASELINES
from iic_studio.jobs.runs import RunFacts
from iic_studio.project.records import BASELINE, REPEAT
from tests.gui.finished import CLUSTERS, SETTINGS, assignments
from tests.gui.test_runs_page import choose

TIME = COLUMNS.index("Time")


@pytest.fixture
def page(qtbot: QtBot, studio: MainWindow) -> RunsPage:
    studio.actions_["runs"].trigger()
    made = studio.workspace.runs
    qtbot.waitUntil(lambda: len(made.model.runs) == 2, timeout=5000)
    return made


def ended(qtbot: QtBot, studio: MainWindow) -> None:
    qtbot.waitUntil(lambda: not studio.commands.compare.is_busy, timeout=60_000)
    qtbot.waitUntil(lambda: not studio.session.is_reading, timeout=10_000)


def press(dialog: BaselinesDialog | StabilityDialog) -> None:
    assert isinstance(dialog.go, QPushButton)
    dialog.go.click()


def repeat(studio: MainWindow, clusters: list[int], seed: int) -> str:
    """A run like the newest with another seed, which says this of the pictures."""
    project = studio.session.project
    assert project is not None
    newest = project.runs()[-1]
    said = project.load_assignments(newest.id)
    assert said is not None
    run = project.add_run(newest.settings | {"seed": seed}, "cpu", beside=REPEAT)
    project.save_assignments(run.id, assignments(said.image_ids, np.array(clusters), seed=seed))
    project.update_run(run.id, state="finished", summary={"of": newest.id})
    return run.id


def test_baselines_have_the_same_names_as_in_the_core() -> None:
    assert list(WORDS) == list(BASELINES)


def test_baselines_are_chosen_run_and_listed(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    project, session = studio.session.project, studio.session
    assert project is not None
    in_use = session.run
    page.baselines_button.click()
    qtbot.waitUntil(lambda: studio.findChild(BaselinesDialog) is not None, timeout=5000)
    dialog = studio.findChild(BaselinesDialog)
    assert (dialog.clusters.value(), dialog.seed.value()) == (CLUSTERS, 4), "of the run shown"
    for box in dialog.boxes.values():
        box.setChecked(False)
    assert not dialog.go.isEnabled()
    for name in ("pixels", "random-network"):
        dialog.boxes[name].setChecked(True)
    press(dialog)
    assert page._progress_line.isVisible()
    ended(qtbot, studio)
    qtbot.waitUntil(lambda: len(page.model.runs) == 4, timeout=5000)
    assert not page._progress_line.isVisible()
    newest, before = page.model.runs[:2]
    assert {page.model.words(one)[METHOD] for one in (newest, before)} == {"k-means on pixels", "Network before training"}
    assert page.model.words(newest)[1] == "baseline"
    assert page.model.words(newest)[TIME].endswith(" s")
    assert newest.seed == 4
    assert page.table.isColumnHidden(ACCURACY), "no labels are known"
    assert session.run is not None
    assert in_use is not None
    assert session.run.id == in_use.id, "the clusters in use stay"
    choose(page, 0)
    page.show_button.click()
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == newest.row.id, timeout=5000)
    assert not page.stability_button.isEnabled()
    session.show_run(None)
    qtbot.waitUntil(lambda: session.run is not None and session.run.id == in_use.id, timeout=5000)


def test_baselines_can_be_stopped(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    control = studio.commands.compare
    control.ask_baselines()
    qtbot.waitUntil(lambda: studio.findChild(BaselinesDialog) is not None, timeout=5000)
    dialog = studio.findChild(BaselinesDialog)
    for box in dialog.boxes.values():
        box.setChecked(True)
    dialog.steps.setValue(1_000_000)
    press(dialog)
    qtbot.waitUntil(lambda: "Autoencoder" in page.progress.text(), timeout=60_000)
    control.ask_baselines()
    assert "Something else is computing" in studio.notice.text.text()
    page.cancel_button.click()
    ended(qtbot, studio)
    qtbot.waitUntil(lambda: len(page.model.runs) == 5, timeout=5000)
    assert [facts.baseline for facts in reversed(page.model.runs)][2:] == ["random-network", "pixels", "spectral"], "what was found stays"


def test_accuracy_is_shown_where_labels_are(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session = studio.session
    curated = session.curated
    images = curated.image_ids[:8]
    session.corrections.do(label_edits.read_truth(curated, images, [f"c{one}" for one in curated.group[:8]]))
    page.reload()
    qtbot.waitUntil(lambda: page.model.runs[0].accuracy is not None, timeout=5000)
    assert not page.table.isColumnHidden(ACCURACY)
    newest = page.model.runs[0]
    assert newest.num_judged == 8
    assert page.model.words(newest)[ACCURACY] == "100 %"
    choose(page, 0)
    assert "of 8 labelled images" in page.card.toPlainText()


def test_two_runs_lie_side_by_side(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, panel = studio.session, page.compared
    choose(page, 0, 1)
    qtbot.waitUntil(lambda: bool(panel.pairs.pairs.pairs), timeout=5000)
    found = panel.model.compared
    assert found is not None
    pairs = panel.pairs.pairs.pairs
    assert len(pairs) == CLUSTERS
    for pair in pairs:
        here = set(found.comparison.image_ids[found.comparison.first == pair.clusters[0]])
        there = set(found.comparison.image_ids[found.comparison.second == pair.clusters[1]])
        assert pair.overlap == pytest.approx(len(here & there) / len(here | there))
        assert set(pair.prototypes[0].tolist()) <= here
        assert set(pair.prototypes[1].tolist()) <= there
        assert 0 < len(pair.prototypes[0]) <= 5
        assert "share" in pair_words(pair)
    panel.pairs.grab()
    names = [line[0] for line in panel.numbers.lines]
    assert names[:2] == ["Method", "Seed"]
    assert {"Loss", "Information", "Time"} <= set(names)
    assert panel.numbers.data(panel.numbers.index(1, 2)) == "4"
    panel.tabs.setCurrentIndex(2)
    assert panel.numbers_table.isVisible()
    panel.pairs.chosen.emit(pairs[0])
    here, there = found.comparison.first == pairs[0].clusters[0], found.comparison.second == pairs[0].clusters[1]
    assert set(session.table.ids[session.shown_rows]) == set(found.comparison.image_ids[here | there])


def test_clusters_have_the_colours_of_their_groups_after_a_merge(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, panel = studio.session, page.compared
    session.corrections.do(edits.merge(session.curated, [0, 1]))
    session.corrections.do(edits.recolour(session.curated, session.group_of(3), "#123456"))
    qtbot.waitUntil(lambda: not session.is_reading, timeout=5000)
    wanted = [session.curated.groups[session.group_of(cluster)] for cluster in range(CLUSTERS)]
    assert len({group.uid for group in wanted}) == CLUSTERS - 1
    choose(page, 0, 1)
    qtbot.waitUntil(lambda: bool(panel.model.moves), timeout=5000)
    assert panel.model.compared is not None
    assert panel.model.compared.colours[1] == [colour_of(group) for group in wanted]
    assert panel.model.compared.colours[0] == [palette_colour(cluster) for cluster in range(CLUSTERS)], "of the run that is not in use"
    by_second = {pair.clusters[1]: pair.colours[1] for pair in panel.pairs.pairs.pairs}
    assert by_second[3] == "#123456"
    move = panel.model.moves[0]
    for column, cluster in enumerate((move.first, move.second)):
        shown = panel.model.data(panel.model.index(0, column), Qt.ItemDataRole.DecorationRole)
        assert shown.name() == panel.model.compared.colours[column][cluster]
    repeat(studio, session.curated.model.assignment.tolist(), 11)
    choose(page, 0)
    stability = page.stability.model
    qtbot.waitUntil(lambda: stability.rowCount() == CLUSTERS, timeout=5000)
    assert stability.data(stability.index(3, 0), Qt.ItemDataRole.DecorationRole).name() == "#123456"


def test_the_pictures_that_differ_are_selected(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, panel = studio.session, page.compared
    choose(page, 0, 1)
    qtbot.waitUntil(lambda: bool(panel.model.moves), timeout=5000)
    found = panel.model.compared
    assert found is not None
    different = set(found.comparison.different.tolist())
    assert len(different) == round(found.comparison.moved_share * len(found.comparison.image_ids))
    assert panel.differ.text() == f"Select the {len(different)} that differ"
    panel.differ.click()
    assert set(session.selected_ids().tolist()) == different
    assert set(session.table.ids[session.shown_rows].tolist()) == different
    assert studio.workspace.tabs.currentIndex() == 0


def test_clusters_that_came_back_are_told_of(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    session, project = studio.session, studio.session.project
    assert project is not None
    newest = project.runs()[-1]
    said = project.load_assignments(newest.id)
    assert said is not None
    choose(page, 0)
    qtbot.waitUntil(lambda: "No other run" in page.stability.words.text(), timeout=5000)
    renamed = (said.assignment + 1) % CLUSTERS
    apart = np.where(said.assignment == 0, np.arange(len(said.assignment)) % CLUSTERS, said.assignment)
    repeat(studio, renamed.tolist(), 11)
    repeat(studio, apart.tolist(), 12)
    session.refresh()
    page.reload()
    qtbot.waitUntil(lambda: len(page.model.runs) == 4, timeout=5000)
    assert page.model.words(page.model.runs[0])[1] == "repeat"
    model = page.stability.model
    qtbot.waitUntil(lambda: model.rowCount() == CLUSTERS, timeout=5000)
    times = [model.data(model.index(place, 1)) for place in range(CLUSTERS)]
    assert times[0] == "1 of 2 runs"
    assert times[1] == "2 of 2 runs"
    assert "seeds 11, 12" in page.stability.words.text()
    watch = studio.workspace.stability
    group = session.group_of(0)
    qtbot.waitUntil(lambda: watch.sentence(group) != "", timeout=5000)
    assert watch.sentence(group) == "This cluster came back in 1 of 2 other runs."
    lines = studio.workspace.clusters.model
    line = next(number for number, entry in enumerate(lines.entries) if entry.shown == Shown("cluster", group))
    assert "came back in 1 of 2" in lines.data(lines.index(line), Qt.ItemDataRole.ToolTipRole)
    row = int(np.flatnonzero(session.verdicts.cluster == group)[0])
    session.select(np.array([row]), row)
    assert "came back in 1 of 2" in studio.workspace.inspector._said.text()


def test_a_run_is_repeated_with_other_seeds(qtbot: QtBot, studio: MainWindow, page: RunsPage) -> None:
    """The runs of the project are written by hand: one is trained first, so that it can be repeated."""
    project = studio.session.project
    assert project is not None
    quick = replace(SETTINGS, sub_heads=2, steps=8, batch_size=16, image_size=24, device="cpu")
    studio.runner.train(quick)
    qtbot.waitUntil(lambda: len(project.runs()) == 3 and project.runs()[-1].state == "finished", timeout=60_000)
    qtbot.waitUntil(lambda: studio.session.training_run is None and not studio.session.is_reading, timeout=10_000)
    page.reload()
    qtbot.waitUntil(lambda: len(page.model.runs) == 3 and page.model.runs[0].row.state == "finished", timeout=5000)
    choose(page, 0)
    assert page.stability_button.isEnabled()
    page.stability_button.click()
    qtbot.waitUntil(lambda: studio.findChild(StabilityDialog) is not None, timeout=5000)
    dialog = studio.findChild(StabilityDialog)
    assert dialog.steps.value() == 8
    dialog.runs.setValue(2)
    assert "To be trained now: 2" in dialog._about.text()
    wishes: list[StabilityWish] = []
    dialog.wanted.connect(wishes.append)
    press(dialog)
    ended(qtbot, studio)
    assert wishes == [StabilityWish(project.runs()[-1].id, 2, None)]
    beside = [row for row in project.runs(beside=True) if row.beside]
    assert [row.settings["seed"] for row in beside] == [4, 5]
    assert [row.state for row in beside] == ["finished", "finished"]
    assert project.runs()[-1].settings["seed"] == SETTINGS.seed
    qtbot.waitUntil(lambda: page.stability.model.rowCount() == CLUSTERS, timeout=5000)


def test_what_cannot_be_repeated_is_said(studio: MainWindow) -> None:
    project = studio.session.project
    assert project is not None
    baseline = project.add_run({"clusters": 4}, "cpu", beside=BASELINE)
    studio.commands.compare.ask_stability(RunFacts(baseline))
    assert "Choose a finished training" in studio.notice.text.text()
    project.update_run(baseline.id, state="finished")


def test_the_commands_are_in_the_palette(studio: MainWindow) -> None:
    titles = {command.title for command in studio.commands.help.commands()}
    assert {"Baselines…", "Stability…", "Take the suggestion"} <= titles
