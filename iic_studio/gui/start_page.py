"""The first page: what this is, two ways in, the projects of before, and what to expect."""

from pathlib import Path
from random import Random

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from iic_studio.gui import icons, theme
from iic_studio.gui.files import printable
from iic_studio.gui.flow import Flow
from iic_studio.gui.helptexts import start_texts
from iic_studio.gui.language import tr
from iic_studio.gui.task_choice import WORDS
from iic_studio.gui.widgets import Label, Panel, column, described, empty, row
from iic_studio.project.task import IMAGES, PIXELS

WIDTH, MOST_WIDTH, LETTERS = 560, 840, 76


class Motif(QWidget):
    """Unlabelled tiles at the left that find their groups towards the right."""

    _COLUMNS, _ROWS, _TILE, _GAP = 28, 4, 16, 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pitch = self._TILE + self._GAP
        self.setFixedSize(self._COLUMNS * pitch - self._GAP, self._ROWS * pitch - self._GAP)
        random = Random(7)
        self._order = [[random.random() for _ in range(self._ROWS)] for _ in range(self._COLUMNS)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = self._TILE + self._GAP
        for column_, draws in enumerate(self._order):
            found = column_ / (self._COLUMNS - 1)
            for row_, draw in enumerate(draws):
                sorted_cluster = min(5, max(0, int((column_ - 13) / 2.5)))
                cluster = sorted_cluster if draw < 2.2 * found - 0.9 else int(draw * 97) % 6
                colour = QColor(theme.palette_colour(cluster))
                colour.setAlphaF(min(1.0, 0.1 + 1.15 * found * (0.75 + 0.25 * draw)))
                painter.setBrush(colour)
                painter.drawRoundedRect(column_ * pitch, row_ * pitch, self._TILE, self._TILE, 3, 3)


class Mark(QWidget):
    """The mark of the program."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, icons.mark(self.width(), self.devicePixelRatioF()))


class _Body(QWidget):
    """A column as wide as its letters ask for, and as high as its words need at that width."""

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.Polish):
            self.fit()
        return super().event(event)

    def fit(self) -> None:
        """Take the room that is needed now."""
        self.setFixedWidth(min(max(WIDTH, LETTERS * self.fontMetrics().averageCharWidth()), MOST_WIDTH))
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))


def _in_the_middle(body: QWidget) -> QScrollArea:
    inner = Panel("page")
    inner.setLayout(column(None, row(None, body, None), None, margins=(24, 24, 24, 24)))
    scroll = QScrollArea()  # many projects, or large text
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setAccessibleName(tr("Start"))
    scroll.setWidget(inner)
    return scroll


class StartPage(Panel):
    """`folder_wanted`, `sample_wanted`, `scenes_wanted` and `project_wanted` (a Path) say what was pressed; `task` what shall be grouped.

    `lost_wanted` and `forget_wanted` (a Path) say what is to become of a project that is not where it was.
    """

    folder_wanted = Signal()
    sample_wanted = Signal()
    scenes_wanted = Signal()
    project_wanted = Signal(object)
    lost_wanted = Signal(object)
    forget_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        texts = start_texts()
        self.open_button = described(QPushButton(tr(" Open a folder of pictures")), tr("Open a folder of pictures"), "Ctrl+O")
        self.open_button.setProperty("role", "bigPrimary")
        self.sample_button = described(
            QPushButton(tr(" Try the sample digits")),
            tr("Try the sample digits"),
            tr("1,797 handwritten digits that come with the program; no download"),
        )
        self.sample_button.setProperty("role", "big")
        self.scenes_button = described(
            QPushButton(tr(" Try the sample photographs")),
            tr("Try the sample photographs"),
            tr("Two photographs that come with the program, to find sky, buildings and plants in; no download"),
        )
        self.scenes_button.setProperty("role", "big")
        self.tasks = {
            task: described(QRadioButton(words), words, about)
            for task, words, about in (
                (IMAGES, tr("whole pictures"), tr(WORDS[IMAGES][1])),
                (PIXELS, tr("pixels: areas within pictures"), tr(WORDS[PIXELS][1])),
            )
        }
        self._group = QButtonGroup(self)
        for button in self.tasks.values():
            self._group.addButton(button)
        self.tasks[IMAGES].setChecked(True)
        self.open_button.clicked.connect(self.folder_wanted)
        self.scenes_button.clicked.connect(self.scenes_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        self._recent_box = QWidget()
        self._recent: QVBoxLayout = column(spacing=0)
        self._recent_box.setLayout(self._recent)
        honest = Label(texts["honest"], "muted", wrap=True)
        about = Label(tr("Finds groups in pictures that nobody has labelled"), "muted", wrap=True)
        head = row(Mark(56), column(Label("IIC Studio", "title"), about, spacing=0), spacing=16)
        head.setStretch(1, 1)
        body = _Body()
        # Lines that break: other languages and larger letters need more room.
        choice = Flow((Label(tr("Group")), *self.tasks.values()))
        opens = column(row(self.open_button, None), Label(texts["drop"], "muted", wrap=True), spacing=4)
        samples = Flow((self.sample_button, self.scenes_button))
        words = column(Label(texts["what"], "lead", wrap=True), 8, choice, opens, samples, 8, honest)
        body.setLayout(column(Motif(), 24, head, 16, words, 8, self._recent_box))
        body.fit()
        self.setLayout(column(_in_the_middle(body), spacing=0))
        self._dress()

    @property
    def task(self) -> str:
        """What shall be grouped in a folder that is opened for the first time."""
        return next(task for task, button in self.tasks.items() if button.isChecked())

    def show_recent(self, projects: list[tuple[Path, str, str]], lost: list[tuple[Path, str]] | None = None) -> None:
        """List (project, name, where its pictures are), newest first; then the `lost` ones (project, name), which cannot be opened."""
        empty(self._recent)
        self._recent_box.setVisible(bool(projects or lost))
        if projects or lost:
            heading = Label(tr("RECENT"), "section")
            heading.setContentsMargins(0, 0, 0, 4)
            self._recent.addWidget(heading)
        for path, name, folder in projects:
            self._recent.addWidget(self._recent_row(path, printable(name), printable(folder)))
        for path, name in lost or ():
            self._recent.addWidget(self._lost_row(path, printable(name)))

    def _recent_row(self, path: Path, name: str, folder: str) -> QPushButton:
        button = described(QPushButton(), tr("Open {0}", name), tr("{0}\nProject: {1}", folder, path))
        button.setProperty("role", "row")
        title, place = Label(name), Label(folder, "muted")
        picture = QLabel()
        picture.setPixmap(icons.pixmap("folder", 20, theme.tokens().muted, self.devicePixelRatioF()))
        for label in (title, place, picture):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = row(picture, title, place, spacing=12, margins=(8, 4, 8, 4))
        layout.setStretch(2, 1)
        place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        place.setText(self.fontMetrics().elidedText(folder, Qt.TextElideMode.ElideMiddle, WIDTH - 220))
        button.setLayout(layout)
        button.setMinimumHeight(36)
        button.clicked.connect(lambda: self.project_wanted.emit(path))
        return button

    def _lost_row(self, path: Path, name: str) -> QWidget:
        where = described(Label(tr("{0}: not where it was", name), "muted"), tr("{0}: not where it was", name), printable(str(path)))
        locate = described(QPushButton(tr("Locate…")), tr("Locate {0}", name), tr("Say where the project is now"))
        remove = described(QPushButton(tr("Remove")), tr("Remove {0}", name), tr("Take it out of this list; no file is touched"))
        for button in (locate, remove):
            button.setProperty("role", "link")
        locate.clicked.connect(lambda: self.lost_wanted.emit(path))
        remove.clicked.connect(lambda: self.forget_wanted.emit(path))
        picture = QLabel()
        picture.setPixmap(icons.pixmap("folder", 20, theme.tokens().disabled, self.devicePixelRatioF()))
        line = QWidget()
        line.setLayout(row(picture, where, None, locate, remove, spacing=12, margins=(9, 4, 9, 4)))
        line.setMinimumHeight(36)
        return line

    def _dress(self) -> None:
        self.open_button.setIcon(icons.icon("open", theme.tokens().on_accent))
        self.sample_button.setIcon(icons.icon("digits"))
        self.scenes_button.setIcon(icons.icon("map"))
        for button in (self.open_button, self.sample_button, self.scenes_button):
            button.setIconSize(QSize(20, 20))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "open_button"):
            self._dress()
