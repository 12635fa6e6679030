"""A small card beside the pointer: the picture under it, its name, where the model puts it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from iic_studio.gui.widgets import ElidedLabel, column

PICTURE = 168
_AWAY = 18


class HoverCard(QFrame):
    """The card. It lies over its parent and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("popover")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture = QLabel()
        self.picture.setFixedWidth(PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedLabel(role="number")
        self.words = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideRight)
        self.setLayout(column(self.picture, self.name, self.words, spacing=4, margins=(8, 8, 8, 8)))
        self.setFixedWidth(PICTURE + 18)
        self.hide()

    def show_beside(self, at: QPoint, name: str, words: str, picture: QPixmap | None) -> None:
        """Show the card near a place of its parent, inside it."""
        self.name.set_full(name)
        self.words.set_full(words)
        self.show_picture(picture)
        self.adjustSize()
        area = self._over.rect()
        place = QRect(at + QPoint(_AWAY, _AWAY), self.size())
        if place.right() > area.right() - 8:
            place.moveRight(at.x() - _AWAY)
        if place.bottom() > area.bottom() - 8:
            place.moveBottom(max(at.y() - _AWAY, place.height() + 8))
        self.move(place.topLeft())
        self.show()
        self.raise_()

    def show_picture(self, picture: QPixmap | None) -> None:
        """Fill in the picture, when it has come."""
        if picture is None or picture.isNull():
            self.picture.setPixmap(QPixmap())
            self.picture.setFixedHeight(PICTURE)
            return
        ratio = self.devicePixelRatioF()
        side = round(PICTURE * ratio)
        shown = picture.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)
        self.picture.setFixedHeight(round(shown.height() / ratio))
        self.adjustSize()
