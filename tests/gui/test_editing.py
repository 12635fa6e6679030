"""Corrections in the real window on a real small project: by keys and menus, with undo, read-only, beside training, and a new run."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QApplication, QColorDialog, QDialog, QInputDialog, QLineEdit, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.curation import edits, load_curated
from iic_studio.gui.check_dialog import CheckDialog, candidates
from iic_studio.gui.group_chooser import GroupChooser, fitting
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.proposal_dialog import ProposalDialog
from iic_studio.gui.runner import State
from iic_studio.gui.session import Session, Shown, Sort
from iic_studio.gui.split_dialog import SplitDialog
from iic_studio.gui.takeover_dialog import TakeoverDialog
from iic_studio.gui.widgets import at_most
from iic_studio.project.store import Project
from iic_studio.query import parse
from tests.gui import grounds
from tests.gui.windows import close_and_wait, open_window

QUICK = TrainSettings(clusters=4, sub_heads=2, steps=8, batch_size=16, image_size=24, device="cpu")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A project of forty pictures after two short runs, made once; each test works on a copy."""
    from tests.conftest import KINDS, _picture

    place = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(0)
    (place / "pictures").mkdir()
    for number in range(40):
        _picture(KINDS[number % 4], rng).save(place / "pictures" / f"{number:02d}.png")
    with Project.create(place / "made.iicproj", place / "pictures") as project:
        for _ in jobs.train(project, QUICK):
            pass
    return place


@pytest.fixture
def place(trained: Path, tmp_path: Path) -> Path:
    shutil.copytree(trained / "made.iicproj", tmp_path / "made.iicproj")
    return tmp_path / "made.iicproj"


@pytest.fixture
def window(qtbot: QtBot, place: Path, tmp_path: Path) -> MainWindow:
    made = open_window(qtbot, tmp_path / "window.ini")
    made.open(place)
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE and not window.session.is_reading, timeout=60_000)


def labels(session: Session) -> list[str]:
    return [group.label for group in session.curated.groups]


def dialog(window: MainWindow, kind: type[QDialog]) -> QDialog:
    (found,) = [one for one in window.findChildren(kind) if one.isVisible()]
    return found


def select(session: Session, *positions: int) -> list[int]:
    """Select pictures by their place in what is shown; returns their ids."""
    rows = session.shown_rows[list(positions)]
    session.select(rows, int(rows[-1]))
    return session.table.ids[rows].tolist()


def stored(window: MainWindow) -> list[str]:
    """What the store holds agrees with what is seen; returns the labels."""
    session = window.session
    assert session.project is not None
    kept = load_curated(session.project)
    assert np.array_equal(kept.group, session.curated.group)
    assert kept.groups == session.curated.groups
    return [group.label for group in kept.groups]


def test_pictures_that_are_not_shown_can_be_corrected_and_stay_selected(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    chosen = select(session, 0, 1)
    session.filter_by(parse("name:nothing"))
    assert not len(session.shown_rows)
    window.actions_["unsure"].trigger()
    assert session.selected_ids().tolist() == sorted(chosen)
    assert session.curated.unsure[np.isin(session.curated.image_ids, chosen)].all()


def test_the_name_is_typed_in_the_list_and_undone_by_key(qtbot: QtBot, window: MainWindow) -> None:
    session, view = window.session, window.workspace.clusters.view
    session.show(Shown("cluster", 1))
    window.actions_["rename"].trigger()
    editor = view.findChild(QLineEdit)
    assert editor is not None
    window.actions_["rename"].trigger()  # Qt would complain of a second editor
    assert view.findChildren(QLineEdit) == [editor]
    editor.setText("Süns")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels(session)[1] == "Süns")
    assert stored(window)[1] == "Süns"
    assert window.notice.text.text() == "Named Cluster 1 “Süns”."
    assert window.actions_["undo"].text() == "Undo “Name Cluster 1 “Süns””"
    window.workspace.gallery.grid.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stored(window)[1] == "Cluster 1"
    assert window.notice.button.text() == "Redo"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert stored(window)[1] == "Süns"


