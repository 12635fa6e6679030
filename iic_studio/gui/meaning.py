"""The question "What does this mean?" below a chart, which unfolds its answer."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, column, described, row


class _Answer(Label):
    """Wrapped text of a height that is set: a layout that asks for height by width forgets the least heights of its other parts."""

    def hasHeightForWidth(self) -> bool:
        return False


class Meaning(QWidget):
    """The question and its answer of two sentences."""

    def __init__(self, of: str, answer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = described(QPushButton(tr("What does this mean?")), tr("{0}: what does this mean?", of), answer)
        self.question.setProperty("role", "link")
        self.question.setCheckable(True)
        self.answer = _Answer(answer, "muted", wrap=True)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.answer.setVisible(False)
        self.question.toggled.connect(self._unfold)
        self.setLayout(column(row(self.question, None), self.answer, spacing=4))

    def _unfold(self, on: bool) -> None:
        self.answer.setVisible(on)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the answer the height that it needs."""
        self.answer.setFixedHeight(self.answer.heightForWidth(self.width()))
