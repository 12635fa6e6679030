"""Labels in the real window on a small project: classes, the queue by keys, the map corrected by hand, the estimate, search and colours."""

import csv
import gc
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.curation import label_edits, load_curated
from iic_studio.curation.labels import FROM_QUEUE, NOT_SURE, SKIPPED, UNLABELLED, Labels
from iic_studio.evaluation.class_maps import NO_CLASS
from iic_studio.evaluation.label_queue import PROTOTYPE, REASONS
from iic_studio.gui.class_flow import FlowPicture
from iic_studio.gui.class_map_table import CLASS, CLUSTER, NOTE, VOTES
from iic_studio.gui.class_panel import IMAGES, KEY, LABELS, NAME
from iic_studio.gui.colouring import kinds_of
from iic_studio.gui.export_dialog import ExportDialog
from iic_studio.gui.label_next import REASON_WORDS
from iic_studio.gui.label_page import MAP, RIGHT, LabelsPage
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown
from iic_studio.gui.workspace import TABS
from iic_studio.project.store import Project
from iic_studio.query import parse
from tests.conftest import KINDS

gc.collect()
gc.freeze()

PLACE = TABS.index("Labels")
CLASSES = sorted(KINDS)


@pytest.fixture
def window(qtbot: QtBot, studio: MainWindow) -> MainWindow:
    """The window with the page in front and a class for each kind of picture."""
    studio.workspace.show_tab(PLACE)
    page = studio.workspace.labels
    page.side.typed.setText(", ".join(CLASSES))
    QTest.keyClick(page.side.typed, Qt.Key.Key_Return)
    settle(qtbot, page)
    return studio


def settle(qtbot: QtBot, page: LabelsPage) -> None:
    qtbot.waitUntil(lambda: page.state.is_settled and not page._session.is_reading, timeout=20_000)


def kind_of(window: MainWindow, image: int) -> str:
    """What a picture shows; copies are of the pictures of their numbers."""
    session = window.session
    path = session.table.paths[int(session.table.rows_of(np.array([image]))[0])]
    found = re.search(r"img(\d+)", path)
    return KINDS[int(found[1]) % 4] if found else ""


def answer_all(qtbot: QtBot, window: MainWindow, count: int) -> None:
    """Answer as a person would who is always right; what shows no kind is skipped."""
    page = window.workspace.labels
    for _ in range(count):
        qtbot.waitUntil(lambda: page.next.question is not None, timeout=20_000)
        assert page.next.question is not None
        kind = kind_of(window, page.next.question.image)
        QTest.keyClick(page.next, str(1 + CLASSES.index(kind)) if kind else " ")
        settle(qtbot, page)


def labels_of(window: MainWindow) -> Labels:
    """What the store holds; it agrees with what is seen."""
    session = window.session
    assert session.project is not None
    stored = load_curated(session.project).curation.known.labels
    seen = session.curated.curation.known.labels
    assert np.array_equal(stored.images, seen.images)
    assert np.array_equal(stored.classes, seen.classes)
    return stored


# Classes --------------------------------------------------------------------------------------------------------------------------------


def test_classes_get_keys_counts_names_and_colours_and_can_be_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.labels
    model = page.side.model
    assert [model.index(place, NAME).data() for place in range(4)] == CLASSES
    assert [model.index(place, KEY).data() for place in range(4)] == ["1", "2", "3", "4"]
    assert page.side.typed.text() == ""
    assert model.setData(model.index(0, NAME), "boards")
    assert model.index(0, NAME).data() == "boards"
    assert not model.setData(model.index(0, NAME), "dots"), "there is one already"
    assert "already" in window.notice.text.text()
    assert model.setData(model.index(0, KEY), "2")
    assert [model.index(place, KEY).data() for place in range(2)] == ["2", ""], "a key belongs to one class"
    page.labelling.change(model.classes[0].uid, colour="#123456")
    assert window.session.curated.curation.known.classes[0].colour == "#123456"
    page.labelling.label(window.session.table.ids[:3], 0)
    settle(qtbot, page)
    assert model.index(0, LABELS).data() == "3"
    assert sum(int(model.index(place, IMAGES).data() or 0) for place in range(4)) == len(window.session.curated.image_ids)
    page.side.view.setCurrentIndex(model.index(0, NAME))
    page.side._drop()
    assert model.rowCount() == 3
    assert len(labels_of(window)) == 0
    window.actions_["undo"].trigger()
    assert model.rowCount() == 4
    assert len(labels_of(window)) == 3