def test_what_does_not_fit_into_a_name_is_told(qtbot: QtBot, window: MainWindow) -> None:
    said: list[str] = []
    window.session.failed.connect(lambda error: said.append(error.message))
    run = window.session.run
    assert run is not None
    window.session.corrections.name_run(run, "x" * 81)
    assert said == ["The name xxxxxxxxxxxxxxxxxxxx… has 81 characters, and at most 80 are kept."]
    editor = QLineEdit()
    qtbot.addWidget(editor)
    editor.show()
    at_most(editor, 3)
    qtbot.keyClicks(editor, "abc")
    assert QToolTip.text() == ""
    qtbot.keyClicks(editor, "d")
    assert "At most 3 characters fit here." in QToolTip.text()
    QToolTip.hideText()


def test_a_name_is_typed_after_a_double_click_and_survives_a_refresh(qtbot: QtBot, window: MainWindow) -> None:
    session, view = window.session, window.workspace.clusters.view
    model = window.workspace.clusters.model
    line = next(model.index(place) for place, entry in enumerate(model.entries) if entry.shown == Shown("cluster", 2))
    view.scrollTo(line)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(line).center())
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(line).center())
    editor = view.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Tul")
    session.refresh()  # as it comes again and again while training runs
    qtbot.waitUntil(lambda: not session.is_reading, timeout=10_000)
    model.dataChanged.emit(model.index(0), model.index(len(model.entries) - 1))
    qtbot.keyClicks(editor, "ips")
    assert editor.text() == "Tulips"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels(session)[2] == "Tulips")


def test_pictures_are_moved_by_typing_and_the_keyboard_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    largest = int(session.curated.sizes.argmax())
    session.show(Shown("cluster", largest))
    session.sort_by(Sort.NAME)
    before = len(session.shown_rows)
    following = int(session.table.ids[session.shown_rows[2]])
    moved = select(session, 0, 1)
    window.workspace.gallery.grid.setFocus()
    qtbot.keyClick(window.workspace.gallery.grid, Qt.Key.Key_M)
    chooser = dialog(window, GroupChooser)
    assert isinstance(chooser, GroupChooser)
    assert chooser.windowTitle() == "Move 2 pictures"
    qtbot.keyClicks(chooser.typed, "tulips")
    assert [chooser.list.item(row).text() for row in range(chooser.list.count())] == ["New cluster “tulips”"]
    qtbot.keyClick(chooser.typed, Qt.Key.Key_Return)
    assert stored(window)[-1] == "tulips"
    assert session.curated.images_in(len(session.curated.groups) - 1).tolist() == sorted(moved)
    assert window.notice.text.text() == "Moved 2 pictures to tulips."
    assert len(session.shown_rows) == before - 2
    assert session.current == following
    assert session.selected_ids().tolist() == [following]
    # A known one is found by a part of its name, and moved about by the arrow keys.
    window.actions_["move"].trigger()
    again = dialog(window, GroupChooser)
    assert isinstance(again, GroupChooser)
    qtbot.keyClicks(again.typed, "LIP")
    assert again.list.currentItem().text().startswith("tulips")
    qtbot.keyClick(again.typed, Qt.Key.Key_Down)
    assert again.list.currentItem().text() == "New cluster “LIP”"
    qtbot.keyClick(again.typed, Qt.Key.Key_Up)
    qtbot.keyClick(again.typed, Qt.Key.Key_Return)
    assert session.curated.sizes[-1] == 3
    session.show(Shown("cluster", len(labels(session)) - 1))
    assert {session.mark(int(row)) for row in session.shown_rows} == {"placed"}
    select(session, 0)
    assert window.workspace.inspector._said.text().startswith("Placed by you. The model would put it into ")


