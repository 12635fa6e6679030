"""Reading labels and learning from them in the real window: the report of a file, truth, progress, the result table, cancel."""

import csv
import gc
import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.curation import label_edits
from iic_studio.gui.fine_tune_dialog import FineTuneDialog, result_rows
from iic_studio.gui.label_import import LabelImport
from iic_studio.gui.label_page import MAP
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.workspace import TABS
from iic_studio.project.store import Project
from iic_studio.training import fine_tune
from tests.conftest import KINDS, _picture

gc.collect()
gc.freeze()

QUICK = TrainSettings(clusters=4, sub_heads=2, steps=8, batch_size=16, image_size=24, device="cpu")


def dialog(window: MainWindow, kind: type) -> object:
    (found,) = [one for one in window.findChildren(kind) if one.isVisible()]
    return found


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label"), *rows])


def ended(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.commands.labels.is_busy and not window.session.is_reading, timeout=60_000)
    qtbot.waitUntil(lambda: window.workspace.labels.state.is_settled, timeout=20_000)


# Reading --------------------------------------------------------------------------------------------------------------------------------


def test_a_table_is_read_with_a_report_of_what_matched_and_what_not(
    qtbot: QtBot, studio: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = studio.session
    paths = [path for path, usable in zip(session.table.paths, session.table.usable.tolist(), strict=True) if usable]
    rows = [
        (paths[0], "cat"),
        (paths[1], "dog"),
        (paths[1], "dog"),
        (paths[2], "cat"),
        (paths[2], "dog"),
        ("gone.png", "cat"),
        (paths[3], ""),
    ]
    write(tmp_path / "few.csv", rows)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(tmp_path / "few.csv"), ""))
    studio.actions_["import_labels"].trigger()
    made = dialog(studio, LabelImport)
    assert isinstance(made, LabelImport)
    assert not made.go.isEnabled()
    made.browse.click()
    assert made.go.isEnabled()
    made.go.click()
    ended(qtbot, studio)
    assert made.report.text().splitlines() == [
        "2 of 7 rows read as labels.",
        "2 new, 0 changed, 0 as before.",
        "Paths that are not among the readable pictures: 1 (gone.png)",
        f"Paths whose labels contradict each other, so none was taken: 1 ({paths[2]}: cat / dog)",
        "Rows that say again what another row says: 1",
        "Rows without a label: 1",
    ]
    known = session.curated.curation.known
    assert [one.name for one in known.classes.values()] == ["cat", "dog"]
    assert len(known.labels) == 2
    made.reject()
    assert studio.actions_["undo"].isEnabled()
    studio.actions_["undo"].trigger()
    assert len(session.curated.curation.known.labels) == 0


