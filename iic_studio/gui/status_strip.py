"""The strip at the bottom: what is going on in words, how far, how fast, how long still, on which device."""

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QWidget

from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, SettingsChosen, StepsFinished
from iic_studio.gui.language import amount, count_images, later, tr
from iic_studio.gui.runner import IN_TRAINING, Runner, State
from iic_studio.gui.selection import SelectionLabel
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, described, row
from iic_studio.words import STAGES, duration

_DEVICES = {"cpu": "CPU", "cuda": later("GPU (CUDA)"), "mps": later("GPU (Metal)")}


class StatusStrip(QFrame):
    """Follows the runner's events and the session's counts."""

    def __init__(self, session: Session, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._session, self._runner = session, runner
        self._before = State.EMPTY
        self._doing = Label(tr("Ready."))
        self._bar = described(QProgressBar(), tr("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setRange(0, 1000)
        self._step = described(Label(role="muted"), tr("Step"), tr("Optimiser steps so far"))
        self._speed = described(Label(role="muted"), tr("Speed"), tr("Pictures a second that go through the network"))
        self._eta = described(Label(role="muted"), tr("Time left"), tr("Estimated time to the end"))
        self._device = described(Label(role="muted"), tr("Device"), tr("Where training runs"))
        self.setLayout(
            row(
                self._doing,
                self._bar,
                self._step,
                self._speed,
                self._eta,
                None,
                SelectionLabel(session),
                self._device,
                spacing=16,
                margins=(16, 7, 16, 7),
            )
        )
        runner.told.connect(self._note)
        runner.state_changed.connect(self._set_state)
        session.changed.connect(self._follow)
        self._set_state(State.EMPTY)

    def _set_state(self, state: State) -> None:
        words = {
            State.EMPTY: tr("No pictures open."),
            State.INDEXING: tr("Looking for pictures…"),
            State.TRAINING: tr("Training"),
            State.PAUSED: tr("Paused. Nothing is lost; Ctrl+P goes on."),
            State.STOPPING: tr("Stopping after this step, then sorting all pictures…"),
            State.CLOSING: tr("Saving a checkpoint…") if self._before in IN_TRAINING else tr("Stopping…"),
        }
        self._bar.setVisible(state in (State.INDEXING, State.TRAINING, State.PAUSED, State.STOPPING, State.CLOSING))
        if state in (State.INDEXING, State.STOPPING, State.CLOSING):
            self._bar.setRange(0, 0)
        if state in (State.EMPTY, State.INDEXING) or (state is State.TRAINING and self._before not in IN_TRAINING):
            self._forget()
        if state in (State.IDLE, State.EMPTY):
            self._speed.setText("")
            self._eta.setText("")
        self._doing.setText(words.get(state, ""))
        if state is State.IDLE:
            self._say_idle()
        self._before = state

    def _forget(self) -> None:
        for label in (self._step, self._speed, self._eta, self._device):
            label.setText("")

    def _follow(self, what: Change) -> None:
        if what & (Change.IMAGES | Change.CLUSTERS | Change.PROJECT) and self._runner.state is State.IDLE:
            self._say_idle()

    def _say_idle(self) -> None:
        session = self._session
        images, run = int(session.table.usable.sum()), session.run
        if not images:
            self._doing.setText(tr("No pictures were found in this folder."))
        elif run is None or not session.num_clusters:
            one = tr("1 picture is ready. Press Train.")
            self._doing.setText(one if images == 1 else tr("{0:,} pictures are ready. Press Train.", images))
        else:
            pictures, clusters = count_images(images), session.num_clusters
            self._doing.setText(tr("{0} in 1 cluster.", pictures) if clusters == 1 else tr("{0} in {1} clusters.", pictures, clusters))
        self._step.setText(tr("step {0:,}", session.history.step) if session.history.step else "")

    def _note(self, event: Event) -> None:
        if isinstance(event, SettingsChosen):
            device = str(event.settings.get("device", ""))
            self._device.setText(tr(_DEVICES.get(device.split(":")[0], device)))
        elif isinstance(event, ProgressMade):
            self._note_progress(event)
        elif isinstance(event, StepsFinished):
            self._note_steps(event)
        elif isinstance(event, RunFinished | RunFailed):
            self._eta.setText("")

    def _note_progress(self, event: ProgressMade) -> None:
        what = event.message or tr(STAGES.get(event.stage, event.stage.capitalize()))
        count = amount(event.done, ",.0f") + (tr(" of {0:,.0f}", event.total) if event.total else "")
        self._doing.setText(f"{what}: {count}" if event.unit == "images" and self._runner.state is not State.CLOSING else what)
        self._fill(event.done / event.total if event.total else None)
        self._speed.setText(tr("{0:,.0f} pictures/s", event.rate_per_s) if event.rate_per_s else "")
        self._eta.setText(tr("{0} left", duration(event.eta_s)) if event.eta_s is not None else "")

    def _note_steps(self, event: StepsFinished) -> None:
        if self._runner.state is State.TRAINING:
            self._doing.setText(tr("Training"))
        self._fill(event.fraction_done)
        self._step.setText(tr("step {0:,}, epoch {1}", event.step, event.epoch + 1))
        self._speed.setText(tr("{0:,.0f} pictures/s", event.images_per_s))
        self._eta.setText(tr("{0} left", duration(event.eta_s)) if event.eta_s is not None else "")

    def _fill(self, share: float | None) -> None:
        if share is None:
            self._bar.setRange(0, 0)
            return
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * min(max(share, 0.0), 1.0)))
