"""The pairs page on a real small project: live from its sliders, the same for the same draw, presets of one's own."""

import gc
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TransformSettings, load_preset, own_preset_names
from iic_studio.events import RunFinished, RunStarted, SettingsChosen
from iic_studio.gui.pair_fields import GROUPS, changed
from iic_studio.gui.pair_grid import PairGrid
from iic_studio.gui.pair_panel import PairPanel
from iic_studio.gui.pairs import BEFORE, DURING, PairsPage
from iic_studio.gui.save_preset import SavePresetDialog
from iic_studio.gui.session import Session
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.project.store import Project

# The leak check collects garbage around each test: it need not look through all of torch each time.
gc.collect()
gc.freeze()

PHOTOGRAPHS = load_preset("photographs").transforms


@pytest.fixture
def project(picture_folder: Path, tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p.iicproj", picture_folder)
    for _ in jobs.index(made):
        pass
    return made


@pytest.fixture
def page(qtbot: QtBot, project: Project) -> Iterator[PairsPage]:
    session = Session()
    made = PairsPage(session)
    session.setParent(made)
    qtbot.addWidget(made)
    made.resize(820, 640)
    made.show()
    session.open(project)
    qtbot.waitUntil(lambda: made.grid.count > 0 and not made.side_thread.is_busy, timeout=20_000)
    yield made
    made.let_go()
    session.close()


def pictures(page: PairsPage) -> tuple[np.ndarray, np.ndarray]:
    """The two sheets as they are drawn."""
    found = []
    for sheet in page.grid._sheets:
        image = sheet.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        found.append(rows[:, : 3 * image.width()].copy())
    return found[0], found[1]


def settle(qtbot: QtBot, page: PairsPage) -> tuple[np.ndarray, np.ndarray]:
    qtbot.waitUntil(lambda: not page.side_thread.is_busy, timeout=20_000)
    qtbot.wait(20)  # what was made is on its way
    return pictures(page)


def test_it_shows_pairs_as_the_network_sees_them(page: PairsPage) -> None:
    assert page.grid.count == 24
    assert page.sentence.text() == BEFORE
    side = page.grid._side
    assert page.about.text() == f"As the network sees them: {side} × {side} pixels, in colour."
    assert page.grid.accessibleDescription().startswith("24 pairs of a picture and its changed copy.")
    assert page.preset.currentText() == "Choose for me: photographs"
    assert page.panel.values == PHOTOGRAPHS
    assert not page.reset.isEnabled()
    first, second = pictures(page)
    assert not np.array_equal(first, second)


def test_a_slider_changes_the_copies_and_the_next_training(qtbot: QtBot, page: PairsPage) -> None:
    first, second = pictures(page)
    slider = page.panel.sliders["rotation_deg"]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    after = settle(qtbot, page)
    assert np.array_equal(first, after[0])
    assert not np.array_equal(second, after[1])
    choice = page._session.pair_choice
    assert choice.transforms == replace(PHOTOGRAPHS, rotation_deg=180.0)
    assert page.panel.boxes["rotation_deg"].value() == 180
    popover = SettingsPopover(page, page._session.pair_choice)
    assert popover.settings(5).transforms == choice.transforms
    assert "With changes made under Pairs." in popover._about.text()
    qtbot.mouseClick(page.reset, Qt.MouseButton.LeftButton)
    assert popover.settings(5).transforms is None
    assert page.panel.values == PHOTOGRAPHS
    assert np.array_equal(settle(qtbot, page)[1], second)


def test_a_change_taken_back_by_hand_is_none(page: PairsPage) -> None:
    box = page.panel.boxes["hue"]
    box.setValue(0.2)
    assert page._session.pair_choice.transforms is not None
    box.setValue(PHOTOGRAPHS.hue)
    assert page._session.pair_choice.transforms is None


def test_new_draws_differ_and_come_back_the_same(qtbot: QtBot, page: PairsPage) -> None:
    before = pictures(page)
    qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)
    other = settle(qtbot, page)
    assert not np.array_equal(before[0], other[0])
    page._draw = 0
    page.refresh()
    assert np.array_equal(settle(qtbot, page)[1], before[1])


def test_the_preset_is_one_choice_for_page_and_panel(qtbot: QtBot, page: PairsPage) -> None:
    popover = SettingsPopover(page, page._session.pair_choice)
    page.preset.setCurrentIndex(page.preset.findData("aerial"))
    page.preset.activated.emit(page.preset.currentIndex())
    assert popover.preset.currentData() == "aerial"
    assert page.panel.values == load_preset("aerial").transforms
    popover.preset.setCurrentIndex(popover.preset.findData("paper-mnist"))
    assert page.preset.currentData() == "paper-mnist"
    assert "one of: 0.57, 0.71, 0.86" in page.panel._choices.text()
    assert page.panel.boxes["crop_max"].value() == 0.86
    page.panel.boxes["crop_max"].setValue(0.9)
    assert page.panel.values.crop_choices == ()
    assert (page.panel.values.crop_min, page.panel.values.crop_max) == (pytest.approx(4 / 7), 0.9)
    popover.reset()
    assert page._session.pair_choice.preset is None
    assert page._session.pair_choice.transforms is None


