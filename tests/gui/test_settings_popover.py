"""What the panel shows is what a run is started with."""

from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
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


def walked(qtbot: QtBot, panel: SettingsPopover, back: bool = False) -> list[str]:
    """Names of what has the keyboard, from key to key, once around."""
    found: list[str] = []
    while (focused := panel.focusWidget()) is not None and focused.accessibleName() not in found:
        found.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
    return found


def tops(panel: SettingsPopover, names: list[str]) -> list[int]:
    """How far down each of these lies."""
    of = {one.accessibleName(): one for one in panel.findChildren(QWidget) if one.isVisible() and one.accessibleName()}
    return [of[name].mapTo(panel, of[name].rect().topLeft()).y() for name in names]


@pytest.mark.parametrize("task", ["images", "pixels"])
@pytest.mark.parametrize("suggests", [False, True])
def test_the_keyboard_goes_from_top_to_bottom(qtbot: QtBot, task: str, suggests: bool) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    panel = SettingsPopover()
    qtbot.addWidget(panel)
    panel.set_task(task)
    panel.show_suggestion("Take five." if suggests else "")
    panel.open_below(button)
    assert panel.focusWidget() is (panel.pixel_preset if task == "pixels" else panel.preset)
    names = walked(qtbot, panel)
    assert ("Take it" in names) is suggests
    assert names[0] == "Kind of pictures" and {"Minutes", "Overclusters", "Seed", "Device", "Reset"} <= set(names)
    assert ("Method" in names) is (task == "images")
    down = tops(panel, names)
    if suggests:
        down = down[-1:] + down[:-1]  # what is suggested lies above where one begins
    assert down == sorted(down), names
    panel.preset.setFocus() if task == "images" else panel.pixel_preset.setFocus()
    assert walked(qtbot, panel, back=True)[1:] == names[:0:-1]
    panel.close()