def test_a_name_too_long_for_its_place_is_told_whole(qtbot: QtBot, window: MainWindow) -> None:
    page, name = window.workspace.labels, "Fahrradabstellanlagenüberdachung"
    assert page.side.model.setData(page.side.model.index(0, NAME), name)
    answer_all(qtbot, window, 12)
    settle(qtbot, page)
    assert name in page.side.model.index(0, NAME).data(Qt.ItemDataRole.ToolTipRole)
    page.show_part(RIGHT)
    assert name in page.right.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    page.show_part(MAP)
    mapped = page.map.model
    for place, row in enumerate(mapped.rows):
        assert row.name in mapped.index(place, CLUSTER).data(Qt.ItemDataRole.ToolTipRole)
        assert mapped.text(row, CLASS) in mapped.index(place, CLASS).data(Qt.ItemDataRole.ToolTipRole)


def test_classes_are_made_of_the_names_of_clusters(qtbot: QtBot, studio: MainWindow) -> None:
    studio.workspace.show_tab(PLACE)
    side = studio.workspace.labels.side
    assert not side.by_clusters.isVisible()
    studio.session.name_cluster(0, "Boards")
    assert side.by_clusters.isVisible()
    side.by_clusters.click()
    assert [one.name for one in side.model.classes] == ["Boards"]
    assert not side.by_clusters.isVisible()


# The queue ------------------------------------------------------------------------------------------------------------------------------


def test_the_words_for_reasons_are_those_of_the_core() -> None:
    assert REASON_WORDS == REASONS