def test_excluding_restoring_and_doubting(qtbot: QtBot, window: MainWindow) -> None:
    session, grid = window.session, window.workspace.gallery.grid
    images = select(session, 0, 1, 2)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert len(session.rows_in(Shown("all"))) == 37
    model = window.workspace.clusters.model
    assert [(entry.name, entry.count) for entry in model.entries if entry.shown.kind in ("all", "excluded")] == [
        ("All pictures", 37),
        ("Excluded", 3),
    ]
    session.show(Shown("excluded"))
    assert sorted(session.table.ids[session.shown_rows].tolist()) == sorted(images)
    select(session, 1)
    assert window.workspace.inspector._cluster.full == "Excluded"
    assert not window.actions_["exclude"].isEnabled()
    qtbot.keyClick(grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert len(session.shown_rows) == 2
    session.show(Shown("all"))
    (doubted,) = select(session, 5)
    qtbot.keyClick(grid, Qt.Key.Key_U)
    row = session.current_row()
    assert session.mark(row) == "unsure"
    assert bool(session.snapshot.uncertain[row])
    qtbot.keyClick(grid, Qt.Key.Key_U)
    assert session.mark(row) == ""
    assert session.selected_ids().tolist() == [doubted]
    window.session.corrections.undo()
    assert session.mark(row) == "unsure"
    stored(window)


def test_giving_back_to_the_model(window: MainWindow) -> None:
    session = window.session
    image = select(session, 3)
    home = int(session.verdicts.cluster[session.current_row()])
    assert not window.actions_["give_back"].isEnabled()
    session.corrections.do(edits.move(session.curated, np.array(image), (home + 1) % 4))
    select(session, *np.flatnonzero(session.table.ids[session.shown_rows] == image[0]).tolist())
    window.actions_["give_back"].trigger()
    assert int(session.verdicts.cluster[session.current_row()]) == home
    assert session.curated.by_user.sum() == 0


def test_clusters_selected_in_the_list_are_merged(qtbot: QtBot, window: MainWindow) -> None:
    session, clusters = window.session, window.workspace.clusters
    session.name_cluster(2, "tulips")
    assert not window.actions_["merge"].isEnabled()
    view, sizes = clusters.view, session.curated.sizes.tolist()
    places = [clusters.view.visualRect(clusters.model.index(3 + cluster)).center() for cluster in range(4)]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, places[2])
    assert clusters.selected_clusters() == [0, 2]
    qtbot.keyClick(view, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert stored(window) == ["Cluster 1", "tulips", "Cluster 3"]
    assert session.curated.sizes.tolist() == [sizes[1], sizes[0] + sizes[2], sizes[3]]
    assert session.shown == Shown("cluster", 1)
    assert [entry.name for entry in clusters.model.entries if entry.is_cluster] == ["Cluster 1", "tulips", "Cluster 3"]
    assert session.model_cluster_name(0) == "tulips (0)"
    assert session.model_cluster_name(1) == "Cluster 1"
    window.notice.button.click()
    assert stored(window) == ["Cluster 0", "Cluster 1", "tulips", "Cluster 3"]


def test_a_split_shows_its_parts_first(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    largest = int(session.curated.sizes.argmax())
    session.show(Shown("cluster", largest))
    total = int(session.curated.sizes[largest])
    select(session, 0, 2)
    window.actions_["split"].trigger()
    split = dialog(window, SplitDialog)
    assert isinstance(split, SplitDialog)
    methods = [split.method.itemText(place) for place in range(split.method.count())]
    assert methods == ["By the finer clusters", "By probabilities (k-means)", "Selected pictures apart"]
    qtbot.waitUntil(split.split.isEnabled, timeout=10_000)
    assert [len(split._images_of(part)) for part in (0, 1)] == [total - 2, 2]
    split.method.setCurrentIndex(1)
    split.number.setValue(3)
    qtbot.waitUntil(split.split.isEnabled, timeout=20_000)
    counts = [len(split._images_of(part)) for part in range(3)]
    assert sum(counts) == total
    assert counts == sorted(counts, reverse=True)
    split.method.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "Looking" not in split._words.text(), timeout=20_000)
    split.reject()
    assert session.project is not None
    for _ in jobs.see_images(session.project, session.curated.run, lambda _features: None):
        pass
    window.actions_["split"].trigger()
    split = next(one for one in window.findChildren(SplitDialog) if one.isVisible())
    assert split.method.itemText(1) == "By what the network sees (k-means)"
    split.method.setCurrentIndex(1)
    qtbot.waitUntil(split.split.isEnabled, timeout=20_000)
    assert sum(len(split._images_of(part)) for part in (0, 1)) == total
    split.method.setCurrentIndex(3)
    qtbot.waitUntil(split.split.isEnabled, timeout=10_000)
    split.split.click()
    assert stored(window)[-1] == "Cluster 4"
    assert session.curated.sizes[-1] == 2
    assert window.notice.text.text() == f"Split Cluster {largest} into 2."


def test_names_in_dialogs_are_whole_in_large_letters(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    size = window.commands.help.text_size
    size.change(8)
    try:
        session.show(Shown("cluster", int(session.curated.sizes.argmax())))
        select(session, 0, 2)
        window.actions_["split"].trigger()
        split = dialog(window, SplitDialog)
        assert isinstance(split, SplitDialog)
        qtbot.waitUntil(split.split.isEnabled, timeout=10_000)
        shown = [title for title, _ in split._lines if title.isVisible()]
        assert len(shown) == 2 and all(title.width() >= title.sizeHint().width() for title in shown)
        strips = [strip for _, strip in split._lines if strip.isVisible() and strip._total > strip._fitting()]
        assert strips and all(strip._fitting() * (strip._side + 4) + strip._number_width() <= strip.width() for strip in strips)
        split.reject()
        window.actions_["move"].trigger()
        chooser = dialog(window, GroupChooser)
        assert isinstance(chooser, GroupChooser)
        assert chooser.typed.width() > chooser.typed.fontMetrics().horizontalAdvance(chooser.typed.placeholderText())
        chooser.reject()
        window.actions_["check"].trigger()
        check = dialog(window, CheckDialog)
        assert isinstance(check, CheckDialog)
        assert check.toggle_button.height() >= check.toggle_button.sizeHint().height(), "a check box beside it is lower"
        check.reject()
    finally:
        size.reset()


def test_a_cluster_is_checked_page_by_page(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from iic_studio.gui import check_dialog

    monkeypatch.setattr(check_dialog, "AT_A_TIME", 6)
    session = window.session
    largest = int(session.curated.sizes.argmax())
    session.show(Shown("cluster", largest))
    total = len(candidates(session.curated, largest, "inside"))
    window.actions_["check"].trigger()
    check = dialog(window, CheckDialog)
    assert isinstance(check, CheckDialog)
    assert check._title.text() == f"These 6 look like Cluster {largest}"
    first = check._source.images.tolist()
    grid = check.grid
    qtbot.waitUntil(lambda: grid.viewport().width() > 100)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell_rect(1).center())
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert check._source.ticked.tolist() == [True, False, False, True, True, True]
    assert check.accept_button.text() == "Accept 4"
    assert check.focusWidget() is grid, "from the first key on"
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert session.curated.by_user.sum() == 4
    assert session.curated.unsure.sum() == 2
    assert not set(check._source.images.tolist()) & set(first)
    assert len(candidates(session.curated, largest, "inside")) == total - 6
    check.unsure.setChecked(False)
    check.toggle_button.click()
    assert check.accept_button.text() == "Accept none"
    check.accept_button.click()
    assert session.curated.by_user.sum() == 4
    check.where.setCurrentIndex(1)
    elsewhere = check._source.images
    assert (session.curated.assignment[np.isin(session.curated.image_ids, elsewhere)] != largest).all()
    check.reject()
    assert stored(window)


def test_colour_and_note(qtbot: QtBot, window: MainWindow) -> None:
    from iic_studio.gui import theme

    session = window.session
    session.show(Shown("cluster", 2))
    window.actions_["colour"].trigger()
    menu = next(one for one in window.findChildren(QMenu) if one.title() == "Colour")
    menu.actions()[0].trigger()
    menu.hide()
    assert session.curated.groups[2].colour == theme.palette_colour(0)
    assert theme.cluster_colour(2).name() == theme.palette_colour(0)
    window.editing._pick_colour(2)
    picker = dialog(window, QColorDialog)
    assert isinstance(picker, QColorDialog)
    picker.setCurrentColor("#123456")
    picker.accept()
    assert theme.cluster_colour(2).name() == "#123456"
    window.actions_["note"].trigger()
    asked = dialog(window, QInputDialog)
    assert isinstance(asked, QInputDialog)
    asked.setTextValue("mostly red\nwith a few yellow")
    asked.accept()
    assert session.curated.groups[2].note == "mostly red\nwith a few yellow"
    assert window.workspace.gallery._note_line.isVisible()
    qtbot.waitUntil(lambda: window.workspace.gallery._note.text() == "mostly red with a few yellow")
    session.corrections.undo()
    assert not window.workspace.gallery._note_line.isVisible()


def test_the_menus_offer_what_makes_sense(qtbot: QtBot, window: MainWindow) -> None:
    session, actions = window.session, window.actions_
    session.select(np.zeros(0, np.int64), -1)
    session.show(Shown("all"))
    assert not any(actions[name].isEnabled() for name in ("move", "exclude", "rename", "merge", "undo", "redo", "review"))
    session.show(Shown("cluster", 0))
    select(session, 0)
    assert all(actions[name].isEnabled() for name in ("move", "exclude", "unsure", "rename", "split", "check"))
    titles = [action.text() for action in window.top_bar.edit.menu().actions() if not action.isSeparator()]
    assert titles[:3] == ["Undo", "Redo", "Name…"]
    assert window.top_bar.edit.menu().title() == "Edit"
    view = window.workspace.clusters.view
    view.customContextMenuRequested.emit(QPoint(20, 200))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Merge" in [action.text() for action in menu.actions()]
    menu.close()
    window.workspace.gallery._show_menu(QPoint(0, 0))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert {"Move to…", "Exclude", "Not sure"} <= {action.text() for action in menu.actions()}
    menu.close()


def test_edits_stay_while_training_and_the_new_run_is_reviewed(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.name_cluster(1, "suns")
    largest = int(session.curated.sizes.argmax())
    before = session.curated
    window.runner.train(TrainSettings(**{**QUICK.as_dict(), "seed": 3, "transforms": None, "steps": 12}))
    qtbot.waitUntil(lambda: bool(session.joints), timeout=60_000)
    session.show(Shown("cluster", largest))
    moved = select(session, 0, 1)
    session.corrections.do(edits.move_to_new(session.curated, np.array(moved), "stars"))
    assert session.curated.run == before.run
    settle(qtbot, window)
    assert session.curated.run == before.run
    assert labels(session)[1] == "suns"
    assert session.curated.images_in(len(labels(session)) - 1).tolist() == sorted(moved)
    qtbot.waitUntil(lambda: session.snapshot.proposal is not None, timeout=20_000)
    assert window.notice.button.text() == "Review"
    window.notice.button.click()
    review = dialog(window, ProposalDialog)
    assert isinstance(review, ProposalDialog)
    items = [review.tree.topLevelItem(place) for place in range(review.tree.topLevelItemCount())]
    assert {"suns", "stars"} <= {item.text(0) for item in items if item is not None}
    stars = next(item for item in items if item is not None and item.text(0) == "stars")
    review.tree.setCurrentItem(stars)
    assert review._goes.text() == "Nothing leaves stars."
    review.none_button.click()
    assert not review.accept_button.isEnabled()
    review.all_button.click()
    assert review.accept_button.text() == "Accept all"
    stars.setCheckState(0, Qt.CheckState.Unchecked)
    assert review.accept_button.text() == f"Accept {len(items) - 1} of {len(items)}"
    review.accept_button.click()
    settle(qtbot, window)
    assert session.project is not None
    assert session.curated.run == session.project.runs()[-1].id
    assert session.snapshot.proposal is None
    assert "stars" in stored(window)
    place = labels(session).index("stars")
    assert session.curated.images_in(place).tolist() == sorted(moved)
    session.corrections.undo()
    settle(qtbot, window)
    assert session.curated.run == before.run
    assert window.actions_["review"].isEnabled()
    size = window.commands.help.text_size
    size.change(8)
    window.actions_["review"].trigger()
    again = dialog(window, ProposalDialog)
    assert isinstance(again, ProposalDialog)
    names = [item.text(0) for place in range(again.tree.topLevelItemCount()) if (item := again.tree.topLevelItem(place)) is not None]
    widest = max(again.fontMetrics().horizontalAdvance(name) for name in names)
    assert again.tree.columnWidth(0) > widest + 40, "names are whole in large letters"
    again.refuse_button.click()
    size.reset()
    settle(qtbot, window)
    assert session.snapshot.proposal is None
    assert not window.actions_["review"].isEnabled()


def test_masks_after_clusters_that_were_corrected_are_one_click_away(qtbot: QtBot, window: MainWindow) -> None:
    session, note = window.session, window.workspace.masks._note
    session.name_cluster(1, "suns")
    settle(qtbot, window)
    before = labels(session)
    session.task.choose("pixels")
    window.runner.train(grounds.settings(steps=4))
    assert window.strip._step.text() == ""
    settle(qtbot, window)
    qtbot.waitUntil(lambda: session.snapshot.proposal is not None, timeout=20_000)
    assert not session.of_pixels
    qtbot.waitUntil(lambda: "“Review the new run…”" in note.text(), timeout=20_000)
    assert window.notice.text.text().startswith("The masks are ready.")
    assert window.notice.button.text() == "Use the masks"
    window.actions_["review"].trigger()
    review = dialog(window, TakeoverDialog)
    assert isinstance(review, TakeoverDialog) and not review.tree.isVisible()
    assert review.about.text().startswith("The run gives masks, and clusters of pictures are in use")
    review.reject()
    window.notice.button.click()
    settle(qtbot, window)
    assert session.of_pixels
    assert len(labels(session)) == 2
    assert "suns" not in labels(session)
    qtbot.waitUntil(lambda: session.masks.view is not None, timeout=20_000)
    session.corrections.undo()
    settle(qtbot, window)
    assert labels(session) == before
    qtbot.waitUntil(lambda: window.mask_control.is_settled, timeout=20_000)


def test_a_project_open_for_reading_says_so(qtbot: QtBot, window: MainWindow, place: Path) -> None:
    session = window.session
    path = place
    window.runner.close_project()
    session.open(Project.open(path, writable=False))
    qtbot.waitUntil(lambda: not session.is_reading and session.num_clusters == 4, timeout=20_000)
    select(session, 0, 1)
    for name in ("exclude", "move", "unsure"):
        window.notice.hide()
        window.actions_[name].trigger()
        assert window.notice.isVisible()
        assert "open for reading only" in window.notice.text.text()
    assert not [one for one in window.findChildren(QDialog) if one.isVisible()]
    window.notice.hide()
    session.name_cluster(0, "suns")
    assert "open for reading only" in window.notice.text.text()
    assert labels(session)[0] == "Cluster 0"


def test_what_was_read_before_an_edit_does_not_undo_it(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.refresh(images=True)
    session._reader.read_now()
    session.name_cluster(0, "suns")  # while the reader reads the state without it
    seen: list[str] = []
    session.changed.connect(lambda _: seen.append(labels(session)[0]))
    settle(qtbot, window)
    assert set(seen) <= {"suns"}
    assert stored(window)[0] == "suns"


def test_edits_survive_closing_the_window(qtbot: QtBot, window: MainWindow, place: Path, tmp_path: Path) -> None:
    window.session.name_cluster(0, "suns")
    window.session.corrections.do(edits.exclude(window.session.curated, np.array([1, 2])))
    close_and_wait(qtbot, window)
    again = open_window(qtbot, tmp_path / "window.ini")
    again.open(place)
    settle(qtbot, again)
    assert again.actions_["undo"].text() == "Undo “Exclude 2 pictures”"
    again.actions_["undo"].trigger()
    again.actions_["undo"].trigger()
    assert labels(again.session)[0] == "Cluster 0"
    assert len(again.session.rows_in(Shown("all"))) == 40


def test_names_that_begin_with_what_is_typed_come_first() -> None:
    from iic_studio.curation import Group

    groups = [Group(0, "wild tulips"), Group(1, "Tulips"), Group(2, "roses")]
    assert [group.uid for group in fitting(groups, " tul")] == [1, 0]
    assert [group.uid for group in fitting(groups, "")] == [0, 1, 2]


def test_a_selection_of_lines_outlives_showing_one_of_them(window: MainWindow) -> None:
    clusters = window.workspace.clusters
    first, second = clusters.model.index(3), clusters.model.index(4)
    clusters.view.setCurrentIndex(first)
    clusters.view.selectionModel().setCurrentIndex(second, QItemSelectionModel.SelectionFlag.Select)
    assert window.session.shown == Shown("cluster", 1)
    assert clusters.selected_clusters() == [0, 1]
