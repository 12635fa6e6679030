"""Our own line icons in the colours of the theme, crisp at any scale."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from iic_studio.gui import theme
from iic_studio.paths import shipped

_SIZES = (16, 20, 32, 40, 64)


def pixmap(name: str, side: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """One icon as a picture of `side` logical pixels in one colour."""
    source = shipped("resources", "icons", f"{name}.svg").read_text(encoding="utf-8").replace("#000", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str | None = None) -> QIcon:
    """An icon for actions and buttons; paler when disabled."""
    colours = theme.tokens()
    return _icon(name, colour or colours.text, colours.disabled)


@functools.lru_cache(maxsize=128)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    result = QIcon()
    for side in _SIZES:
        result.addPixmap(pixmap(name, side, colour), QIcon.Mode.Normal)
        result.addPixmap(pixmap(name, side, disabled), QIcon.Mode.Disabled)
    return result


def application_icon() -> QIcon:
    """The mark of the program: `resources/icon.svg`, or the tiles of the start page while there is none."""
    try:
        path = shipped("resources", "icon.svg")
    except FileNotFoundError:
        return QIcon(mark(64))
    return QIcon(str(path))


def mark(side: int, ratio: float = 1.0) -> QPixmap:
    """Nine tiles that have found their groups: the program's mark, drawn."""
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    gap = side * 0.07
    tile = (side - 2 * gap) / 3
    for row, line in enumerate(((0, 0, 1), (0, 1, 1), (2, 2, 1))):
        for column, cluster in enumerate(line):
            painter.setBrush(QColor(QColor(theme.palette_colour((0, 1, 2)[cluster]))))
            painter.drawRoundedRect(QRectF(column * (tile + gap), row * (tile + gap), tile, tile), tile * 0.2, tile * 0.2)
    painter.end()
    return picture
