"""Tools that go on below when there is no room beside."""

import itertools

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from iic_studio.gui.flow import Flow


def make(qtbot: QtBot, keep_right: int | None = None) -> tuple[QWidget, list[QPushButton]]:
    holder, buttons = QWidget(), [QPushButton(f"Button {number}") for number in range(4)]
    holder.setLayout(Flow(buttons, keep_right, (10, 5, 10, 5)))
    qtbot.addWidget(holder)
    holder.show()
    return holder, buttons


def test_items_stand_in_one_line_where_they_fit(qtbot: QtBot) -> None:
    holder, buttons = make(qtbot)
    holder.resize(holder.sizeHint().width(), 200)
    assert len({button.y() for button in buttons}) == 1
    assert all(one.geometry().right() < other.x() for one, other in itertools.pairwise(buttons))
    assert buttons[0].x() == 10
    assert holder.layout().heightForWidth(holder.width()) == holder.sizeHint().height()  # type: ignore[union-attr]


def test_items_go_on_below_and_none_is_cut(qtbot: QtBot) -> None:
    holder, buttons = make(qtbot)
    width = 2 * buttons[0].sizeHint().width() + 40
    holder.resize(width, holder.layout().heightForWidth(width))  # type: ignore[union-attr]
    assert len({button.y() for button in buttons}) == 2
    for button in buttons:
        assert holder.rect().contains(button.geometry())
        assert button.width() == button.sizeHint().width()


def test_the_rest_stands_at_the_right_edge(qtbot: QtBot) -> None:
    holder, buttons = make(qtbot, keep_right=2)
    holder.resize(900, 60)
    assert buttons[3].geometry().right() == 900 - 10 - 1
    assert buttons[1].geometry().right() < 400
    buttons[3].hide()
    holder.layout().activate()  # type: ignore[union-attr]
    holder.resize(901, 60)
    assert buttons[2].geometry().right() == 901 - 10 - 1, "hidden items take no room"
