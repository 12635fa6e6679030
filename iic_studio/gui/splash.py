"""What is seen while torch is imported.

A label, not a `QSplashScreen`: that one waits inside `show` until the desktop says that it can be seen, and since no event is looked at
meanwhile, it waits a whole second (also in `FreeCAD/FreeCAD`, pull request 29917).
"""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from iic_studio import __version__
from iic_studio.gui import icons, theme
from iic_studio.gui.language import tr

_WIDTH, _HEIGHT = 420, 200


def make_splash() -> QLabel:
    """The splash in the colours of the theme, in the middle of the screen."""
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
    splash = QLabel()
    splash.setWindowFlags(Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
    splash.setPixmap(picture)
    splash.resize(_WIDTH, _HEIGHT)
    splash.move(QApplication.primaryScreen().availableGeometry().center() - splash.rect().center())
    return splash
