"""Fetches an encoder's weights beside the window, after a yes to a question that names size, source and place."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.gui.encoder_box import EncoderBox
from iic_studio.gui.files import printable
from iic_studio.gui.language import tr
from iic_studio.gui.notice import Notice
from iic_studio.gui.runner import Runner
from iic_studio.gui.telling import told
from iic_studio.gui.worker import JobThread
from iic_studio.jobs.weights import fetch_weights
from iic_studio.training.download import Source
from iic_studio.words import file_size


class WeightsControl(QObject):
    """Binds the box to the runner."""

    def __init__(self, runner: Runner, box: EncoderBox, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._runner, self._box, self._notice, self._window = runner, box, notice, window
        self._thread: JobThread | None = None
        self._result: Event | None = None
        self.question: QMessageBox | None = None
        box.download_wanted.connect(self.ask)
        runner.failed.connect(self._offer, Qt.ConnectionType.QueuedConnection)  # after the window has told of it

    def ask(self, source: Source) -> None:
        """Ask whether to fetch; nothing happens without a yes."""
        if self._thread is not None:
            return
        question = self.question = QMessageBox(self._window)
        question.setWindowTitle(tr("Download weights"))
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(tr("Fetch the weights of {0}?", source.name))
        question.setInformativeText(
            tr(
                "About {0} come from\n{1}\nand are kept in\n{2}\nNothing about your pictures is sent.",
                file_size(source.num_bytes),
                source.url,
                printable(str(source.path.parent)),
            )
        )
        yes = question.addButton(tr("Download"), QMessageBox.ButtonRole.AcceptRole)
        no = question.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(no)
        question.setEscapeButton(no)
        question.finished.connect(lambda _: self._answered(question, question.clickedButton() is yes, source))
        question.open()

    def _offer(self, error: StudioError) -> None:
        """A training that lacks its weights says so in the words of the window, with the way out."""
        source = self._box.source
        if source is not None and error.message.startswith(f"The weights of {source.name} "):
            self._notice.tell(self._box.state.text(), "bad", label=tr("Download…"), do=lambda: self.ask(source))

    def _answered(self, question: QMessageBox, is_yes: bool, source: Source) -> None:
        self.question = None
        question.deleteLater()
        if is_yes:
            self.fetch(source)

    def fetch(self, source: Source) -> None:
        """Fetch; whoever calls this has asked."""
        self._result = None
        self._thread = self._runner.start_beside(lambda: fetch_weights(source), self._hear, self._ended)
        self._notice.tell(tr("Fetching the weights of {0}…", source.name), label=tr("Cancel"), do=self._thread.close)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ProgressMade) and event.total and self._thread is not None and self._notice.isVisible():
            words = tr("Fetching weights: {0} of {1}", file_size(event.done), file_size(event.total))
            self._notice.tell(words, label=tr("Cancel"), do=self._thread.close)
        elif isinstance(event, RunFinished | RunFailed):
            self._result = event

    def _ended(self) -> None:
        self._thread = None
        if isinstance(self._result, RunFailed):
            self._notice.tell(told(self._result.message, self._result.hint), "bad")
        elif self._result is not None:
            self._notice.tell(tr("The weights are here."), "ok")
        else:
            self._notice.hide()
        self._box.look()
