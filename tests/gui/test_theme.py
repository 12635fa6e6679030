"""Light and dark, and colours that can be told apart."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from iic_studio.gui import theme
from iic_studio.gui.curves import CurvesPage
from iic_studio.gui.heatmap import ramp
from iic_studio.gui.inspector import luminance
from iic_studio.gui.session import Session


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(False)


@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_every_ground(qapp: QApplication, dark: bool, high: bool) -> None:
    theme.apply(dark, contrast=high)
    colours = theme.tokens()
    assert theme.is_dark() is dark
    assert theme.has_contrast() is high

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
        return (high + 0.05) / (low + 0.05)

    for ground in (
        colours.window,
        colours.surface,
        colours.hover,
        colours.accent_soft,
        colours.ok_soft,
        colours.warn_soft,
        colours.bad_soft,
    ):
        assert contrast(colours.text, ground) >= 7
    for ground in (colours.window, colours.surface):
        assert contrast(colours.muted, ground) >= (7 if high else 4.5)
        assert contrast(colours.disabled, ground) >= (4.5 if high else 1)
        assert contrast(colours.border, ground) >= (7 if high else 1)
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_tooltip, colours.tooltip) >= 7


def test_charts_and_scale_follow_the_theme(qtbot: QtBot) -> None:
    theme.apply(False)
    session = Session()
    page = CurvesPage(session)
    session.setParent(page)
    qtbot.addWidget(page)
    page.show()
    plot = page.charts["loss_main"].plot
    assert plot.backgroundBrush().color().name() == theme.tokens().surface
    light = ramp()
    theme.apply(True)
    qtbot.waitUntil(lambda: plot.backgroundBrush().color().name() == theme.tokens().surface, timeout=2000)
    assert ramp().sum() != light.sum()


def test_cluster_colours_differ_and_stay(qapp: QApplication) -> None:
    names = [theme.cluster_colour(one).name() for one in range(100)]
    assert len(set(names)) == 100
    assert names[0] == "#0072b2"
    theme.apply(True)
    assert [theme.cluster_colour(one).name() for one in range(100)] == names


def test_the_scheme_can_be_chosen(qapp: QApplication) -> None:
    follower = theme.SchemeFollower("dark")
    assert theme.is_dark()
    follower.choose("light")
    assert not theme.is_dark()
    assert not theme.has_contrast()
    follower.choose("contrast")
    assert theme.has_contrast()
    assert set(follower.CHOICES) == set(theme.SCHEME_WORDS)
