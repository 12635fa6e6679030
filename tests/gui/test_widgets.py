"""Building blocks: a line that is cut where there is no room, and pages that nobody asks for their height."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.widgets import ElidedLabel


class Counter(QObject):
    """Counts events of a kind, of all widgets."""

    def __init__(self, kind: QEvent.Type) -> None:
        super().__init__()
        self.kind, self.count = kind, 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == self.kind
        return False


def test_a_long_line_is_cut_and_told_whole(qtbot: QtBot) -> None:
    holder, label = QWidget(), ElidedLabel(mode=Qt.TextElideMode.ElideRight)
    qtbot.addWidget(holder)
    layout = QVBoxLayout(holder)
    layout.addWidget(label)
    text = "a name that is much too long for <b>this</b> place\nin two lines"
    label.set_full(text)
    holder.resize(120, 60)
    holder.show()
    assert label.full == text
    assert label.shown.endswith("…") and label.fontMetrics().horizontalAdvance(label.shown) <= label.width()
    assert "&lt;b&gt;this" in label.toolTip()
    QApplication.processEvents()
    requests = Counter(QEvent.Type.LayoutRequest)
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(requests)
    holder.resize(900, 60)
    QApplication.processEvents()
    application.removeEventFilter(requests)
    assert label.shown == label.text() == text.replace("\n", " ")
    assert not label.toolTip()
    assert not requests.count, "no line of a window is laid out anew because another fits"


def test_pages_out_of_sight_are_not_asked_for_their_height(studio: MainWindow) -> None:
    centre = studio.workspace.centre
    assert any(centre.widget(place).hasHeightForWidth() for place in range(centre.count()))
    assert not centre.hasHeightForWidth()
