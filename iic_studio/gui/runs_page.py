"""The runs page: every training of the project with its settings and result; show, name, compare, delete, copy the card."""

import json
from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QPlainTextEdit, QProgressBar, QPushButton, QStackedWidget, QTableView, QWidget

from iic_studio.errors import StudioError
from iic_studio.gui.flow import Flow
from iic_studio.gui.language import later, tr
from iic_studio.gui.run_compare import Compared, ComparePanel, compare
from iic_studio.gui.run_table import ACCURACY, CURVE, NAME, CurveDelegate, RunModel
from iic_studio.gui.session import Change, Session
from iic_studio.gui.stability import StabilityPanel
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, Panel, action, column, described, edit_at, panel, row
from iic_studio.jobs.runs import RunFacts, RunReader, card_text, delete_run, run_card

_WIDEST = (
    "2026-12-22 20:20",
    later("finished, shown"),
    later("Clusters"),
    later("Seed"),
    later("Variational autoencoder"),
    later("Accuracy"),
    "3 min 20 s",
    later("Curve"),
    "-0.000",
    later("Information"),
    later("Differs"),
)

_SELECT = later("Select a run to read its card, or two with Ctrl and a click to compare them.")
_NO_RUN = later("No training yet. Each training becomes a line here, with its settings and its result.")


