"""What is seen while torch is imported."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSplashScreen

from iic_studio import __version__
from iic_studio.gui import icons, theme
from iic_studio.gui.language import tr

_WIDTH, _HEIGHT = 420, 200


def make_splash() -> QSplashScreen:
    """The splash in the colours of the theme."""
    ratio = QApplication.primaryScreen().devicePixelRatio()
    colours = theme.tokens()
    picture = QPixmap(round(_WIDTH * ratio), round(_HEIGHT * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(colours.surface))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPixmap(40, 60, icons.mark(80, ratio))
    font = QFont(QApplication.font())
    font.setPointSizeF(22)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRect(148, 60, 260, 44), left, "IIC Studio")
    painter.setFont(QApplication.font())
    painter.setPen(QColor(colours.muted))
    painter.drawText(QRect(148, 104, 260, 24), left, tr("Version {0}, starting…", __version__))
    painter.setPen(QColor(colours.border))
    painter.drawRect(0, 0, _WIDTH - 1, _HEIGHT - 1)
    painter.end()
    return QSplashScreen(picture)
