"""Where pictures go, as a picture: clusters at the left, classes at the right, a band for the pictures of a cluster that get a class."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import count_images, tr
from iic_studio.gui.widgets import plain_tooltip

_BAR, _GAP, _LEAST, _THINNEST = 10, 3, 1.5, 0.4


@dataclass(frozen=True)
class Stream:
    """Pictures of one cluster that get one class; -1 as class: none."""

    cluster: int
    target: int
    images: int


@dataclass(frozen=True)
class Streams:
    """What is drawn: names and colours of both sides, and the streams between them."""

    clusters: tuple[tuple[str, str], ...] = ()
    classes: tuple[tuple[str, str], ...] = ()
    streams: tuple[Stream, ...] = ()


class FlowPicture(QWidget):
    """The view. `chosen` carries the stream that was clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Streams()
        self._paths: list[tuple[Stream, QPainterPath]] = []
        self._bars: list[tuple[QRectF, str, str, bool]] = []
        self._under: Stream | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)
        self.setAccessibleName(tr("Flow from clusters to classes"))

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    def show_streams(self, streams: Streams) -> None:
        """Draw other streams."""
        self._shown, self._under = streams, None
        self.setAccessibleDescription("; ".join(self._words(one) for one in streams.streams[:40]))
        self._lay_out()
        self.update()

    @property
    def streams(self) -> Streams:
        """What is drawn."""
        return self._shown

    # Geometry -----------------------------------------------------------------------------------------------------------------------------

    def _side(
        self, order: list[int], totals: dict[int, int], names: dict[int, tuple[str, str]], x: float, *, left: bool
    ) -> dict[int, float]:
        """Bars of one side from top to bottom; returns where each begins."""
        room = self.height() - 16 - _GAP * max(len(order) - 1, 0)
        whole, y, tops = max(sum(totals.values()), 1), 8.0, {}
        for one in order:
            height = max(room * totals[one] / whole, _LEAST)
            name, colour = names[one]
            self._bars.append((QRectF(x, y, _BAR, height), name, colour, left))
            tops[one] = y
            y += height + _GAP
        return tops

    def _name_width(self) -> float:
        return min(self.width() * 0.28, 150.0)

    def _lay_out(self) -> None:
        self._paths, self._bars = [], []
        shown = self._shown
        if not shown.streams:
            return
        of_cluster: dict[int, int] = {}
        of_class: dict[int, int] = {}
        largest: dict[int, Stream] = {}
        for one in shown.streams:
            of_cluster[one.cluster] = of_cluster.get(one.cluster, 0) + one.images
            of_class[one.target] = of_class.get(one.target, 0) + one.images
            if one.cluster not in largest or one.images > largest[one.cluster].images:
                largest[one.cluster] = one
        classes = sorted(of_class, key=lambda one: (one < 0, one))
        at_right = {one: place for place, one in enumerate(classes)}
        clusters = sorted(of_cluster, key=lambda one: (at_right[largest[one].target], -of_cluster[one]))
        at_left = {one: place for place, one in enumerate(clusters)}
        targets = dict(enumerate(shown.classes)) | {-1: (tr("no class"), theme.tokens().border_strong)}
        x0, x1 = self._name_width() + 8, self.width() - self._name_width() - 8 - _BAR
        tops = self._side(clusters, of_cluster, dict(enumerate(shown.clusters)), x0, left=True)
        ends = self._side(classes, of_class, targets, x1, left=False)
        unit_left = (self.height() - 16 - _GAP * (len(clusters) - 1)) / max(sum(of_cluster.values()), 1)
        unit_right = (self.height() - 16 - _GAP * (len(classes) - 1)) / max(sum(of_class.values()), 1)
        for one in sorted(shown.streams, key=lambda s: (at_left[s.cluster], at_right[s.target])):
            left, right = tops[one.cluster], ends[one.target]
            thick, thin = max(one.images * unit_left, _THINNEST), max(one.images * unit_right, _THINNEST)
            self._paths.append((one, _band(x0 + _BAR, left, thick, x1, right, thin)))
            tops[one.cluster], ends[one.target] = left + one.images * unit_left, right + one.images * unit_right

    def resizeEvent(self, event: object) -> None:
        self._lay_out()

    # Painting -----------------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for stream, path in self._paths:
            colour = QColor(self._shown.classes[stream.target][1] if stream.target >= 0 else colours.border_strong)
            colour.setAlphaF(0.75 if stream is self._under else 0.4)
            painter.fillPath(path, colour)
        line, width = self.fontMetrics().height(), int(self._name_width())
        last = {True: -1e9, False: -1e9}
        for rect, name, colour_name, left in self._bars:
            painter.fillRect(rect, QColor(colour_name))
            middle = rect.center().y()
            if middle - last[left] < line * 0.95:
                continue  # names of thin bars would lie over each other
            last[left] = middle
            painter.setPen(QColor(colours.text))
            area = QRectF(rect.left() - width - 6 if left else rect.right() + 6, middle - line / 2, width, line)
            side = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
            shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width)
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setPen(Qt.PenStyle.NoPen)

    # Pointer ------------------------------------------------------------------------------------------------------------------------------

    def stream_at(self, point: QPointF) -> Stream | None:
        """The stream under a point; the thinnest where several are."""
        found = [stream for stream, path in self._paths if path.contains(point)]
        return min(found, key=lambda one: one.images, default=None)

    def _words(self, stream: Stream) -> str:
        target = self._shown.classes[stream.target][0] if stream.target >= 0 else tr("no class")
        return tr("{0} → {1}: {2}", self._shown.clusters[stream.cluster][0], target, count_images(stream.images))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self.stream_at(event.position())
        if under is not self._under:
            self._under = under
            self.setToolTip(plain_tooltip(self._words(under)) if under is not None else "")
            self.setCursor(Qt.CursorShape.PointingHandCursor if under is not None else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        under = self.stream_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and under is not None:
            self.chosen.emit(under)


def _band(x0: float, y0: float, thick: float, x1: float, y1: float, thin: float) -> QPainterPath:
    middle = (x0 + x1) / 2
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(middle, y0, middle, y1, x1, y1)
    path.lineTo(x1, y1 + thin)
    path.cubicTo(middle, y1 + thin, middle, y0 + thick, x0, y0 + thick)
    path.closeSubpath()
    return path