def test_a_key_labels_the_picture_and_goes_on_without_waiting(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.labels
    first = page.next.question
    assert first is not None
    assert first.reason == PROTOTYPE
    assert page.next._reason.text().startswith("Prototype of the biggest unnamed cluster (Cluster ")
    qtbot.waitUntil(lambda: not page.next.picture.picture.isNull(), timeout=20_000)
    window.notice.hide()
    page.next.setFocus()
    QTest.keyClick(page.next, "2")
    assert window.workspace.tabs.currentIndex() == PLACE, "the key of a class goes before that of a page"
    assert not page.state.is_settled, "what follows from the label is computed later"
    second = page.next.question
    assert second is not None
    assert second.image != first.image
    labels = labels_of(window)
    assert labels.images.tolist() == [first.image]
    assert labels.classes.tolist() == [1]
    assert labels.origins.tolist() == [FROM_QUEUE]
    assert labels.weights.tolist() == [first.weight]
    assert window.notice.isHidden(), "each label is seen on the page itself"
    settle(qtbot, page)
    assert page.next.question == second, "the picture under one's eyes stays"
    assert first.image not in {one.image for one in page.state.questions}


def test_back_changes_an_answer_and_undo_leads_back_to_it(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.labels
    first = page.next.question
    assert first is not None
    QTest.keyClick(page.next, "1")
    second = page.next.question
    QTest.keyClick(page.next, Qt.Key.Key_Backspace)
    assert page.next.question == first
    assert page.next._label.text() == CLASSES[0]
    QTest.keyClick(page.next, "3")
    assert labels_of(window).classes.tolist() == [2]
    assert labels_of(window).weights.tolist() == [first.weight]
    assert page.next.question == second
    window.actions_["undo"].trigger()
    assert page.next.question == first
    assert labels_of(window).classes.tolist() == [0]
    QTest.keyClick(page.next, Qt.Key.Key_Delete)
    assert len(labels_of(window)) == 0
    assert page.next.question == first
    window.actions_["undo"].trigger()
    window.actions_["redo"].trigger()
    assert len(labels_of(window)) == 0


def test_not_sure_and_skip_are_kept_and_not_asked_again(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.labels
    asked = []
    for key in ("u", " "):
        assert page.next.question is not None
        asked.append(page.next.question.image)
        QTest.keyClick(page.next, key)
    known = window.session.curated.curation.known
    assert known.labels.classes_of(np.array(asked)).tolist() == [NOT_SURE, SKIPPED]
    assert page.side._said.text() == "0 labels, 1 not sure, 1 skipped"
    settle(qtbot, page)
    assert not {one.image for one in page.state.questions} & set(asked)
    QTest.keyClick(page.next, Qt.Key.Key_Left)
    assert page.next.question is not None
    assert page.next.question.image == asked[1]
    QTest.keyClick(page.next, Qt.Key.Key_Right)
    assert known.labels.classes_of(np.array(asked)).tolist() == [NOT_SURE, SKIPPED], "going on changes no answer"


def test_buttons_do_what_keys_do(qtbot: QtBot, window: MainWindow) -> None:
    page = window.workspace.labels
    buttons = {one.text().split("  ")[-1]: one for one in page.next._buttons.findChildren(QPushButton)}
    assert list(buttons) == CLASSES
    buttons["gradient"].click()
    assert labels_of(window).classes.tolist() == [CLASSES.index("gradient")]
    page.next.back.click()
    page.next.clear.click()
    assert len(labels_of(window)) == 0


def test_every_picture_can_be_asked_for_once(qtbot: QtBot, window: MainWindow) -> None:
    page, total = window.workspace.labels, len(window.session.curated.image_ids)
    answer_all(qtbot, window, total)
    assert len(window.session.curated.curation.known.labels) == total
    assert page.next.question is None
    assert page.next._reason.text() == "Every picture has been asked for."
    QTest.keyClick(page.next, Qt.Key.Key_Backspace)
    assert page.next.question is not None


# Gallery and list -----------------------------------------------------------------------------------------------------------------------


def test_the_selection_is_labelled_by_key_menu_and_palette(qtbot: QtBot, window: MainWindow) -> None:
    session, gallery = window.session, window.workspace.gallery
    session.show(Shown("all"))
    assert window.workspace.tabs.currentIndex() == 0
    rows = session.shown_rows[:3]
    ids = session.table.ids[rows]
    session.select(rows, int(rows[0]))
    gallery.grid.setFocus()
    QTest.keyClick(gallery.grid, "3")
    assert window.workspace.tabs.currentIndex() == 0
    assert labels_of(window).classes_of(ids).tolist() == [2, 2, 2]
    assert labels_of(window).weights.tolist() == [0, 0, 0], "picked by a person: they say nothing of the others"
    assert window.notice.text.text() == "Labelled 3 pictures as gradient."
    window.actions_["unlabel"].trigger()
    assert len(labels_of(window)) == 0
    menu = next(one.menu() for one in gallery.corrections if one.text() == "Label as")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    texts = [one.text().partition("\t")[0] for one in menu.actions() if one.text()]
    assert texts == [*CLASSES, "New class…", "Not sure", "Take the label back"]
    next(one for one in menu.actions() if one.text().startswith("dots")).trigger()
    assert labels_of(window).classes_of(ids).tolist() == [1, 1, 1]
    command = next(one for one in window.commands.help.commands() if one.title == "Label as stripes")
    command.do()
    assert labels_of(window).classes_of(ids).tolist() == [3, 3, 3]
    session.select_none()
    QTest.keyClick(gallery.grid, "2")
    assert window.workspace.tabs.currentIndex() == TABS.index("Curves"), "with nothing selected the keys are those of the pages"


def test_the_keys_work_where_pictures_are_selected(qtbot: QtBot, window: MainWindow) -> None:
    session, workspace = window.session, window.workspace
    session.show(Shown("beside", 0, 1))
    left = workspace.beside.columns[0]
    ids = session.table.ids[left.source.rows[:2]]
    session.select(left.source.rows[:2], -1)
    QTest.keyClick(left.grid, "2")
    assert labels_of(window).classes_of(ids).tolist() == [1, 1]
    workspace.show_tab(TABS.index("Map"))
    QTest.keyClick(workspace.map.view, "4")
    assert labels_of(window).classes_of(ids).tolist() == [3, 3]
    assert workspace.tabs.currentIndex() == TABS.index("Map")
    qtbot.waitUntil(lambda: window.map_control.is_settled, timeout=20_000)


def test_a_whole_cluster_is_labelled_by_the_same_key(qtbot: QtBot, window: MainWindow) -> None:
    session, view = window.session, window.workspace.clusters.view
    session.show(Shown("cluster", 1))
    inside = session.curated.images_in(1)
    view.setFocus()
    QTest.keyClick(view, "4")
    assert np.array_equal(labels_of(window).images, np.sort(inside))
    assert set(labels_of(window).classes.tolist()) == {3}
    window.actions_["undo"].trigger()
    assert len(labels_of(window)) == 0


# What follows ---------------------------------------------------------------------------------------------------------------------------


def test_the_map_tells_votes_and_is_corrected_by_hand(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    page.show_part(MAP)
    assert page.map._hint.isVisible()
    page.show_part(0)
    answer_all(qtbot, window, 12)
    page.show_part(MAP)
    model, rows = page.map.model, page.map.model.rows
    assert [row.name for row in rows] == [session.cluster_name(place) for place in range(4)]
    assert sum(count for row in rows for _, count in row.votes) == len(session.curated.curation.known.labels.named)
    assert sum(one.images for one in page.map.flow.streams.streams) == len(session.curated.image_ids)
    other = next(one.uid for one in model.classes if one.uid != model.classes[rows[0].found].uid)
    index = model.index(0, CLASS)
    page.map.table.edit(index)
    box = page.map.table.findChild(QComboBox)
    assert box is not None
    assert box.currentIndex() == 0, "the labels decide"
    box.setCurrentIndex(box.findData(other))
    box.activated.emit(box.currentIndex())
    settle(qtbot, page)
    assert model.index(0, NOTE).data() == "by hand"
    assert not page.map.table.isColumnHidden(NOTE)
    assert model.classes[model.rows[0].found].uid == other
    inside = session.curated.group == 0
    assert session.snapshot.classified is not None
    assert {session.snapshot.classified.classes[one].uid for one in session.snapshot.classified.found[inside].tolist()} == {other}
    window.actions_["undo"].trigger()
    settle(qtbot, page)
    assert model.rows[0].by_hand == NO_CLASS
    assert page.map.table.isColumnHidden(NOTE) == (not any(model.text(row, NOTE) for row in model.rows))


def test_ties_and_clusters_without_labels_are_stated(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    page.show_part(MAP)
    page.map.method.setCurrentIndex(page.map.method.findData("many-to-one"))
    page.map.method.activated.emit(page.map.method.currentIndex())
    for image, uid in zip(session.curated.images_in(0)[:2].tolist(), (0, 1), strict=True):
        page.labelling.label(np.array([image]), uid)
    settle(qtbot, page)
    model = page.map.model
    assert model.index(0, NOTE).data() == "a tie"
    assert model.index(0, VOTES).data() == f"1 × {CLASSES[0]}, 1 × {CLASSES[1]}"
    assert [model.index(place, NOTE).data() for place in (1, 2, 3)] == ["no label"] * 3
    assert [model.index(place, CLASS).data() for place in (1, 2, 3)] == ["no class"] * 3
    about = page.map.about.text()
    assert about.startswith("In use: Many to one, chosen by you.")
    assert "A tie: Cluster 0." in about
    assert "No label yet: Cluster 1, Cluster 2, Cluster 3." in about
    assert {one.target for one in page.map.flow.streams.streams if one.cluster} == {-1}
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    settle(qtbot, page)
    assert page.map.method.currentData() == "auto"
    assert page.map._hint.isVisible()


def test_a_stream_shows_its_pictures(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    page.labelling.label(session.curated.images_in(2)[:1], 0)
    page.labelling.label(session.curated.images_in(1)[:1], 1)
    settle(qtbot, page)
    page.show_part(MAP)
    flow: FlowPicture = page.map.flow
    flow.resize(420, 300)
    _, path = flow._paths[0]
    where = path.boundingRect().center().toPoint()
    assert flow.stream_at(where.toPointF()) is not None
    chosen = flow.stream_at(where.toPointF())
    QTest.mouseClick(flow, Qt.MouseButton.LeftButton, pos=QPoint(where))
    assert chosen is not None
    assert session.shown.kind == "found"
    assert len(session.shown_rows) == chosen.images


def test_the_estimate_is_one_sentence_and_cells_select_their_pictures(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    assert page.sentence.text() == "No classes yet: the first labels turn clusters into classes."
    answer_all(qtbot, window, 4)
    assert "not known yet" in page.sentence.text(), "prototypes are no fair sample"
    answer_all(qtbot, window, 16)
    words = re.fullmatch(
        r"About ([\d.]+) % of all pictures get the right class; between ([\d.]+) % and ([\d.]+) % with 95 % certainty, "
        r"by cross-validation on (\d+) labels\.",
        page.sentence.text(),
    )
    assert words is not None
    value, low, high = (float(words[place]) for place in (1, 2, 3))
    assert low <= value <= high
    made = session.snapshot.classified
    assert made is not None
    assert int(words[4]) == made.estimate.accuracy.num_labels < len(made.judged.classes)
    page.show_part(RIGHT)
    assert page.right.model.rowCount() == 4
    matrix = page.right.confusion.matrix
    assert matrix.num_pairs == len(made.judged.classes)
    line, place = next((int(one), int(other)) for one, other in np.argwhere(made.estimate.confusion > 0))
    page.right.confusion.clicked.emit((line, place))
    ids = made.judged_ids[(made.judged.classes == line) & (made.judged.found == place)]
    assert np.array_equal(np.sort(session.selected_ids()), np.sort(ids))
    assert len(ids) == made.estimate.confusion[line, place]
    assert session.shown.kind == "found"
    assert window.workspace.tabs.currentIndex() == 0


def test_truth_is_named_as_truth_and_maps_nothing(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    ids = np.array([one for one in session.table.ids[session.table.usable].tolist() if kind_of(window, one)])
    session.corrections.do(label_edits.read_truth(session.curated, ids, [kind_of(window, one) for one in ids.tolist()]))
    settle(qtbot, page)
    assert page.side._truth.isVisible()
    assert page.side._truth.text() == "Truth of 40 pictures: it only judges; no map and no training sees it."
    assert session.snapshot.classified is None
    assert page.sentence.text() == "No classes yet: the first labels turn clusters into classes."
    answer_all(qtbot, window, 4)
    assert re.fullmatch(r"Truth, which no map has seen: [\d.]+ % right of 40 pictures\.", page.truth.text())
    before = session.snapshot.classified
    assert before is not None
    wrong = [CLASSES[(1 + CLASSES.index(kind_of(window, one))) % 4] for one in ids.tolist()]
    session.corrections.do(label_edits.read_truth(session.curated, ids, wrong))
    settle(qtbot, page)
    after = session.snapshot.classified
    assert after is not None
    assert np.array_equal(before.found, after.found)
    assert np.array_equal(before.probability, after.probability)


def test_classes_are_found_by_search_and_colour_the_map(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    answer_all(qtbot, window, 8)
    made = session.snapshot.classified
    assert made is not None
    session.filter_by(parse("class:dots"))
    assert window.workspace.tabs.currentIndex() == PLACE, "a search narrows; it does not leave the page"
    expected = session.curated.image_ids[made.found == CLASSES.index("dots")]
    assert np.array_equal(np.sort(session.table.ids[session.shown_rows]), np.sort(expected))
    session.filter_by(parse("label:dots"))
    labels = session.curated.curation.known.labels
    assert np.array_equal(np.sort(session.table.ids[session.shown_rows]), labels.images[labels.classes == 1])
    page.labelling.unlabel(session.table.ids[session.shown_rows][:1])
    assert len(session.shown_rows) == int((labels.classes == 1).sum()) - 1, "the search follows the labels"
    session.filter_by(parse("-label:none"))
    assert len(session.shown_rows) == len(session.curated.curation.known.labels)
    session.filter_by(parse(""))
    settle(qtbot, page)
    colouring = kinds_of(session.snapshot)["Class"](session.snapshot)
    assert [text for _, text in colouring.legend][:4] == CLASSES
    words = session.snapshot.class_words
    assert words is not None
    assert np.array_equal(colouring.numbers == 0, words.codes == 1)
    page.labelling.show_class(1)
    assert session.shown.found is not None
    assert session.shown.found.title == "Class dots"


def test_labels_stay_when_another_run_is_accepted(qtbot: QtBot, window: MainWindow) -> None:
    page, session = window.workspace.labels, window.session
    answer_all(qtbot, window, 6)
    before = labels_of(window)
    assert session.project is not None
    other = session.project.runs()[0].id
    session.show_run(other)
    settle(qtbot, page)
    assert session.run is not None
    assert session.run.id == other
    assert session.snapshot.classified is not None, "the labels map a preview, too"
    assert np.array_equal(session.curated.curation.known.labels.images, before.images)


def test_labels_can_be_given_before_anything_was_trained(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    assert studio.session.project is not None
    home = tmp_path / "fresh.iicproj"
    with Project.create(home, studio.session.project.folder) as project:
        for _ in jobs.index(project):
            pass
    studio.open(home)
    qtbot.waitUntil(lambda: studio.runner.state is State.IDLE and not studio.session.is_reading, timeout=30_000)
    studio.workspace.show_tab(PLACE)
    page = studio.workspace.labels
    page.labelling.define("cat, dog")
    settle(qtbot, page)
    qtbot.waitUntil(lambda: page.next.question is not None, timeout=20_000)
    assert page.next.question is not None
    assert page.next.question.weight == 1.0, "each picture was as likely as any other"
    QTest.keyClick(page.next, "1")
    assert labels_of(studio).weights.tolist() == [1.0]
    settle(qtbot, page)
    assert page.sentence.text() == "Labels are kept. When something was trained, they turn clusters into classes."
    assert page.next._said(page.next.question.image) == UNLABELLED


def test_the_export_offers_classes_when_there_are_any(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    answer_all(qtbot, window, 8)
    window.actions_["export"].trigger()
    (dialog,) = [one for one in window.findChildren(ExportDialog) if one.isVisible()]
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert "a folder for each class, as copies or links" in words
    assert "a line for each picture with its cluster, class and label" in words
    dialog.place.setText(str(tmp_path))
    dialog.name.setText("out")
    dialog.name.textEdited.emit("out")
    qtbot.waitUntil(dialog.go.isEnabled, timeout=20_000)
    dialog.start()
    qtbot.waitUntil(lambda: not window.runner.exports.is_busy, timeout=20_000)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = window.session.snapshot.classified
    assert made is not None
    assert sorted(row["class"] for row in rows if row["class"]) == sorted(name for name in made.names() if name)
    assert sum(bool(row["label"]) for row in rows) == len(window.session.curated.curation.known.labels.named)
    dialog.close()
