"""The bar at the top: open, what is grouped and into how many clusters, settings, train, pause, stop and keep, export."""

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QSizePolicy, QSpinBox, QToolButton, QWidget

from iic_studio.config import DEFAULT_CLUSTERS
from iic_studio.gui import icons, theme
from iic_studio.gui.actions import Actions, edit_menu
from iic_studio.gui.language import tr
from iic_studio.gui.runner import BUSY, IN_TRAINING, State
from iic_studio.gui.task_choice import WORDS
from iic_studio.gui.widgets import ActionButton, Label, described, row


class TopBar(QFrame):
    """Buttons for the actions of the window; which ones are there depends on its state."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._actions = actions
        self.task = described(QComboBox(), tr("What to group"), "\n".join(f"{tr(name)}: {tr(words)}." for name, words in WORDS.values()))
        for task, (name, _) in WORDS.items():
            self.task.addItem(tr(name), task)
        self.clusters = described(
            QSpinBox(), tr("Number of clusters"), tr("How many groups to look for; a few too many is better than too few")
        )
        self.clusters.setRange(2, 10_000)
        self.clusters.setValue(DEFAULT_CLUSTERS)
        self.clusters.setFixedWidth(76)
        self._clusters_label = Label(tr("Clusters"))
        self._clusters_label.setBuddy(self.clusters)
        self.train = ActionButton(actions["train"], "primary")
        self.settings = ActionButton(actions["settings"])
        self.pause, self.stop = ActionButton(actions["pause"]), ActionButton(actions["stop"])
        self.edit = described(QPushButton(tr("&Edit")), tr("Edit"), tr("Undo, redo, and what can be done to clusters and pictures"))
        self.edit.setMenu(edit_menu(actions, self))
        self.edit.setProperty("role", "menu")
        self.export = ActionButton(actions["export"])
        self.help = _help_button()
        self._theme = ActionButton(actions["theme"], "flat", with_text=False)
        open_folder, self._save = ActionButton(actions["open"]), ActionButton(actions["export_csv"])
        self._foldable = (open_folder, self.settings, self.export)
        self.setLayout(
            row(
                open_folder,
                self.edit,
                8,
                self.task,
                self._clusters_label,
                self.clusters,
                self.settings,
                8,
                self.train,
                self.pause,
                self.stop,
                None,
                self._save,
                self.export,
                self._theme,
                self.help,
                margins=(16, 8, 12, 8),
            )
        )

    def set_state(self, state: State, *, has_images: bool, has_result: bool, can_resume: bool) -> None:
        """Enable and show what makes sense now."""
        actions, training = self._actions, state in IN_TRAINING
        had_focus = self.window().focusWidget() in (self.train, self.pause, self.stop)
        actions["open"].setEnabled(state is not State.CLOSING)
        actions["train"].setEnabled(has_images and not training and state is not State.CLOSING)
        actions["pause"].setEnabled(state in (State.TRAINING, State.PAUSED))
        actions["pause"].setText(tr("Resume") if state is State.PAUSED else tr("Pause"))
        actions["stop"].setEnabled(state in (State.TRAINING, State.PAUSED))
        actions["resume"].setEnabled(can_resume and state not in BUSY)
        for name in ("export", "export_csv"):
            actions[name].setEnabled(has_result)
        actions["rescan"].setEnabled(state is State.IDLE)
        self.train.setVisible(not training)
        self.pause.setVisible(training)
        self.stop.setVisible(training)
        if had_focus:  # else it would jump to whatever comes next
            (self.pause if training else self.train).setFocus()
        for widget in (self.task, self.clusters, self._clusters_label, self.settings):
            widget.setEnabled(not training)
        self.dress()
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "help"):
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """As high as its buttons with their text, which they know only when everybody has the new font and style sheet."""
        layout = self.layout()
        if layout is not None:
            margins = layout.contentsMargins()
            highest = max(button.sizeHint().height() for button in self.findChildren(QPushButton))
            self.setMinimumHeight(highest + margins.top() + margins.bottom() + 1)
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where large letters leave no room, some buttons show their icon alone, and what Export offers too is gone."""
        layout = self.layout()
        for roomy in (True, False):
            for button in self._foldable:
                button.show_text(roomy)
            self._save.setVisible(roomy)
            if layout is not None and layout.sizeHint().width() <= self.width():
                return

    def dress(self) -> None:
        """Draw the icons that depend on theme and state."""
        colours = theme.tokens()
        self._actions.dress()
        self.help.setIcon(icons.icon("help"))
        self._actions["train"].setIcon(icons.icon("train", colours.on_accent))
        if self._actions["pause"].text() == tr("Resume"):
            self._actions["pause"].setIcon(icons.icon("train"))


def _help_button() -> QToolButton:
    button = described(QToolButton(), tr("Help"), tr("Keys, first steps, what is installed, log files"))
    button.setProperty("role", "flat")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setIconSize(QSize(20, 20))
    return button