def test_saved_as_a_preset_it_is_in_every_list(qtbot: QtBot, page: PairsPage) -> None:
    popover = SettingsPopover(page, page._session.pair_choice)
    page.panel.switches["vertical_flip"].click()
    wanted = page.panel.values
    qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    dialog = page.findChild(SavePresetDialog)
    assert not dialog.save_button.isEnabled()
    qtbot.keyClicks(dialog.name, "photographs")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert "name of a preset of the program" in dialog.problem.text()
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, "moth wings")
    qtbot.keyClicks(dialog.about, "Wings from above")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert own_preset_names() == ["moth wings"]
    assert load_preset("moth wings").transforms == wanted
    choice = page._session.pair_choice
    assert (choice.preset, choice.transforms) == ("moth wings", None)
    assert page.preset.currentText() == popover.preset.currentText() == "moth wings"
    assert popover._about.text() == "Wings from above"
    assert popover.settings(4).preset == "moth wings"
    again = SavePresetDialog(wanted, page)
    again.name.setText("moth wings")
    assert again.save_button.text() == "Replace"


def test_while_training_it_shows_the_running_settings_only(qtbot: QtBot, page: PairsPage) -> None:
    session = page._session
    page.panel.boxes["hue"].setValue(0.3)
    session.note(RunStarted(run="r", job="train", settings={"clusters": 3}))
    assert "still being read" in page.empty.text()
    running = jobs.show_pairs(
        session.project, page._some_images(), replace(page.settings(), image_size=16, inputs="sobel", preset="aerial"), 0
    )
    session.note(SettingsChosen(num_images=40, settings=running.settings.as_dict()))
    settle(qtbot, page)
    assert page.sentence.text() == DURING
    assert page.preset.currentData() == "aerial"
    assert page.panel.values == running.settings.transforms
    assert "16 × 16 pixels, as edges" in page.about.text()
    for widget in (page.preset, page.reset, page.save, page.panel.sliders["hue"], page.panel.switches["vertical_flip"]):
        assert not widget.isEnabled()
    assert page.again.isEnabled()
    session.note(RunFinished(run="r", job="train", elapsed_s=1.0))
    assert page.sentence.text() == BEFORE
    assert page.panel.values.hue == pytest.approx(0.3)
    assert page.panel.sliders["hue"].isEnabled()
    qtbot.waitUntil(lambda: not session.is_reading, timeout=20_000)


def test_before_there_is_an_index_it_says_what_to_do(qtbot: QtBot, tmp_path: Path, picture_folder: Path) -> None:
    session = Session()
    page = PairsPage(session)
    session.setParent(page)
    qtbot.addWidget(page)
    page.show()
    assert page.empty.text().startswith("Open a folder of pictures first.")
    assert not page.again.isEnabled()
    session.open(Project.create(tmp_path / "q.iicproj", picture_folder))
    session.note(RunStarted(run="", job="index"))
    assert page.empty.text().startswith("The pictures are still being read.")
    session.job_ended()
    qtbot.waitUntil(lambda: not session.is_reading, timeout=20_000)
    assert page.empty.text().startswith("None of the files could be read")
    assert page.empty.isVisible()
    assert not page.grid.isVisible()
    page.let_go()
    session.close()


def test_a_preset_that_cannot_be_read_is_told(qtbot: QtBot, page: PairsPage) -> None:
    page._session.pair_choice.choose("gone")
    assert "There is no preset gone." in page.empty.text()
    assert not page.grid.isVisible()
    page._session.pair_choice.choose(None)
    assert page.grid.isVisible()


# Parts --------------------------------------------------------------------------------------------------------------------------------


def test_every_parameter_has_a_slider_or_a_switch(qtbot: QtBot) -> None:
    panel = PairPanel()
    qtbot.addWidget(panel)
    named = {field.name for _, group in GROUPS for field in group}
    assert named == {item.name for item in fields(TransformSettings)} - {"crop_choices"}
    assert set(panel.sliders) | set(panel.switches) == named
    for _, group in GROUPS:
        for field in group:
            widget = panel.switches[field.name] if field.is_switch else panel.boxes[field.name]
            assert widget.accessibleName() == field.label
            assert field.tip in widget.toolTip()


def test_the_other_end_of_a_range_gives_way() -> None:
    settings = TransformSettings(crop_min=0.5, crop_max=0.8, crop_choices=(0.5,))
    up = changed(settings, "crop_min", 0.9)
    assert (up.crop_min, up.crop_max, up.crop_choices) == (0.9, 0.9, ())
    down = changed(replace(settings, crop_choices=()), "crop_max", 0.4)
    assert (down.crop_min, down.crop_max) == (0.4, 0.4)
    assert changed(settings, "hue", 0.1).crop_choices == (0.5,)


@pytest.mark.parametrize(("width", "height"), [(280, 260), (400, 500), (900, 300), (1600, 900)])
def test_all_pairs_have_room(qtbot: QtBot, width: int, height: int) -> None:
    grid = PairGrid()
    qtbot.addWidget(grid)
    grid.resize(width, height)
    made = np.zeros((24, 16, 16, 3), np.uint8)
    grid.show_pairs(made, made, "nothing")
    rects = [grid.pair_rect(place) for place in range(24)]
    assert all(grid.rect().contains(rect.toAlignedRect()) for rect in rects)
    assert not any(one.intersects(other) for place, one in enumerate(rects) for other in rects[:place])
    grid.grab()
