"""What lies on the corners of the map: tools at the right, the meaning of the colours at the left."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton

from iic_studio.gui import icons, theme
from iic_studio.gui.colouring import Colouring
from iic_studio.gui.language import tr
from iic_studio.gui.map_view import MapView, Tool
from iic_studio.gui.widgets import column, described

_KEY_ZOOM = 1.35
_BAR_WIDTH, _BAR_HEIGHT = 132, 10
_WIDEST = 200


class MapTools(QFrame):
    """Buttons over the map: lasso or box, closer, farther, the whole map."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self.setObjectName("mapTools")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._view = view
        self._icons: list[tuple[QToolButton, str]] = []
        self.lasso = self._button("lasso", tr("Lasso"), tr("Draw around points to select them (Shift adds, Alt takes away)"))
        self.box = self._button("box", tr("Box"), tr("Draw a box around points to select them (Shift adds, Alt takes away)"))
        group = QButtonGroup(self)
        for button in (self.lasso, self.box):
            button.setCheckable(True)
            group.addButton(button)
        self.lasso.setChecked(True)
        self.box.toggled.connect(self._choose)
        self.closer = self._button("plus", tr("Closer"), tr("Closer (+, or the wheel)"))
        self.farther = self._button("minus", tr("Farther"), tr("Farther (−, or the wheel)"))
        self.whole = self._button("fit", tr("The whole map"), tr("The whole map (Home, or double click)"))
        self.closer.clicked.connect(lambda: view.look_from(view.camera.zoomed(_KEY_ZOOM)))
        self.farther.clicked.connect(lambda: view.look_from(view.camera.zoomed(1 / _KEY_ZOOM)))
        self.whole.clicked.connect(view.reset_view)
        self.setLayout(column(self.lasso, self.box, 6, self.closer, self.farther, self.whole, spacing=2, margins=(3, 3, 3, 3)))
        self._dress()
        view.installEventFilter(self)

    def _button(self, icon: str, name: str, tip: str) -> QToolButton:
        button = described(QToolButton(), name, tip)
        button.setProperty("role", "tool")
        button.setIconSize(QSize(18, 18))
        self._icons.append((button, icon))
        return button

    def enterEvent(self, event: QEnterEvent) -> None:
        self._view.point_away()  # the view itself is not told that the pointer has gone to one of its children

    def _choose(self, box: bool) -> None:
        self._view.tool = Tool.BOX if box else Tool.LASSO

    def _dress(self) -> None:
        for button, icon in self._icons:
            button.setIcon(icons.icon(icon))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.adjustSize()
            self.move(self._view.width() - self.width() - 8, 8)
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()


class MapLegend(QFrame):
    """What the colours mean, where no list beside the map says it."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self.setObjectName("mapLegend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view = view
        self._colouring: Colouring | None = None
        self.setAccessibleName(tr("Meaning of the colours"))
        self.hide()
        view.installEventFilter(self)

    def explain(self, colouring: Colouring) -> None:
        """Show the meaning of these colours; nothing when they have no legend."""
        self._colouring = colouring
        self.setVisible(bool(colouring.legend) or colouring.scale is not None)
        words = [text for _, text in colouring.legend] or list(colouring.scale or ())
        self.setAccessibleDescription(", ".join(words))
        self._settle()
        self.update()

    def _settle(self) -> None:
        self.resize(self.sizeHint())
        self.move(8, self._view.height() - self.height() - 8)

    def _line(self) -> int:
        return QFontMetrics(self.font()).height() + 4

    def sizeHint(self) -> QSize:
        if self._colouring is None:
            return QSize(0, 0)
        metrics = QFontMetrics(self.font())
        if self._colouring.scale is not None:
            return QSize(_BAR_WIDTH + 24, _BAR_HEIGHT + self._line() + 22)
        widest = max((metrics.horizontalAdvance(text) for _, text in self._colouring.legend), default=0)
        return QSize(min(widest, _WIDEST) + 44, self._line() * len(self._colouring.legend) + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._colouring is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._colouring.scale is not None:
            self._paint_scale(painter, self._colouring)
        else:
            self._paint_list(painter, self._colouring)

    def _paint_scale(self, painter: QPainter, colouring: Colouring) -> None:
        steps = colouring.colours[:-1]
        bar = QRectF(12, 10, _BAR_WIDTH, _BAR_HEIGHT)
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in enumerate(steps):
            shades.setColorAt(place / (len(steps) - 1), colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shades)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QColor(theme.tokens().muted))
        below = QRectF(bar.left(), bar.bottom() + 3, bar.width(), self._line())
        for side, text in zip((Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), colouring.scale or (), strict=False):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_list(self, painter: QPainter, colouring: Colouring) -> None:
        metrics = QFontMetrics(self.font())
        for place, (colour, text) in enumerate(colouring.legend):
            line = QRectF(12, 7 + place * self._line(), self.width() - 24, self._line())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(line.left(), line.center().y() - 4.5, 9, 9))
            painter.setPen(QColor(theme.tokens().text))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _WIDEST)
            painter.drawText(line.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._settle()
        return False
