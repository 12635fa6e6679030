"""The picture to label next, as large as there is room, with the reason why it is asked for; a key says what it shows and goes on.

What a person has answered stays in order: Back leads to the picture before, whose label can be changed or taken back. The next pictures
are read ahead, so a key never waits for a file or for what follows from the label.
"""

from collections.abc import Callable, Set

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from iic_studio.curation.labels import NOT_SURE, SKIPPED, UNLABELLED
from iic_studio.evaluation.label_queue import AT_RANDOM, DISAGREE, DISPUTED, PROTOTYPE, UNNAMED_PART
from iic_studio.gui import theme
from iic_studio.gui.change import Change
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.files import high_bit_range_of, path_of, printable
from iic_studio.gui.flow import Flow
from iic_studio.gui.inspector import PictureView
from iic_studio.gui.label_state import LabelState, Question
from iic_studio.gui.labelling import Labelling
from iic_studio.gui.language import capitalised, later, tr
from iic_studio.gui.picture_loader import Loaded, PictureLoader, Wanted
from iic_studio.gui.session import Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ElidedLabel, Label, colour_icon, column, described, empty, row
from iic_studio.project.command_log import Step
from iic_studio.records import IntArray

REASON_WORDS = {
    PROTOTYPE: later("prototype of the biggest unnamed cluster"),
    UNNAMED_PART: later("part of a cluster that has no label yet"),
    DISAGREE: later("sub-heads disagree"),
    DISPUTED: later("the map is disputed here"),
    AT_RANDOM: later("drawn at random, to check the map"),
}
_MOST_BUTTONS = 40
_AHEAD = 3
_SIDE, _SMALL_SIDE = 512, 256