class RunsPage(Panel):
    """The page. `deleted` (title, way back) says that a run was taken out of the list, `review_wanted` (id) asks to accept one.

    `baselines_wanted`, `stability_wanted` (facts of the chosen run) and `cancel_wanted` are about what is run to compare with,
    `front_wanted` says that there is something to see here.
    """

    deleted = Signal(str, object)
    review_wanted = Signal(str)
    baselines_wanted = Signal()
    stability_wanted = Signal(object)
    cancel_wanted = Signal()
    front_wanted = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._reader = RunReader()
        self._compared = ("", "")
        self.model = RunModel(session)
        self.table = self._make_table()
        buttons = self._make_buttons()
        self._about = Label("", "muted")
        head = Flow((Label(tr("Runs"), "heading"), self._about, *buttons), keep_right=2, margins=(16, 8, 16, 8))
        self.card = QPlainTextEdit()
        self.card.setReadOnly(True)
        self.card.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.card.setAccessibleName(tr("Card of the run"))
        self.compared = ComparePanel(session, thumbnails)
        self.stability = StabilityPanel(session)
        self._hint = Label(tr(_NO_RUN), "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.below = QStackedWidget()
        card = QWidget()
        card.setLayout(row(self.card, self.stability, spacing=16, margins=(16, 12, 16, 16)))
        for part in (self._hint, card, self.compared):
            self.below.addWidget(part)
        self._gone = Label("", "muted")
        self._back = described(QPushButton(tr("Put back")), tr("Put back"), tr("Put the deleted runs back into the list"))
        self._back.setProperty("role", "link")
        self._back.clicked.connect(lambda _=False: self.put_back())
        self._gone_line = panel("plain", row(self._gone, self._back, None, margins=(16, 4, 16, 4)))
        self._progress_line = self._make_progress()
        body = column(panel("pageHeader", head), self._progress_line, self.table, self._gone_line, self.below, spacing=0)
        body.setStretch(2, 2)
        body.setStretch(4, 3)
        self._progress_line.hide()
        self.setLayout(body)
        self._fit_columns()
        session.changed.connect(self._follow)
        self._say_chosen()

    def _make_buttons(self) -> tuple[QPushButton, ...]:
        self.show_button = self._button(tr("Preview"), tr("Show the pictures as this run groups them; nothing changes"), self.show_chosen)
        self.use_button = self._button(tr("Use…"), tr("See what this run would change in your clusters, and accept it"), self.use_chosen)
        self.rename_button = self._button(tr("Rename"), tr("Give this run a name (F2)"), self.rename_chosen)
        self.delete_button = self._button(tr("Delete"), tr("Take these runs out of the list; Undo puts them back"), self.delete_chosen)
        self.card_button = self._button(tr("Copy card"), tr("Copy settings, versions, device, data and result of this run"))
        menu = QMenu(self.card_button)
        menu.addAction(tr("As text")).triggered.connect(lambda _=False: self.copy_card(as_json=False))
        menu.addAction(tr("As JSON")).triggered.connect(lambda _=False: self.copy_card(as_json=True))
        self.card_button.setMenu(menu)
        self.card_button.setProperty("role", "menu")
        self.baselines_button = self._button(
            tr("Baselines…"), tr("Run simple methods on the same pictures, to compare with"), self.baselines_wanted.emit
        )
        self.stability_button = self._button(
            tr("Stability…"), tr("Repeat this run with other seeds, and see which clusters come back"), self._wish_stability
        )
        first = (self.show_button, self.use_button, self.rename_button, self.card_button, self.delete_button)
        return (*first, self.baselines_button, self.stability_button)

    def _make_progress(self) -> QWidget:
        """A line that says how far a job is that runs something to compare with."""
        self.progress = Label("", "muted")
        self.progress_bar = described(QProgressBar(), tr("Progress"))
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedWidth(160)
        self.cancel_button = self._button(tr("Cancel"), tr("Stop; what was found so far stays"), self.cancel_wanted.emit)
        return panel("plain", row(self.progress, self.progress_bar, self.cancel_button, None, spacing=12, margins=(16, 4, 16, 8)))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setTabKeyNavigation(False)
        table.setModel(self.model)
        table.setItemDelegateForColumn(CURVE, CurveDelegate(table))
        table.setAccessibleName(tr("Runs"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        table.selectionModel().selectionChanged.connect(self._say_chosen)
        table.doubleClicked.connect(lambda index: table.edit(index) if index.column() == NAME else self.show_chosen())
        action(table, tr("Delete"), self.delete_chosen, "Ctrl+Del")
        return table

    def _button(self, text: str, tip: str, do: Callable[[], object] | None = None) -> QPushButton:
        button = described(QPushButton(text), text, tip)
        if do is not None:
            button.clicked.connect(lambda _=False: do())
        return button

    def _fit_columns(self) -> None:
        """As wide as what they hold, in any size of text."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)  # as the name of the run shown is written
        header = self.table.horizontalHeader()
        for place, widest in enumerate(_WIDEST):
            metrics = QFontMetrics(font) if place == NAME else self.fontMetrics()
            header.resizeSection(place, metrics.horizontalAdvance(tr(widest)) + (36 if place == NAME else 28))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "table"):
            self._fit_columns()

    # What is read ---------------------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.model.take([])
            self._say_chosen()
        if what & (Change.CLUSTERS | Change.PROJECT) and self.isVisible():
            self.reload()

    def reload(self) -> None:
        """Read the runs again, in the background."""
        self._session.ask(lambda project: (self._reader.all(project), len(project.runs(deleted=True, beside=True))), self._take)

    def _take(self, read: tuple[list[RunFacts], int]) -> None:
        runs, gone = read
        chosen = {facts.row.id for facts in self.chosen()}
        self.model.take(runs)
        model, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place, facts in enumerate(runs):
            if facts.row.id in chosen:
                model.select(self.model.index(place, 0), flags)
        one = tr("1 deleted run goes from the disk when the project is closed.")
        self._gone.setText(one if gone == 1 else tr("{0} deleted runs go from the disk when the project is closed.", gone))
        self._gone_line.setVisible(gone > 0)
        self._about.setText(tr("{0:,} runs, the newest first", len(runs)) if len(runs) > 1 else "")
        self._hint.setText(tr(_SELECT if runs else _NO_RUN))
        self.table.setColumnHidden(ACCURACY, all(facts.accuracy is None for facts in runs))
        self._say_chosen()

    # What is chosen -------------------------------------------------------------------------------------------------------------------

    def chosen(self) -> list[RunFacts]:
        """The selected runs, from top to bottom."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.runs[place] for place in rows if place < len(self.model.runs)]

    def _say_chosen(self) -> None:
        chosen = self.chosen()
        one = len(chosen) == 1
        self.show_button.setEnabled(one and chosen[0].has_clusters and not self.model.is_shown(chosen[0]))
        self.rename_button.setEnabled(one)
        self.card_button.setEnabled(one)
        can_use = one and chosen[0].has_clusters and not self.model.is_in_use(chosen[0]) and not self._is_running(chosen[0])
        self.use_button.setEnabled(can_use)
        self.delete_button.setEnabled(bool(chosen))
        can_repeat = one and not chosen[0].baseline and chosen[0].row.state == "finished"
        self.stability_button.setEnabled(can_repeat and self._progress_line.isHidden())
        if one:
            self.stability.show_run(chosen[0].row)
            text = card_text(chosen[0])
            if text != self.card.toPlainText():
                self.card.setPlainText(text)
        if len(chosen) == 2:
            self._compare(chosen[1], chosen[0])
        self.below.setCurrentIndex({1: 1, 2: 2}.get(len(chosen), 0))

    def _wish_stability(self) -> None:
        for facts in self.chosen()[:1]:
            self.stability_wanted.emit(facts)

    def show_progress(self, words: str, share: float | None) -> None:
        """Say how far a job is that runs something to compare with; a share of None: not known."""
        self.progress.setText(words)
        self.progress_bar.setRange(0, 0 if share is None else 1000)
        self.progress_bar.setValue(round(1000 * (share or 0.0)))
        self._progress_line.show()
        self.baselines_button.setEnabled(False)
        self.stability_button.setEnabled(False)

    def hide_progress(self) -> None:
        """It is over."""
        self._progress_line.hide()
        self.baselines_button.setEnabled(True)
        self._say_chosen()

    def _is_running(self, facts: RunFacts) -> bool:
        return facts.row.id == self._session.training_run

    def _compare(self, first: RunFacts, second: RunFacts) -> None:
        """Compare the older with the newer one."""
        pair = first.row.id, second.row.id
        if pair == self._compared and self.compared.model.compared is not None and not self._is_running(second):
            return
        self._compared = pair
        self.compared.sentence.setText(tr("Comparing…"))
        self._session.ask(lambda project: compare(project, first, second), self._show_compared)

    def _show_compared(self, compared: Compared) -> None:
        if (compared.first.row.id, compared.second.row.id) == self._compared:
            self.compared.show_compared(compared)

    # What is done with it -------------------------------------------------------------------------------------------------------------

    def show_chosen(self) -> None:
        """Show the clusters of the selected run everywhere."""
        chosen = self.chosen()
        if len(chosen) == 1:
            self._session.show_run(chosen[0].row.id)

    def use_chosen(self) -> None:
        """Ask for what the selected run would change."""
        for facts in self.chosen()[:1]:
            self.review_wanted.emit(facts.row.id)

    def rename_chosen(self) -> None:
        """Edit the name of the selected run."""
        rows = self.table.selectionModel().selectedRows(NAME)
        if len(rows) == 1:
            self.table.setCurrentIndex(rows[0])
            edit_at(self.table, rows[0])

    def copy_card(self, *, as_json: bool) -> None:
        """Put the card of the selected run on the clipboard."""
        for facts in self.chosen()[:1]:
            text = json.dumps(run_card(facts), indent=2, ensure_ascii=False) if as_json else card_text(facts)
            QGuiApplication.clipboard().setText(text)

    def delete_chosen(self) -> None:
        """Take the selected runs out of the list; their folders go when the project is closed."""
        session, chosen = self._session, self.chosen()
        if session.project is None:
            return
        gone: list[RunFacts] = []
        try:
            for facts in chosen:
                if facts.row.state == "running" and not self._is_running(facts):  # by a program that is no more: the project is open here
                    session.project.update_run(facts.row.id, state="stopped")
                delete_run(session.project, facts.row)
                gone.append(facts)
        except StudioError as error:
            session.failed.emit(error)
        if not gone:
            return
        ids = [facts.row.id for facts in gone]
        self._changed()
        if len(gone) == len(chosen):
            self.deleted.emit(gone[0].title if len(gone) == 1 else tr("{0} runs", len(gone)), lambda: self.put_back(ids))

    def put_back(self, ids: list[str] | None = None) -> None:
        """Put deleted runs back, all of them if none is named."""
        project = self._session.project
        if project is None:
            return
        try:
            for run in project.runs(deleted=True, beside=True):
                if not ids or run.id in ids:
                    project.delete_run(run.id, deleted=False)
        except StudioError as error:
            self._session.failed.emit(error)
        self._changed()

    def _changed(self) -> None:
        self._session.show_run(self._session.wanted_run)  # another one, where it was deleted
        QTimer.singleShot(0, self, self.reload)
