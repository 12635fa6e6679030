"""A layout that puts items side by side as long as there is room and goes on below: for tools whose words may become long or large."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from iic_studio.gui import theme


class Flow(QLayout):
    """Lines of items; `keep_right` moves the items from that place on to the right edge of the first line while all fit in one."""

    def __init__(self, items: Sequence[QWidget], keep_right: int | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._keep_right = keep_right
        self._heights: dict[int, int] = {}  # for each width; a window that is resized asks dozens of times
        self.setSpacing(theme.GRID)
        self.setContentsMargins(*margins)
        for item in items:
            self.addWidget(item)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), moving=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """The items have changed."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        margins = self.contentsMargins()
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        height = max((size.height() for size in shown), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        margins = self.contentsMargins()
        width = max((size.width() for size in shown), default=0)
        height = max((size.height() for size in shown), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _place(self, rect: QRect, *, moving: bool) -> int:
        """Place the items in a rectangle; returns the height they need."""
        margins, gap = self.contentsMargins(), self.spacing()
        inner = rect.marginsRemoved(margins)
        lines: list[list[tuple[int, QLayoutItem, QSize]]] = [[]]
        used = 0
        for number, item in enumerate(self._items):
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            size = QSize(min(hint.width(), max(inner.width(), item.minimumSize().width())), hint.height())
            if lines[-1] and used + size.width() > inner.width():
                lines.append([])
                used = 0
            lines[-1].append((number, item, size))
            used += size.width() + gap
        top = inner.top()
        spare = inner.width() - (used - gap) if len(lines) == 1 and self._keep_right is not None else 0
        for line in lines:
            height = max((size.height() for _, _, size in line), default=0)
            left = inner.left()
            for number, item, size in line:
                if spare > 0 and self._keep_right is not None and number >= self._keep_right:
                    left, spare = left + spare, 0
                if moving:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + gap
            top += height + gap
        return top - gap - inner.top() + margins.top() + margins.bottom()