def test_folder_names_are_offered_as_truth_and_a_mistake_is_told(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    studio.workspace.show_tab(TABS.index("Labels"))
    side = studio.workspace.labels.side
    side.read.click()
    made = dialog(studio, LabelImport)
    assert isinstance(made, LabelImport)
    made.file.setText(str(tmp_path / "missing.csv"))
    made.go.click()
    ended(qtbot, studio)
    assert "There is no file" in made.report.text()
    made.folders.setChecked(True)
    assert made.as_truth.isChecked()
    made.go.click()
    ended(qtbot, studio)
    assert made.report.text().startswith("44 of 44 rows read as truth.")
    known = studio.session.curated.curation.known
    assert len(known.truth) == 44
    assert len(known.labels) == 0
    assert set(known.truth.names) == {"copies", "day 1", "süd"}
    assert "44 pictures" in side._truth.text()
    made.reject()


def test_a_dialog_that_is_closed_early_gets_no_answer(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    path = studio.session.table.paths[0]
    write(tmp_path / "few.csv", [(path, "cat")])
    studio.actions_["import_labels"].trigger()
    made = dialog(studio, LabelImport)
    assert isinstance(made, LabelImport)
    made.file.setText(str(tmp_path / "few.csv"))
    made.go.click()
    made.reject()
    ended(qtbot, studio)
    assert len(studio.session.curated.curation.known.labels) == 1


# Learning -------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of forty pictures after a short run, made once; each test works on a copy."""
    place = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(0)
    (place / "pictures").mkdir()
    for number in range(40):
        _picture(KINDS[number % 4], rng).save(place / "pictures" / f"{number:02d}.png")
    with Project.create(place / "made.iicproj", place / "pictures") as project:
        for _ in jobs.train(project, QUICK):
            pass
    return place / "made.iicproj"


@pytest.fixture
def labelled(qtbot: QtBot, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window with the trained project and five labels of each of two classes; fine-tuning is short."""
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 20)
    made = MainWindow(jobs, Preferences(tmp_path / "window.ini"))

    def close(_: object) -> None:
        made.close()
        qtbot.waitUntil(lambda: not made.isVisible(), timeout=20_000)

    qtbot.addWidget(made, before_close_func=close)
    made.resize(1280, 800)
    made.show()
    made.open(Path(shutil.copytree(trained, tmp_path / "made.iicproj")))
    qtbot.waitUntil(lambda: made.runner.state is State.IDLE and not made.session.is_reading, timeout=60_000)
    session = made.session
    session.corrections.do(label_edits.define_classes(session.curated, KINDS[:2]))
    for uid in (0, 1):
        ids = [int(one) for one, path in zip(session.table.ids, session.table.paths, strict=True) if int(path[:2]) % 4 == uid]
        session.corrections.do(label_edits.label(session.curated, np.array(ids[:5]), uid, from_queue=True, weight=1.0))
    qtbot.waitUntil(lambda: made.workspace.labels.state.is_settled, timeout=20_000)
    return made


def test_fine_tuning_compares_every_way_and_uses_the_best(qtbot: QtBot, labelled: MainWindow) -> None:
    session, page = labelled.session, labelled.workspace.labels
    labelled.workspace.show_tab(TABS.index("Labels"))
    page.side.learn.click()
    made = dialog(labelled, FineTuneDialog)
    assert isinstance(made, FineTuneDialog)
    assert not made.with_rest.isChecked(), "only the labels teach unless more is asked for"
    made.go.click()
    assert made.close_button.text() == "Cancel" and not made.with_rest.isEnabled()
    seen: set[str] = set()
    qtbot.waitUntil(lambda: bool(seen.add(made.status.text())) or not labelled.commands.labels.is_busy, timeout=120_000)
    assert len(seen) > 1, "it tells how far it is"
    ended(qtbot, labelled)
    names = [made.table.item(row, 0).text() for row in range(made.table.rowCount())]
    assert {"Linear classifier", "Nearest labels", "Fine-tuned network"} < set(names)
    assert "Fine-tuned with all pictures" not in names
    assert any(name.startswith("Map of clusters: ") for name in names)
    assert all("%" in made.table.item(row, 1).text() for row in range(made.table.rowCount()))
    classified = session.snapshot.classified
    assert classified is not None
    assert made.status.text().startswith("In use now: ")
    made.reject()
    page.show_part(MAP)
    offered = [page.map.method.itemData(place) for place in range(page.map.method.count())]
    (learned,) = {"linear", "k-nn", "fine-tuned"} & set(offered)
    page.map.method.setCurrentIndex(page.map.method.findData(learned))
    page.map.method.activated.emit(page.map.method.currentIndex())
    ended(qtbot, labelled)
    assert session.snapshot.classified is not None
    assert session.snapshot.classified.method == learned
    assert session.snapshot.classified.made is None
    assert len(session.curated.curation.known.labels) == 10


def test_pictures_without_a_label_teach_if_it_is_ticked(qtbot: QtBot, labelled: MainWindow) -> None:
    labelled.actions_["fine_tune"].trigger()
    made = dialog(labelled, FineTuneDialog)
    assert isinstance(made, FineTuneDialog)
    made.with_rest.click()
    made.go.click()
    ended(qtbot, labelled)
    shares = {made.table.item(row, 0).text(): made.table.item(row, 1).text() for row in range(made.table.rowCount())}
    assert {"Fine-tuned network", "Fine-tuned with all pictures"} < set(shares)
    assert "%" in shares["Fine-tuned with all pictures"]
    assert made.with_rest.isEnabled() and made.with_rest.isChecked()
    made.reject()


def test_fine_tuning_can_be_cancelled_and_changes_nothing(qtbot: QtBot, labelled: MainWindow) -> None:
    session = labelled.session
    version = session.curated.curation.version
    labelled.actions_["fine_tune"].trigger()
    made = dialog(labelled, FineTuneDialog)
    assert isinstance(made, FineTuneDialog)
    made.go.click()
    made.close_button.click()
    assert made.status.text() == "Stopping…"
    qtbot.waitUntil(lambda: not labelled.commands.labels.is_busy, timeout=120_000)
    ended(qtbot, labelled)
    assert made.status.text() == "Cancelled; nothing was changed."
    assert session.curated.curation.version == version
    assert made.close_button.text() == "Close"
    made.reject()


def test_too_few_labels_are_told_in_words(qtbot: QtBot, labelled: MainWindow) -> None:
    session = labelled.session
    session.corrections.do(label_edits.drop_class(session.curated, 1))
    labelled.actions_["fine_tune"].trigger()
    made = dialog(labelled, FineTuneDialog)
    assert isinstance(made, FineTuneDialog)
    made.go.click()
    ended(qtbot, labelled)
    assert "Too few labels to learn from." in made.status.text()
    made.reject()


def test_the_result_names_the_best_first() -> None:
    def one(value: float | None) -> dict[str, object]:
        return {"value": value, "low": 0.0, "high": 1.0, "num_labels": 20, "worth": 20.0}

    summary = {
        "compared": {"bayes": one(0.7), "one-to-one": one(0.8), "linear": one(0.9)},
        "learned": {"linear": one(0.9), "k-nn": one(None)},
    }
    assert result_rows(summary) == [
        ("Linear classifier", "90.0 % (0.0 % to 100.0 %)", "20"),
        ("Map of clusters: One to one", "80.0 % (0.0 % to 100.0 %)", "20"),
        ("Nearest labels", "unknown", "20"),
    ]
