"""The strip: the trainer's words, one button, colour by state, dismissed until there is something else to say."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from iic_studio.config import TrainSettings
from iic_studio.events import DiagnosisChanged, RunFinished, RunStarted
from iic_studio.gui.advised import advised
from iic_studio.gui.diagnosis_strip import DiagnosisStrip, button_words
from iic_studio.gui.session import Session
from iic_studio.training.diagnosis import COLLAPSED, Advice, Remedy

MANY = DiagnosisChanged(
    state="too_many_clusters",
    message="Too many clusters: 6 of 10 are in use.",
    action="Train with 6 clusters.",
    remedy=Remedy.OTHER_CLUSTERS,
    remedy_value=6,
)
LEARNING = DiagnosisChanged(state="learning", message="Learning: 50 %.")
PLATEAU = DiagnosisChanged(state="plateau", message="Plateau.", action="Look at the groups.")
UNFINISHED = DiagnosisChanged(state="unfinished", message="Not finished.", action="Train longer.", remedy=Remedy.LONGER, remedy_value=2)


@pytest.fixture
def strip(qtbot: QtBot) -> DiagnosisStrip:
    session = Session()
    made = DiagnosisStrip(session)
    session.setParent(made)
    qtbot.addWidget(made)
    made.resize(700, 60)
    session.note(RunStarted(run="a", job="train"))
    return made


@pytest.mark.parametrize(
    ("said", "tone", "button", "words"),
    [
        (LEARNING, "info", "", "Learning: 50 %."),
        (MANY, "warn", "Train with 6 clusters", "Too many clusters: 6 of 10 are in use."),
        (PLATEAU, "ok", "", "Plateau. Look at the groups."),
        (UNFINISHED, "info", "Train longer", "Not finished."),
        (COLLAPSED, "bad", "Choose another preset", f"{COLLAPSED.message} {COLLAPSED.action}"),
        (DiagnosisChanged(state="from_the_future", message="Odd.", remedy="wait"), "info", "", "Odd."),
    ],
)
def test_each_state_has_its_colour_words_and_button(
    strip: DiagnosisStrip, said: DiagnosisChanged, tone: str, button: str, words: str
) -> None:
    strip._session.note(said)
    assert strip.isVisible()
    assert strip.tone == tone
    assert strip.button.text() == button
    assert strip.button.isVisible() == bool(button)
    assert strip.words.text() == words
    assert strip.accessibleDescription() == words
    assert not strip._icon.pixmap().isNull()
    strip.grab()


def test_the_button_hands_out_a_typed_advice(qtbot: QtBot, strip: DiagnosisStrip) -> None:
    strip._session.note(replace(MANY, message="Read nothing into these words: 99 clusters."))
    with qtbot.waitSignal(strip.train_wanted) as wanted:
        qtbot.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    assert wanted.args == [Advice(Remedy.OTHER_CLUSTERS, 6)]
    strip._session.note(COLLAPSED)
    with qtbot.waitSignal(strip.preset_wanted):
        qtbot.mouseClick(strip.button, Qt.MouseButton.LeftButton)


def test_dismissed_it_comes_back_with_another_state_only(qtbot: QtBot, strip: DiagnosisStrip) -> None:
    session = strip._session
    session.note(LEARNING)
    strip.close_button.setFocus()
    qtbot.keyClick(strip.close_button, Qt.Key.Key_Space)
    assert not strip.isVisible()
    session.note(replace(LEARNING, message="Learning: 60 %."))
    assert not strip.isVisible()
    session.note(MANY)
    assert strip.isVisible()


def test_words_of_the_moment_end_with_the_training(strip: DiagnosisStrip) -> None:
    session = strip._session
    session.note(LEARNING)
    session.note(RunFinished(run="a", job="train", elapsed_s=1.0))
    assert not strip.isVisible()
    session.note(RunStarted(run="b", job="train"))
    session.note(MANY)
    session.note(RunFinished(run="b", job="train", elapsed_s=1.0))
    assert strip.isVisible()
    session.note(RunStarted(run="c", job="train"))
    assert not strip.isVisible()


def test_every_remedy_has_words() -> None:
    for remedy in Remedy:
        assert bool(button_words(Advice(remedy, 3))) == (remedy is not Remedy.NOTHING)


def test_advice_as_settings() -> None:
    asked = TrainSettings(clusters=10, overclusters=50, minutes=3.0)
    assert advised(asked, None, {}) == asked
    assert advised(asked, Advice(Remedy.OTHER_CLUSTERS, 6), {}) == replace(asked, clusters=6, overclusters=None)
    assert advised(asked, Advice(Remedy.LONGER, 2), {"steps": 1500, "minutes": None}) == replace(asked, minutes=None, steps=3000)
    assert advised(asked, Advice(Remedy.LONGER, 2), {"steps": None, "minutes": 5.0}) == replace(asked, minutes=10.0)
    assert advised(asked, Advice(Remedy.OTHER_PRESET), {}) == asked
