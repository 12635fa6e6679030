"""A monkey with fixed seeds uses the window of a small trained project. By hand, for longer and with other seeds:

    MONKEY_SECONDS=30 python -m pytest tests/gui/test_monkey.py -s
    MONKEY_SECONDS=60 MONKEY_SEEDS=10-30 python -m pytest tests/gui/test_monkey.py -s

The steps are printed, so a failure says what was done before it.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.logging import QtLoggingPlugin
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.project.store import Project
from tests import fake_umap
from tests.gui.finished import make_template
from tests.gui.monkey import Broken, Monkey, SmallJobs, confine

SECONDS = float(os.environ.get("MONKEY_SECONDS", "0"))
STEPS_OF_A_TRAINING = 40
SMALL = TrainSettings(clusters=4, steps=20, batch_size=16, image_size=16, sub_heads=2, seed=5)


def _seeds() -> list[int]:
    first, _, last = os.environ.get("MONKEY_SEEDS", "1-3").partition("-")
    return list(range(int(first), int(last or first) + 1))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, make_pictures: Callable[..., dict[str, str]]) -> Path:
    """A folder with a project whose last run was learned, so that there is a network to ask."""
    place = tmp_path_factory.mktemp("trained")
    with Project.open(make_template(place, make_pictures)) as project:
        for _ in jobs.train(project, SMALL):
            pass
    return place


@pytest.fixture
def let_loose(
    qtbot: QtBot,
    qtlog: QtLoggingPlugin,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_pictures: Callable[..., dict[str, str]],
) -> Callable[..., None]:
    """A function `(seed, **limits)` that lets a monkey use the window, and fails with its steps when something breaks."""

    def run(seed: int, **limits: float) -> None:
        place = tmp_path / "monkey"
        shutil.copytree(trained, place)
        other = place / "other"
        make_pictures(other, 3, seed=seed)
        home = place / "template.iicproj"
        with Project.open(home) as project:  # the project knows its folder by its place
            project.set_meta("folder", os.fsencode(place / "pictures").hex())
        confine(monkeypatch, place, seed)
        fake_umap.install(tmp_path / "fake", monkeypatch)

        def make_window() -> MainWindow:
            made = MainWindow(SmallJobs(other, STEPS_OF_A_TRAINING), Preferences(place / "window.ini"))
            qtbot.addWidget(made, before_close_func=lambda _: close(made))
            made.resize(1280, 800)
            made.show()
            return made

        def close(window: MainWindow) -> None:
            window.close()
            qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)

        def messages() -> list[str]:
            return [f"Qt: {record.message}" for record in qtlog.records if not record.ignored and record.type.name != "QtDebugMsg"]

        monkey = Monkey(qtbot, make_window, (home, other, place / "pictures"), place, seed, print)
        monkey.window.open(home)
        broken = ""
        try:
            monkey.run(messages=messages, **limits)
        except Broken as error:
            broken = str(error)
        if broken:
            last = "\n".join(monkey.steps[-25:])
            pytest.fail(f"seed {seed}, {len(monkey.steps)} steps, the last of them:\n{last}\n\n{broken}", pytrace=False)
        assert monkey.steps

    return run


def test_a_short_monkey_breaks_nothing(let_loose: Callable[..., None]) -> None:
    let_loose(0, steps=300)


@pytest.mark.slow
@pytest.mark.skipif(not SECONDS, reason="by hand: MONKEY_SECONDS says how long each seed has")
@pytest.mark.timeout(SECONDS + 240)
@pytest.mark.parametrize("seed", _seeds())
def test_a_monkey_breaks_nothing(let_loose: Callable[..., None], seed: int) -> None:
    let_loose(seed, seconds=SECONDS)
