"""A line of small pictures: a few of a set, to show what the set is about."""

from collections.abc import Set

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import amount, count_images
from iic_studio.gui.session import Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.records import IntArray

_GAP = 4


def middle_square(picture: QPixmap) -> QRect:
    """The largest square in the middle of a picture."""
    side = min(picture.width(), picture.height())
    return QRect((picture.width() - side) // 2, (picture.height() - side) // 2, side, side)


class PictureStrip(QWidget):
    """As many pictures of a set as there is room for, and how many more there are.

    Args:
        asker: name under which thumbnails are asked for; one for each strip that is seen at the same time.
    """

    def __init__(self, session: Session, thumbnails: Thumbnails, asker: str, side: int = 56, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._thumbnails, self._asker, self._side = session, thumbnails, asker, side
        self._rows: list[int] = []
        self._total = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(side)
        thumbnails.arrived.connect(self._pictures_came)

    def show_images(self, images: IntArray) -> None:
        """Show the first of these."""
        rows = self._session.table.rows_of(images[:64])
        self._rows = rows[rows >= 0].tolist()
        self._total = len(images)
        self.setAccessibleName(count_images(self._total))
        self._ask()
        self.update()

    def forget(self) -> None:
        """Ask for nothing any more."""
        self._thumbnails.want(self._asker, [])

    def sizeHint(self) -> QSize:
        return QSize(5 * (self._side + _GAP), self._side)

    def _fitting(self) -> int:
        """Pictures that fit, with room for the number of the others."""
        pitch = self._side + _GAP
        whole = (self.width() + _GAP) // pitch
        return max(1, whole if self._total <= whole else (self.width() - self._number_width()) // pitch)

    def _number_width(self) -> int:
        """Room for the number of the others; in large letters it is wider than a picture."""
        return max(self._side, self.fontMetrics().horizontalAdvance(f"+{amount(self._total)}"))

    def _seen(self) -> list[int]:
        """Rows that are painted; the table may have become a shorter one."""
        return [row for row in self._rows if row < len(self._session.table)][: self._fitting()]

    def _ask(self) -> None:
        # Twice the side: the square is cut out of the middle.
        side = round(2 * self._side * self.devicePixelRatioF())
        self._thumbnails.want(self._asker, self._thumbnails.lacking(self._session.table, self._seen(), side))

    def _pictures_came(self, images: Set[int]) -> None:
        if not images.isdisjoint(self._session.table.ids[self._seen()].tolist()):
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, table, left = theme.tokens(), self._session.table, 0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rows = self._seen()
        for row in rows:
            square = QRect(left, 0, self._side, self._side)
            painter.fillRect(square, QColor(colours.sunken))
            found = self._thumbnails.get(int(table.ids[row]))
            if found is not None and not found.picture.isNull():
                painter.drawPixmap(square, found.picture, middle_square(found.picture))
            left += self._side + _GAP
        if self._total > len(rows):
            painter.setPen(QColor(colours.muted))
            area = QRect(left, 0, self._number_width(), self._side)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"+{amount(self._total - len(rows))}" if rows else "")