class NextPicture(QWidget):
    """The view. It has the keyboard: keys of classes, and those of `_keys`."""

    def __init__(self, session: Session, thumbnails: Thumbnails, labelling: Labelling, state: LabelState) -> None:
        super().__init__()
        self._session, self._thumbnails, self._labelling, self._state = session, thumbnails, labelling, state
        self.loader = PictureLoader(self)
        self._asked: list[Question] = []  # what was shown, oldest first
        self._place = -1
        self._large_of = -1  # the picture that is shown as large as there is room
        self._range_of: object = None
        self._reason = Label("", "heading", wrap=True)
        self._name = ElidedLabel(role="muted")
        self._label = Label("", "number")
        self.picture = PictureView()
        self.picture.setMaximumHeight(16_777_215)
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture.setAccessibleName(tr("The picture to label"))
        self._shown_classes: tuple[object, ...] = ()
        self._buttons = QWidget()
        self._flow = Flow(())
        self._buttons.setLayout(self._flow)
        self._hint = Label(
            tr("Type the names of your classes at the right. Each gets a key; a key labels the picture and goes on."), wrap=True
        )
        self.back = self._button(tr("Back"), tr("The picture before, to change its label (Backspace or left arrow)"), self.go_back)
        self.unsure = self._button(
            tr("Not sure"), tr("Nobody could say what this is; it is not asked for again (U)"), lambda: self.answer(NOT_SURE)
        )
        self.skip = self._button(tr("Skip"), tr("Go on without an answer (Space or right arrow)"), self.go_on)
        self.clear = self._button(tr("Take the label back"), tr("Forget what was said of this picture (Del)"), self.unlabel)
        head = row(self._reason, self._label, spacing=12)
        head.setStretch(0, 1)
        self._keys_hint = Label(tr("Click the picture; then keys label it."), "muted")
        foot = row(self.back, self.unsure, self.skip, self.clear, None, self._keys_hint)
        layout = column(head, self._name, self.picture, self._hint, self._buttons, foot, margins=(16, 12, 16, 16))
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Label next"))
        self.loader.loaded.connect(self._take)
        thumbnails.arrived.connect(self._take_thumbnail)
        state.changed.connect(self._follow_queue)
        session.changed.connect(self._follow)
        session.corrections.walked.connect(self._follow_step)
        self._refresh()

    def _button(self, text: str, tip: str, do: Callable[[], object]) -> QPushButton:
        button = described(QPushButton(text), text, tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the picture
        button.clicked.connect(lambda _=False: do())
        return button

    # Which picture ----------------------------------------------------------------------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """The picture that is asked for."""
        return self._asked[self._place] if 0 <= self._place < len(self._asked) else None

    def _said(self, image: int) -> int:
        return int(self._session.curated.curation.known.labels.classes_of(np.array([image]))[0])

    def _upcoming(self) -> list[Question]:
        """What comes next: asked for by the queue, not shown yet, and not labelled meanwhile."""
        shown = {one.image for one in self._asked}
        waiting = [one for one in self._state.questions if one.image not in shown]
        said = self._session.curated.curation.known.labels.classes_of(np.array([one.image for one in waiting], np.int64))
        return [one for one, uid in zip(waiting, said.tolist(), strict=True) if uid == UNLABELLED]

    def answer(self, uid: int) -> None:
        """Say what the picture shows, and go on."""
        question = self.question
        if question is not None and self._labelling.label(_one(question), uid, weight=question.weight):
            self._step()

    def go_on(self) -> None:
        """The next picture; one without an answer counts as skipped."""
        question = self.question
        if question is not None and self._said(question.image) == UNLABELLED:
            self._labelling.label(_one(question), SKIPPED, weight=question.weight)
        self._step()

    def _step(self) -> None:
        if self._place + 1 < len(self._asked):
            self._place += 1
        else:
            waiting = self._upcoming()
            self._asked += waiting[:1]
            self._place = len(self._asked) - 1 if waiting else len(self._asked)
        self._refresh()

    def go_back(self) -> None:
        """The picture before."""
        if self._place > 0:
            self._place -= 1
            self._refresh()

    def unlabel(self) -> None:
        """Take back what was said of this picture."""
        if self.question is not None:
            self._labelling.unlabel(_one(self.question))

    # What is shown ----------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._asked, self._place, self._large_of = [], -1, -1
            self.loader.forget()
        if what & (Change.PROJECT | Change.LABELS | Change.IMAGES | Change.NAMES):
            self._refresh()

    def _follow_step(self, step: Step, undone: bool) -> None:
        """Lead back to the picture whose answer was taken back."""
        images = {key[0] for change in step.changes if change.table == "labels" for key in change.keys} if undone else set()
        places = [place for place, one in enumerate(self._asked) if one.image in images]
        if len(images) == 1 and places and self.isVisible():
            self._place = places[-1]
            self._refresh()

    def _follow_queue(self) -> None:
        if self.question is None:
            waiting = self._upcoming()
            if waiting:
                self._asked.append(waiting[0])
                self._place = len(self._asked) - 1
            self._refresh()
        elif self.isVisible():
            self._read_ahead()

    def _refresh(self) -> None:
        question, session = self.question, self._session
        self._show_buttons()
        for button in (self.unsure, self.skip):
            button.setEnabled(question is not None)
        self.back.setEnabled(self._place > 0)
        uid = self._said(question.image) if question is not None else UNLABELLED
        self.clear.setEnabled(uid != UNLABELLED)
        names = {one.uid: one.name for one in self._labelling.classes} | {NOT_SURE: tr("not sure"), SKIPPED: tr("skipped")}
        self._label.setText(names.get(uid, ""))
        if question is None:
            self._reason.setText(self._why_none())
            self._name.set_full("")
            self.picture.show_picture(QPixmap())
            return
        words = capitalised(tr(REASON_WORDS[question.reason]))
        cluster = session.cluster_name(question.cluster) if 0 <= question.cluster < session.num_clusters else ""
        self._reason.setText(f"{words} ({cluster})" if cluster else words)
        row_ = int(session.table.rows_of(_one(question))[0])
        self._name.set_full(printable(session.table.paths[row_]) if row_ >= 0 else "")
        self.picture.setAccessibleDescription(f"{self._reason.text()}. {self._name.full}. {self._label.text()}")
        if self.isVisible():
            self._show_picture(row_)

    def _why_none(self) -> str:
        session = self._session
        if session.project is None or not session.table.usable.any():
            return tr("Open a folder of pictures first. What to label next is asked here.")
        if not self._state.is_settled:
            return tr("Looking for what to label next…")
        return tr("Every picture has been asked for.")

    def _show_picture(self, row_: int) -> None:
        """The picture as far as it is here; the rest comes by itself."""
        session = self._session
        path = path_of(session, row_) if row_ >= 0 else None
        if path is None or self.question is None:
            self.picture.show_picture(QPixmap(), tr("This file cannot be shown."))
            return
        if self._range_of is not session.project:
            self._range_of, self.loader.high_bit_range = session.project, high_bit_range_of(session)
        self._take_thumbnail({self.question.image})
        ready = self.loader.want(Wanted(self.question.image, path), self._ahead(), self._room())
        if ready is not None:
            self._take(ready)

    def _read_ahead(self) -> None:
        question = self.question
        path = path_of(self._session, int(self._session.table.rows_of(_one(question))[0])) if question is not None else None
        if question is not None and path is not None:
            self.loader.want(Wanted(question.image, path), self._ahead(), self._room())

    def _ahead(self) -> list[Wanted]:
        """What comes next, to be read meanwhile; their small pictures and that of this one are wished for."""
        session = self._session
        following = [*self._asked[self._place + 1 :], *self._upcoming()][:_AHEAD]
        own = [self.question] if self.question else []
        rows = session.table.rows_of(np.array([one.image for one in own + following], np.int64)).tolist()
        self._thumbnails.want("labels", self._thumbnails.lacking(session.table, [row_ for row_ in rows if row_ >= 0], _SMALL_SIDE, least=1))
        paths = [path_of(session, row_) if row_ >= 0 else None for row_ in rows[len(own) :]]
        return [Wanted(one.image, path) for one, path in zip(following, paths, strict=True) if path is not None]

    def _room(self) -> int:
        size = self.picture.size() * self.devicePixelRatioF()
        return max(size.width(), size.height(), _SIDE)

    def _take_thumbnail(self, images: Set[int]) -> None:
        question = self.question
        if question is None or question.image not in images or self._large_of == question.image or not self.isVisible():
            return
        found = self._thumbnails.get(question.image)
        self.picture.show_picture(found.picture if found is not None else QPixmap())

    def _take(self, found: Loaded) -> None:
        question = self.question
        if question is None or found.image != question.image or not self.isVisible():
            return
        if found.problem:
            self.picture.show_picture(QPixmap(), found.problem)
            return
        self._large_of = question.image
        self.picture.show_picture(QPixmap.fromImage(found.picture))

    def _show_buttons(self) -> None:
        classes = self._labelling.classes[:_MOST_BUTTONS]
        self._hint.setVisible(not classes)
        self._buttons.setVisible(bool(classes))
        if classes == self._shown_classes:
            return
        self._shown_classes = classes
        empty(self._flow)
        for one, colour in zip(classes, class_colours(classes), strict=True):
            text = f" {one.key}  {one.name}" if one.key else f" {one.name}"
            button = self._button(text.replace("&", "&&"), tr("Label as {0}, and go on", one.name), lambda uid=one.uid: self.answer(uid))  # type: ignore[misc]
            button.setIcon(colour_icon(colour))
            self._flow.addWidget(button)
        self._buttons.updateGeometry()

    # Keys -------------------------------------------------------------------------------------------------------------------------------

    def _keys(self) -> dict[int, Callable[[], object]]:
        return {
            Qt.Key.Key_U: lambda: self.answer(NOT_SURE),
            Qt.Key.Key_Space: self.go_on,
            Qt.Key.Key_Right: self.go_on,
            Qt.Key.Key_Backspace: self.go_back,
            Qt.Key.Key_Left: self.go_back,
            Qt.Key.Key_Delete: self.unlabel,
        }

    def _does(self, event: QKeyEvent) -> Callable[[], object] | None:
        one = self._labelling.class_of_key(event)
        if one is not None:
            return lambda: self.answer(one.uid)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return self._keys().get(event.key()) if plain else None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._does(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        do = self._does(event)
        if do is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():  # a key that is held labels one picture
            do()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._state.ask(True)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame around the picture while keys go to it."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            painter.drawRoundedRect(QRectF(self.picture.geometry()).adjusted(-2, -2, 2, 2), 9, 9)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keys_hint.setText("")
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._keys_hint.setText(tr("Click the picture; then keys label it."))
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._state.ask(False)
        self._thumbnails.want("labels", [])


def _one(question: Question) -> IntArray:
    return np.array([question.image], np.int64)
