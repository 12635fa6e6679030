"""What to begin with: a sentence once the pictures are read, one click takes it, each part can be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.suggestion import _REASONS, advice_words
from iic_studio.training import advice as core


@pytest.fixture
def fresh(qtbot: QtBot, tmp_path: Path, make_pictures: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window on a folder that was never trained, on a machine with weights for one encoder."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    kept = tmp_path / "torch" / "hub" / "checkpoints"
    kept.mkdir(parents=True)
    (kept / "resnet18-f37072fd.pth").touch()
    make_pictures(tmp_path / "pictures")
    made = MainWindow(jobs, Preferences(tmp_path / "window.ini"))

    def close(_: object) -> None:
        made.close()
        qtbot.waitUntil(lambda: not made.isVisible(), timeout=20_000)

    qtbot.addWidget(made, before_close_func=close)
    made.resize(1280, 800)
    made.show()
    made.open(tmp_path / "pictures")
    qtbot.waitUntil(lambda: made.runner.state is State.IDLE and not made.session.is_reading, timeout=30_000)
    qtbot.waitUntil(lambda: made.workspace.suggestion.advice is not None, timeout=30_000)
    return made


def test_the_reasons_are_those_of_the_core() -> None:
    assert set(_REASONS) == set(core.REASONS)


def test_it_is_said_and_one_click_takes_it(qtbot: QtBot, fresh: MainWindow) -> None:
    strip, suggestion = fresh.workspace.suggested, fresh.workspace.suggestion
    assert suggestion.advice is not None
    assert strip.isVisible()
    words = strip.words.text()
    assert words.startswith("Suggested for 40 colour pictures of about ")
    assert words.count(".") == 1, "one sentence"
    assert "Heads on an encoder, resnet18, 2 clusters" in words
    assert "weights are on this machine" in words
    assert fresh.popover._suggestion.text() == words
    fresh.popover.minutes.setValue(3)
    strip.take.click()
    asked = fresh.popover.settings(fresh.top_bar.clusters.value())
    assert (asked.method, asked.encoder, asked.clusters, asked.minutes) == ("pmi", "resnet18", 2, None)
    assert not strip.isVisible()
    assert fresh.runner.state is State.IDLE, "training begins when the person says so"
    qtbot.waitUntil(lambda: not fresh.popover.encoder.side_thread.is_busy, timeout=20_000)


def test_each_part_can_be_changed(qtbot: QtBot, fresh: MainWindow) -> None:
    fresh.workspace.suggested.change.click()
    assert fresh.popover.isVisible()
    fresh.popover.take_suggestion.click()
    assert not fresh.popover.isVisible()
    fresh.popover.encoder.take("small")
    fresh.popover.method.setCurrentIndex(fresh.popover.method.findData("deepcluster"))
    fresh.top_bar.clusters.setValue(3)
    asked = fresh.popover.settings(fresh.top_bar.clusters.value())
    assert (asked.method, asked.encoder, asked.clusters) == ("deepcluster", "small", 3)
    qtbot.waitUntil(lambda: not fresh.popover.encoder.side_thread.is_busy, timeout=20_000)


def test_it_can_be_dismissed_and_is_not_there_for_pixels(fresh: MainWindow) -> None:
    strip = fresh.workspace.suggested
    fresh.session.task.choose("pixels")
    assert not strip.isVisible()
    assert not fresh.popover._suggested.isVisibleTo(fresh.popover)
    fresh.session.task.choose("images")
    assert strip.isVisible()
    strip.close_button.click()
    assert not strip.isVisible()
    assert fresh.popover._suggested.isVisibleTo(fresh.popover), "the settings still show it"


def test_it_is_not_in_the_way_of_who_has_trained(qtbot: QtBot, studio: MainWindow) -> None:
    suggestion = studio.workspace.suggestion
    qtbot.waitUntil(lambda: suggestion.advice is not None, timeout=30_000)
    assert suggestion.advice is not None
    assert not studio.workspace.suggested.isVisible()
    assert studio.popover._suggestion.text() == advice_words(suggestion.advice)
