"""Method and encoder in the settings: plain words, only what fits, a file by dialog, a download only after a yes."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from iic_studio.config import TrainSettings
from iic_studio.gui.encoder_box import EncoderBox
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.training.download import source_of
from iic_studio.words import METHODS


@pytest.fixture(autouse=True)
def _own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


def choose(box: EncoderBox, name: str) -> None:
    box.encoder.setCurrentIndex(box.encoder.findData(name))


def settled(qtbot: QtBot, box: EncoderBox) -> None:
    qtbot.waitUntil(lambda: not box.side_thread.is_busy, timeout=20_000)


@pytest.fixture
def popover(studio: MainWindow) -> SettingsPopover:
    return studio.popover


def test_every_method_has_a_line_of_its_own(popover: SettingsPopover) -> None:
    lines = set()
    for place in range(popover.method.count()):
        popover.method.setCurrentIndex(place)
        lines.add(popover._meaning.text())
        assert popover.settings(4).method == popover.method.currentData()
    assert len(lines) == len(METHODS) + 1 == popover.method.count()


def test_only_what_fits_the_encoder_can_be_chosen(qtbot: QtBot, popover: SettingsPopover) -> None:
    box, method = popover.encoder, popover.method

    def offered() -> set[str]:
        return {
            method.itemData(place) for place in range(method.count()) if method.model().flags(method.model().index(place, 0)).value & 32
        }

    assert offered() == {"auto", *METHODS} - {"pmi"}
    method.setCurrentIndex(method.findData("deepcluster"))
    choose(box, "resnet18")
    assert method.currentData() == "auto", "what does not fit is not kept"
    assert offered() == {"auto", "pmi", "iic", "iic+neighbours"}
    assert popover.settings(4).encoder == "resnet18"
    assert popover.settings(4).is_pretrained
    settled(qtbot, box)
    popover.reset()
    assert popover.settings(4) == TrainSettings(clusters=4)


def test_missing_weights_are_told_with_their_place_and_a_file_is_chosen(
    qtbot: QtBot, popover: SettingsPopover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = popover.encoder
    choose(box, "resnet18")
    settled(qtbot, box)
    source = source_of("resnet18")
    assert source is not None
    for part in (source.path.name, str(source.path.parent), source.url):
        assert part in box.state.text()
    assert box.download.isVisibleTo(box)
    assert "45 MB" in box.download.text() or "47 MB" in box.download.text()
    file = tmp_path / "mine.pth"
    file.touch()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    box.choose.click()
    settled(qtbot, box)
    assert popover.settings(4).weights == str(file)
    assert box.state.text() == "The weights are here."
    assert not box.download.isVisibleTo(box)
    box.forget.click()
    settled(qtbot, box)
    assert popover.settings(4).weights is None
    source.path.parent.mkdir(parents=True)
    source.path.touch()
    box.look()
    settled(qtbot, box)
    assert box.state.text() == "The weights are here."


def test_an_encoder_of_timm_by_its_name(qtbot: QtBot, popover: SettingsPopover) -> None:
    box = popover.encoder
    assert not box.timm.isVisibleTo(box)
    choose(box, "other")
    assert box.timm.isVisibleTo(box)
    assert popover.settings(4).encoder == "small", "as long as no name is given"
    box.timm.setText("vit_small_patch14_dinov2")
    box.timm.editingFinished.emit()
    assert popover.settings(4).encoder == "timm:vit_small_patch14_dinov2"
    settled(qtbot, box)
    box.take("timm:vit_tiny")
    assert (box.name, box.timm.text()) == ("timm:vit_tiny", "vit_tiny")
    settled(qtbot, box)


def answer(studio: MainWindow, words: str) -> QMessageBox:
    """Press a button of the question that is open."""
    question = studio.commands.weights.question
    assert question is not None
    next(button for button in question.buttons() if button.text() == words).click()
    return question


def test_nothing_is_fetched_without_a_yes(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    box, control = studio.popover.encoder, studio.commands.weights
    choose(box, "resnet18")
    settled(qtbot, box)
    box.download.click()
    question = control.question
    assert question is not None
    assert question.defaultButton().text() == "Cancel"
    assert "https://download.pytorch.org/models/resnet18-" in question.informativeText()
    assert "MB" in question.informativeText()
    assert str(tmp_path / "torch") in question.informativeText()
    answer(studio, "Cancel")
    assert control._thread is None
    assert list(tmp_path.glob("torch/**/*")) == []


def test_after_a_yes_the_file_comes(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    """The file that is asked for lies on the disk, in the place of one in the network."""
    box, control = studio.popover.encoder, studio.commands.weights
    choose(box, "resnet18")
    settled(qtbot, box)
    assert box.source is not None
    (tmp_path / "published").write_bytes(b"weights" * 100_000)
    here = replace(box.source, url=(tmp_path / "published").as_uri(), digest="")
    control.ask(here)
    answer(studio, "Download")
    qtbot.waitUntil(lambda: control._thread is None, timeout=10_000)
    assert here.path.read_bytes() == b"weights" * 100_000
    assert studio.notice.text.text() == "The weights are here."
    settled(qtbot, box)
    assert box.state.text() == "The weights are here."
    control.ask(replace(here, url=(tmp_path / "nowhere").as_uri()))
    answer(studio, "Download")
    qtbot.waitUntil(lambda: control._thread is None, timeout=10_000)
    assert "could not be fetched" in studio.notice.text.text()


def test_a_training_without_its_weights_says_what_to_do(qtbot: QtBot, studio: MainWindow) -> None:
    choose(studio.popover.encoder, "resnet18")
    settled(qtbot, studio.popover.encoder)
    studio.train()
    qtbot.waitUntil(lambda: studio.notice.button.text() == "Download…", timeout=20_000)
    assert "Put resnet18-" in studio.notice.text.text()
    assert "--weights" not in studio.notice.text.text(), "that is for the terminal"
    studio.notice.button.click()
    assert studio.commands.weights.question is not None
    answer(studio, "Cancel")
    qtbot.waitUntil(lambda: studio.runner.state is State.IDLE, timeout=10_000)
