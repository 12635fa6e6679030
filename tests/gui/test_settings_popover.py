"""What the panel shows is what a run is started with."""

from typing import get_args

from pytestqt.qtbot import QtBot

from iic_studio.config import POINTWISE, Method, TrainSettings, preset_names
from iic_studio.gui.settings_popover import SettingsPopover


def test_untouched_panel_leaves_all_open(qtbot: QtBot) -> None:
    panel = SettingsPopover()
    qtbot.addWidget(panel)
    assert panel.settings(7) == TrainSettings(clusters=7)


def test_every_method_and_preset_can_be_chosen_and_reset(qtbot: QtBot) -> None:
    panel = SettingsPopover()
    qtbot.addWidget(panel)
    for place, name in enumerate(name for name in get_args(Method) if name != POINTWISE):
        panel.method.setCurrentIndex(place)
        assert panel.settings(3).method == name
    for place, preset in enumerate(preset_names(), start=1):
        panel.preset.setCurrentIndex(place)
        assert panel.settings(3).preset == preset
    panel.reset()
    assert panel.settings(3) == TrainSettings(clusters=3)
