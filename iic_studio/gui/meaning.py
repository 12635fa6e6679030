"""The question "What does this mean?" below a chart, which unfolds its answer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from iic_studio.gui.widgets import Label, column, described, row


class Meaning(QWidget):
    """The question and its answer of two sentences."""

    def __init__(self, of: str, answer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = described(QPushButton("What does this mean?"), f"{of}: what does this mean?", answer)
        self.question.setProperty("role", "link")
        self.question.setCheckable(True)
        self.answer = Label(answer, "muted", wrap=True)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.answer.setVisible(False)
        self.question.toggled.connect(self.answer.setVisible)
        self.setLayout(column(row(self.question, None), self.answer, spacing=4))
