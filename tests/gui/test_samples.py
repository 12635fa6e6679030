"""The samples in the window: what `iic-studio demo` was asked for is what Train begins with."""

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from iic_studio import cli, jobs
from iic_studio.config import SCENES_DEFAULTS, TrainSettings, pixel_settings
from iic_studio.errors import StudioError
from iic_studio.gui import app
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.other_settings import OtherSettings
from iic_studio.gui.runner import State
from iic_studio.gui.sample_control import DIGITS, SCENES
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.project.store import Project
from tests.gui.windows import open_window

SMALL = {"steps": 2, "batch_size": 4, "image_size": 32, "device": "cpu"}


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    return open_window(qtbot, tmp_path / "window.ini")


def wait_until_settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.runner.state is State.IDLE and not window.session.is_reading, timeout=60_000)


def open_sample(qtbot: QtBot, window: MainWindow, *what: Any) -> None:
    """Open a sample; what was open before may have to end first."""
    with qtbot.waitSignal(window.session.opened, timeout=60_000):
        window.commands.samples.open(*what)
    wait_until_settled(qtbot, window)


def asked_in(window: MainWindow) -> TrainSettings:
    """What Train would begin with."""
    return window.popover.settings(window.top_bar.clusters.value())


def test_the_photographs_have_a_number_of_clusters_of_their_own(qtbot: QtBot, window: MainWindow, picture_folder: Path) -> None:
    window.start_page.scenes_button.click()
    wait_until_settled(qtbot, window)
    assert window.session.task.is_pixels
    assert asked_in(window) == pixel_settings(**SCENES_DEFAULTS)
    with qtbot.waitSignal(window.session.opened, timeout=60_000):
        window.open(picture_folder)
    wait_until_settled(qtbot, window)
    assert asked_in(window) == TrainSettings(), "what was set for the sample is not meant for other pictures"


def test_options_of_the_demonstration_are_what_train_begins_with(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    asked = pixel_settings(clusters=3, seed=7, displacement=2, **SMALL)
    open_sample(qtbot, window, SCENES, tmp_path / "demo", asked)
    assert (window.top_bar.clusters.value(), window.popover.seed.value()) == (3, 7)
    assert asked_in(window) == asked
    window.top_bar.train.click()
    qtbot.waitUntil(lambda: window.session.num_clusters > 0, timeout=60_000)
    wait_until_settled(qtbot, window)
    with Project.open(tmp_path / "demo" / "scenes.iicproj", writable=False) as project:
        (run,) = project.runs()
    assert {name: run.settings[name] for name in ("clusters", "seed", "displacement", "task", *SMALL)} == {
        "clusters": 3, "seed": 7, "displacement": 2, "task": "pixels", **SMALL,
    }  # fmt: skip
    open_sample(qtbot, window, SCENES, tmp_path / "demo")
    assert asked_in(window) == pixel_settings(**SCENES_DEFAULTS | {"clusters": 3}), (
        "trained with 3 last, and nobody asks for another number"
    )
    open_sample(qtbot, window, SCENES, tmp_path / "demo", pixel_settings(clusters=4))
    assert asked_in(window) == pixel_settings(clusters=4)


def test_a_sample_that_cannot_be_written_is_a_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with qtbot.waitSignal(window.runner.failed) as told:
        window.commands.samples.open(DIGITS, tmp_path / "file")
    assert isinstance(told.args[0], StudioError)
    assert window.runner.state is State.EMPTY


@pytest.mark.parametrize(
    "asked",
    [
        TrainSettings(clusters=12, preset="documents", method="deepcluster", minutes=0.25, overclusters=40, seed=3, device="cpu"),
        TrainSettings(clusters=4, encoder="resnet18", weights="resnet18.pth", method="pmi"),
        TrainSettings(clusters=4, encoder="paper", weights="model.safetensors", steps=20, head_schedule="mmo", num_repeats=2, starts=3),
        pixel_settings(clusters=6, preset="aerial", minutes=3.0, seed=1),
        pixel_settings(clusters=6, preset="coco-stuff-3", encoder="resnet18", weights="resnet18.pth", fine_tune=True, sub_heads=2),
    ],
    ids=lambda asked: f"{asked.task}-{asked.encoder}-{asked.preset}",
)
def test_the_panel_holds_whatever_can_be_asked_for(qtbot: QtBot, asked: TrainSettings) -> None:
    panel = SettingsPopover()
    qtbot.addWidget(panel)
    panel.set_task(asked.task)
    panel.show_settings(asked)
    assert panel.settings(asked.clusters) == asked
    panel.reset()
    fresh = pixel_settings(clusters=5) if asked.task == "pixels" else TrainSettings(clusters=5)
    assert panel.settings(5) == fresh
    panel.encoder.close_thread()


def test_what_has_no_field_is_named_and_gives_way_to_a_field_changed_later(qtbot: QtBot) -> None:
    panel = SettingsPopover()
    qtbot.addWidget(panel)
    panel.show_settings(TrainSettings(steps=20, image_size=40))
    assert panel._also.text() == "Also set: steps 20, image size 40 px."
    panel.minutes.setValue(2.0)
    assert panel.settings(10) == TrainSettings(minutes=2.0, image_size=40)
    panel.set_task("pixels")
    assert panel.settings(5) == pixel_settings(clusters=5, minutes=2.0), "of pixels nobody has asked for anything"
    panel.drop_others()
    assert panel._also.isHidden()


def test_a_file_of_weights_belongs_to_its_encoder() -> None:
    others = OtherSettings.of(TrainSettings(weights="model.safetensors"), TrainSettings())
    assert others.added_to(TrainSettings()).weights == "model.safetensors"
    assert others.added_to(TrainSettings(encoder="resnet18")).weights is None


def test_the_command_hands_its_options_to_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, Path | None, TrainSettings | None]] = []
    monkeypatch.setattr(app, "run", lambda _target, *, demo, place, settings: calls.append((demo, place, settings)) or 0)
    monkeypatch.setattr(cli, "_has_display", lambda: True)
    assert cli.main(["demo", "scenes"]) == 0
    assert cli.main(["demo", "scenes", "--clusters", "3", "--minutes", "2", "--out", str(tmp_path)]) == 0
    assert cli.main(["demo", "--seed", "4"]) == 0
    assert calls == [
        ("scenes", None, None),
        ("scenes", tmp_path, pixel_settings(**SCENES_DEFAULTS | {"clusters": 3, "minutes": 2.0})),
        ("digits", None, TrainSettings(seed=4)),
    ]


def test_events_as_json_are_for_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli, "_has_display", lambda: True)
    assert cli.main(["demo", "--json"]) == 2
    assert "--headless" in capsys.readouterr().err


def test_the_project_of_a_sample_is_that_of_the_terminal(tmp_path: Path) -> None:
    target = jobs.sample_target(DIGITS, tmp_path)
    assert target == tmp_path / "digits.iicproj"
    with Project.open(target) as project:
        assert project.folder == tmp_path / "digits"
    assert len(list((tmp_path / "digits").glob("*.png"))) == 1797
