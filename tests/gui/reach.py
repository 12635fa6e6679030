"""What the keyboard and a screen reader get at in a window, for tests."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QSlider,
    QTabBar,
    QWidget,
)

from iic_studio.gui.command_palette import CommandPalette
from iic_studio.gui.mask_strip import MaskStrip

USED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QSlider, QAbstractScrollArea, QTabBar, QProgressBar)


def is_qts_own(widget: QWidget) -> bool:
    """Parts that Qt or the charts make inside a widget, which speak through it."""
    if widget.objectName().startswith("qt_") or isinstance(widget, QHeaderView):
        return True
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QMenu) or type(parent).__name__ in ("PlotWidget", "QComboBoxPrivateContainer"):
            return True
        if isinstance(widget, QAbstractItemView) and isinstance(parent.parentWidget(), QComboBox):
            return True
        parent = parent.parentWidget()
    return False


def nameless(top: QWidget) -> list[str]:
    """Widgets that a person uses and a screen reader has no word for."""
    found = []
    for widget in [top, *top.findChildren(QWidget)]:
        used = isinstance(widget, USED) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not used or is_qts_own(widget) or isinstance(widget, QLabel):
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not widget.accessibleName() and not text.strip():
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parentWidget()).__name__}")
    return found


def walk() -> list[QWidget]:
    """The widgets that the tab key leads to, from where the keyboard is until it comes back."""
    found: list[QWidget] = []
    for _ in range(500):
        now = QApplication.focusWidget()
        assert now is not None, f"the keyboard is nowhere after {found[-1:]}"
        if now in found:
            assert now is found[0], f"the tab key goes in circles from {now.accessibleName()}"
            return found
        found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    raise AssertionError("the tab key never comes back")


def is_reached(widget: QWidget, reached: set[QWidget]) -> bool:
    """Whether the tab key leads to a widget, to what stands for it, or to what the arrow keys go on from."""
    if widget in reached or widget.focusProxy() is not None or isinstance(widget.parentWidget(), QLineEdit | QTabBar):
        return True
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():
        return any(one in reached for one in group.buttons())
    # Nothing to do there, or the arrow keys of what has the keyboard go through it; a part with the keyboard is scrolled to.
    return isinstance(widget, QScrollArea | QScrollBar | QProgressBar | MaskStrip) or isinstance(widget.parentWidget(), CommandPalette)


def unreached(window: QWidget) -> list[str]:
    """What a person can use with the mouse, and the tab key does not lead to."""
    reached, missed = set(walk()), []
    for widget in window.findChildren(QWidget):
        used = isinstance(widget, USED) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if used and not is_qts_own(widget) and widget.isVisibleTo(window) and widget.isEnabled() and not is_reached(widget, reached):
            missed.append(f"{type(widget).__name__} “{widget.accessibleName()}” in {type(widget.parentWidget()).__name__}")
    return missed
