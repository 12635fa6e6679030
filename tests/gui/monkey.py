"""A monkey for the window: does what a person could do, without sense, and looks after each step whether something broke.

It sees what a person sees: a menu or a dialog that is open gets the next step, else the window. Everything it does comes from one random
number generator and is written down, so a failure says what led to it. Threads keep their own time: the same seed gives the same wishes,
not always the same run.

What counts as broken: an exception in a slot or a thread, a warning of Qt, an error in the log, an event loop that stands still for
`FROZEN_S`, or a session whose parts do not fit together. The fixtures around it look for what is left behind.
"""

import logging
import random
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError

import numpy as np
import pytest
from pyqtgraph import GraphicsView
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDropEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QSplitterHandle,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.curation import load_curated
from iic_studio.gui.actions import SPECS
from iic_studio.gui.grid import ThumbnailGrid
from iic_studio.gui.heatmap import HeatMap
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.map_canvas import MapCanvas
from iic_studio.gui.runner import State

FROZEN_S = 30.0
CLOSE_WITHIN_MS = 60_000
TEXTS = (
    "cluster:0", "is:uncertain", "confidence:<0.6", "-img", "name:img1", "date:2024-01..2024-03", "camera:nikon", "width:>60",
    "folder:süd", '"day 1"', "cluster:", "confidence:<", "width:>>", '"', "süd,day", "is:nothing", "a" * 300, "<b>fett</b>", "&x", "🌷",
    "Streifen", "0", "7", "", " ", "%n {}", "\\", "con", "..", "1e9", "-1",
)  # fmt: skip
KEYS = (
    *[Qt.Key(Qt.Key.Key_A + number) for number in range(26)], *[Qt.Key(Qt.Key.Key_0 + number) for number in range(10)],
    *[Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End] * 4,
    *[Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Delete] * 2,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Question, Qt.Key.Key_F2,
    Qt.Key.Key_Menu,
)  # fmt: skip
NOTHING = Qt.KeyboardModifier.NoModifier
MODIFIERS = (
    *[NOTHING] * 6, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
# The window is closed and opened again as a step of its own.
NEVER = ("quit",)
# They dress the whole window anew, which takes long.
SELDOM = ("theme", "larger", "smaller", "usual_size")


class Broken(AssertionError):
    """What the monkey broke."""


class SmallJobs:
    """The real jobs, each training cut down to some seconds at most; the sample is a folder that is there already."""

    def __init__(self, sample: Path, steps: int) -> None:
        self._sample, self._steps = sample, steps

    def __getattr__(self, name: str) -> Any:
        return getattr(jobs, name)

    def sample_target(self, _sample: str, _place: Path | None = None) -> Path:
        return self._sample

    def train(self, project: Any, settings: TrainSettings, **more: Any) -> Iterator[Any]:
        small = replace(settings, steps=self._steps, minutes=None, batch_size=16, image_size=16, device="cpu")
        return jobs.train(project, small, **more)


class Watch:
    """Notes where the program is when the event loop does not come back for `FROZEN_S`."""

    def __init__(self) -> None:
        self.frozen = ""
        self._beat = time.monotonic()
        self._main = threading.get_ident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def beat(self) -> None:
        self._beat = time.monotonic()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(1.0):
            if not self.frozen and time.monotonic() - self._beat > FROZEN_S:
                self.frozen = "".join(traceback.format_stack(sys._current_frames()[self._main]))


class Monkey:
    """Call `run`. `make_window` makes a window that remembers what the last one kept; `place` is a folder for all that is written.

    `tell` gets a line for each step, before it is done.
    """

    def __init__(
        self,
        qtbot: QtBot,
        make_window: Callable[[], MainWindow],
        places: tuple[Path, ...],
        place: Path,
        seed: int,
        tell: Callable[[str], object],
    ) -> None:
        self._qtbot, self._make_window, self._places, self._place = qtbot, make_window, places, place
        self._random, self._began = random.Random(seed), time.monotonic()
        self.steps: list[str] = []
        self._tell = tell
        self._rescuer = QTimer(interval=40)
        self._rescuer.timeout.connect(self._leave_nested_loop)
        self._in_step = False
        self._log = _Errors()
        self.window = make_window()
        self._menus_at_first = self._menus()
        self._ways: tuple[tuple[int, Callable[[], str | None]], ...] = (
            (40, self._trigger),
            (14, self._press_key),
            (8, self._press_shortcut),
            (36, self._click),
            (4, self._leave),
            (5, self._double_click),
            (6, self._right_click),
            (9, self._drag),
            (5, self._turn_wheel),
            (7, self._type),
            (5, self._wait),
            (2, self._resize),
            (1, self._open_other),
            (2, self._change_folder),
            (1, self._restart),
        )

    # The run --------------------------------------------------------------------------------------------------------------------------

    def run(self, *, steps: int = 10**9, seconds: float = float("inf"), messages: Callable[[], list[str]]) -> None:
        """Do so many steps, or so long; then close everything.

        Args:
            messages: warnings of Qt so far.

        Raises:
            Broken: with the last steps.
        """
        end = time.monotonic() + seconds
        watch = Watch()
        logging.getLogger().addHandler(self._log)
        try:
            with capture_exceptions() as caught, _thread_exceptions() as in_threads:

                def look() -> None:
                    watch.beat()
                    told = [_printed(*one) for one in caught] + in_threads + messages() + self._log.told
                    told += [f"The event loop stood still:\n{watch.frozen}"] if watch.frozen else []
                    told += _contradictions(self.window) if self.window.isVisible() else []
                    if told:
                        raise Broken("\n".join(told))

                self._rescuer.start()
                while len(self.steps) < steps and time.monotonic() < end:
                    self._step()
                    look()
                self._finish()
                look()
                self._close_window()
                look()
        finally:
            self._rescuer.stop()
            watch.stop()
            logging.getLogger().removeHandler(self._log)

    def _step(self) -> None:
        weights = [weight for weight, _ in self._ways]
        way = self._random.choices(self._ways, weights)[0][1]
        self._in_step = True
        try:
            way()
        finally:
            self._in_step = False
        self._qtbot.wait(self._random.choice((0, 0, 0, 0, 1, 5)))

    def _say(self, words: str) -> None:
        """Note what is done next."""
        self.steps.append(words)
        self._tell(f"{len(self.steps):5d} {time.monotonic() - self._began:7.2f} s  {words}")

    def _finish(self) -> None:
        """Close what is open; look whether what is shown is what is kept, and whether dialogs are left."""
        self._say("close everything")
        self._close_pop_ups()
        for dialog in self._dialogs():
            dialog.close()
        self._qtbot.waitUntil(lambda: not any(dialog.isVisible() for dialog in self._dialogs()), timeout=CLOSE_WITHIN_MS)
        self._qtbot.wait(1)
        left = Counter(type(one).__name__ for one in self._dialogs() if not one.isVisible())  # some come late: they ask the project first
        if left:
            raise Broken(f"dialogs that were closed but not deleted: {dict(left)}")
        self._compare_with_store()
        charts = len(self.window.findChildren(GraphicsView))  # made when somebody looks; each brings its own menus
        if more := {title: count for title, count in (self._menus() - self._menus_at_first).items() if count > 2 + charts}:
            raise Broken(f"menus that were closed but not deleted: {more}")

    def _compare_with_store(self) -> None:
        """What is shown must be what is kept, once nothing goes on."""
        session = self.window.session
        self._qtbot.waitUntil(lambda: not session.is_reading, timeout=CLOSE_WITHIN_MS)
        if session.project is None or not session.snapshot.is_in_force or self.window.runner.state is not State.IDLE:
            return
        kept = load_curated(session.project)
        if kept.groups != session.curated.groups or not np.array_equal(kept.group, session.curated.group):
            raise Broken(f"shown are {session.curated.groups}, kept are {kept.groups}")

    def _close_pop_ups(self) -> None:
        for _ in range(20):
            pop_up = QApplication.activePopupWidget()
            if pop_up is None:
                return
            pop_up.close()
            self._qtbot.wait(1)

    def _close_window(self) -> None:
        self.window.close()
        self._qtbot.waitUntil(lambda: not self.window.isVisible(), timeout=CLOSE_WITHIN_MS)

    def _menus(self) -> Counter[str]:
        return Counter(one.title() or "untitled" for one in self.window.findChildren(QMenu))

    def _dialogs(self) -> list[QDialog]:
        return self.window.findChildren(QDialog)

    def _leave_nested_loop(self) -> None:
        """A menu that a button opens runs an event loop inside the step: choose something there, or leave it."""
        pop_up = QApplication.activePopupWidget()
        if not self._in_step or pop_up is None:
            return
        if isinstance(pop_up, QMenu) and self._random.random() < 0.6 and self._choose(pop_up):
            return
        self._say(f"leave {_name(pop_up)}")
        pop_up.close()

    # What is in front -----------------------------------------------------------------------------------------------------------------

    def _front(self) -> QWidget:
        """What a person could use now."""
        pop_up, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if pop_up is not None or modal is not None:
            return pop_up or modal
        beside = [dialog for dialog in self._dialogs() if dialog.isVisible()]
        return self._random.choice(beside) if beside and self._random.random() < 0.5 else self.window

    def _spot(self, front: QWidget) -> tuple[QWidget, QPoint] | None:
        """A visible, enabled widget and a point in it that nothing covers."""
        leaves = [
            widget
            for widget in front.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.window() is front and not _has_shown_children(widget)
        ]
        widget = self._random.choices(leaves, [_appeal(one) for one in leaves])[0] if leaves else front
        point = QPoint(self._random.randrange(max(widget.width(), 1)), self._random.randrange(max(widget.height(), 1)))
        there = widget.mapTo(front, point)
        hit = front.childAt(there) or front
        return (hit, hit.mapFrom(front, there)) if hit.isEnabled() and front.rect().contains(there) else None

    def _modifier(self) -> Qt.KeyboardModifier:
        return self._random.choice(MODIFIERS)

    # Ways ------------------------------------------------------------------------------------------------------------------------------

    def _trigger(self) -> None:
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return
        names = [spec.name for spec in SPECS if spec.name not in NEVER and self.window.actions_[spec.name].isEnabled()]
        name = self._random.choices(names, [1 if name in SELDOM else 10 for name in names])[0]
        self._say(f"action {name}")
        self.window.actions_[name].trigger()

    def _press_shortcut(self) -> None:
        """A shortcut as keys, to whatever has the focus: there it may mean something else."""
        spec = self._random.choice([spec for spec in SPECS if spec.keys and spec.name not in NEVER])
        combination = QKeySequence(self._random.choice(spec.keys))[0]
        target = self._focus()
        self._say(f"shortcut {spec.keys[0]} to {_name(target)}")
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def _focus(self) -> QWidget:
        front = self._front()
        return front.focusWidget() or front

    def _press_key(self) -> None:
        target, key, modifier = self._focus(), self._random.choice(KEYS), self._modifier()
        if key is Qt.Key.Key_Q and modifier & Qt.KeyboardModifier.ControlModifier:
            return
        self._say(f"key {QKeySequence(modifier.value | key.value).toString()} to {_name(target)}")
        QTest.keyClick(target, key, modifier)

    def _click(self) -> None:
        front = self._front()
        if isinstance(front, QMenu):
            if not self._choose(front):
                self._say(f"leave {_name(front)}")
                front.close()
            return
        if (spot := self._spot(front)) is not None:
            modifier = self._modifier()
            self._say(f"click {_name(spot[0])} at {_xy(spot[1])}{_with(modifier)}")
            QTest.mouseClick(spot[0], LEFT, modifier, spot[1])

    def _leave(self) -> None:
        """Escape from a menu or a dialog."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None:
            self._say(f"escape from {_name(front)}")
            QTest.keyClick(front, Qt.Key.Key_Escape)

    def _choose(self, menu: QMenu) -> bool:
        """Click on a line of a menu; whether there was one."""
        lines = [one for one in menu.actions() if one.isEnabled() and one.isVisible() and not one.isSeparator()]
        if not lines:
            return False
        line: QAction = self._random.choice(lines)
        self._say(f"choose “{line.text()}” in {_name(menu)}")
        QTest.mouseClick(menu, LEFT, NOTHING, menu.actionGeometry(line).center())
        return True

    def _double_click(self) -> None:
        if (spot := self._spot(self._front())) is not None:
            self._say(f"double click {_name(spot[0])} at {_xy(spot[1])}")
            QTest.mouseDClick(spot[0], LEFT, NOTHING, spot[1])

    def _right_click(self) -> None:
        front = self._front()
        if isinstance(front, QMenu) or (spot := self._spot(front)) is None:
            return
        self._say(f"right click {_name(spot[0])} at {_xy(spot[1])}")
        QTest.mouseClick(spot[0], RIGHT, NOTHING, spot[1])
        if QApplication.activePopupWidget() is None:  # the platform would send this too
            from PySide6.QtGui import QContextMenuEvent

            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot[1], spot[0].mapToGlobal(spot[1]))
            QApplication.sendEvent(spot[0], event)

    def _drag(self) -> None:
        if (spot := self._spot(self._front())) is None:
            return
        widget, start = spot
        modifier, button = self._modifier(), self._random.choice((LEFT, LEFT, LEFT, Qt.MouseButton.MiddleButton))
        way = [start]
        for _ in range(self._random.randint(1, 6)):
            way.append(way[-1] + QPoint(self._random.randint(-120, 120), self._random.randint(-90, 90)))
        self._say(f"drag {_name(widget)} from {_xy(start)} over {len(way) - 1} points to {_xy(way[-1])}{_with(modifier)}")
        QTest.mousePress(widget, button, modifier, start)
        for point in way[1:]:
            spots = QPointF(point), QPointF(widget.mapToGlobal(point))
            QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, *spots, Qt.MouseButton.NoButton, button, modifier))
        QTest.mouseRelease(widget, button, modifier, way[-1])

    def _turn_wheel(self) -> None:
        if (spot := self._spot(self._front())) is None:
            return
        widget, point = spot
        modifier, turn = self._modifier(), self._random.choice((-360, -120, 120, 360, 7))
        self._say(f"wheel {turn} over {_name(widget)}{_with(modifier)}")
        spots = QPointF(point), QPointF(widget.mapToGlobal(point))
        more = QPoint(0, 0), QPoint(0, turn), Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False
        QApplication.sendEvent(widget, QWheelEvent(*spots, *more))

    def _type(self) -> None:
        front = self._front()
        fields = [one for one in front.findChildren(QLineEdit) + front.findChildren(QPlainTextEdit) if one.isVisible() and one.isEnabled()]
        if not fields or isinstance(front, QMenu):
            return
        field, text = self._random.choice(fields), self._random.choice(TEXTS)
        self._say(f"type {text[:40]!r} into {_name(field)}")
        field.setFocus()
        if self._random.random() < 0.7:
            field.selectAll()
        QTest.keyClicks(field, text if text.isascii() else "")
        if not text.isascii():  # keys know no such letters; an input method would insert them
            field.insert(text) if isinstance(field, QLineEdit) else field.insertPlainText(text)
        if self._random.random() < 0.4:
            QTest.keyClick(field, Qt.Key.Key_Return)

    def _wait(self) -> None:
        milliseconds = self._random.choice((20, 50, 150, 400))
        self._say(f"wait {milliseconds} ms")
        self._qtbot.wait(milliseconds)

    def _resize(self) -> None:
        front = self._front()
        if front is self.window or isinstance(front, QDialog):
            size = self._random.randint(300, 1600), self._random.randint(200, 1000)
            self._say(f"resize {_name(front)} to {size}")
            front.resize(*size)

    def _open_other(self) -> None:
        """Drop a folder, a project, or something that is neither, on the window."""
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return
        target = self._random.choice((*self._places, *self._places, self._place / "nowhere"))
        self._say(f"drop {target.name}")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(target))])
        self.window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, NOTHING))

    def _change_folder(self) -> None:
        """A picture comes or goes while nobody looks."""
        project = self.window.session.project
        if project is None or not project.folder.is_relative_to(self._place):
            return
        files = sorted(path for path in project.folder.rglob("*") if path.is_file())
        if files and (len(files) > 60 or self._random.random() < 0.5):
            gone = self._random.choice(files)
            self._say(f"delete {gone.name}")
            gone.unlink()
        elif files:
            source = self._random.choice(files)
            self._say(f"copy {source.name}")
            (source.parent / f"new{len(self.steps)}{source.suffix}").write_bytes(source.read_bytes())

    def _restart(self) -> None:
        """Close the window, whatever goes on, and open the project in a new one."""
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return
        self._say("close the window and open it again")
        project = self.window.session.project
        self._close_window()
        self.window = self._make_window()
        self._menus_at_first = self._menus()
        if project is not None and self._random.random() < 0.8:
            self.window.open(project.path)


# What is broken -----------------------------------------------------------------------------------------------------------------------


class _Errors(logging.Handler):
    """Errors that were only logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(f"logged: {self.format(record)}")


@contextmanager
def _thread_exceptions() -> Iterator[list[str]]:
    """Collects what nobody caught in threads of Python."""
    found: list[str] = []
    before, threading.excepthook = (
        threading.excepthook,
        lambda told: found.append(_printed(told.exc_type, told.exc_value, told.exc_traceback)),
    )
    try:
        yield found
    finally:
        threading.excepthook = before


def _printed(kind: Any, value: Any, trace: Any) -> str:
    return "".join(traceback.format_exception(kind, value, trace))


def _contradictions(window: MainWindow) -> list[str]:
    """What cannot be true of a session at the same time."""
    session = window.session
    table, verdicts = session.table, session.verdicts
    wrong = []
    if len(session.selected) != len(table):
        wrong.append(f"{len(session.selected)} marks of selection for {len(table)} pictures")
    if len(session.shown_rows) and not 0 <= session.shown_rows.min() <= session.shown_rows.max() < len(table):
        wrong.append("a shown picture that is not in the table")
    if len(np.unique(session.shown_rows)) != len(session.shown_rows):
        wrong.append("a picture is shown twice")
    if len(verdicts.cluster) != len(table):
        wrong.append(f"{len(verdicts.cluster)} verdicts for {len(table)} pictures")
    elif int(session.snapshot.sizes.sum()) != int((verdicts.cluster >= 0).sum()):
        wrong.append("sizes of clusters and pictures in clusters differ")
    if session.project is None and len(table):
        wrong.append("pictures without a project")
    if session.project is None and window.runner.state not in (State.EMPTY, State.CLOSING):
        wrong.append(f"no project, but {window.runner.state}")
    return [f"contradiction: {one}" for one in wrong]


def _appeal(widget: QWidget) -> int:
    """How often to try a widget: what does something more often than what only says something."""
    if isinstance(widget, QLabel | QScrollBar | QSplitterHandle):
        return 1
    return 24 if isinstance(widget, MapCanvas | HeatMap) or isinstance(widget.parent(), ThumbnailGrid | QAbstractItemView) else 8


def _has_shown_children(widget: QWidget) -> bool:
    return any(isinstance(child, QWidget) and child.isVisible() and not child.isWindow() for child in widget.children())


def _name(widget: QWidget) -> str:
    text = widget.accessibleName() or widget.objectName() or (widget.text() if isinstance(widget, QLabel | QAbstractButton) else "")
    return f"{type(widget).__name__} “{text[:40]}”" if text else type(widget).__name__


def _xy(point: QPoint) -> str:
    return f"({point.x()}, {point.y()})"


def _with(modifier: Qt.KeyboardModifier) -> str:
    return f" with {modifier.name}" if modifier is not NOTHING else ""


# Where it may reach -------------------------------------------------------------------------------------------------------------------


def confine(patch: pytest.MonkeyPatch, place: Path, seed: int) -> list[str]:
    """Keep everything inside a folder: home, working directory, the answers of file dialogs; open no other program.

    Returns:
        what would have been opened with another program; grows.
    """
    dice, opened = random.Random(seed), list[str]()
    home = place / "home"
    home.mkdir()
    patch.setenv("HOME", str(home))
    patch.chdir(home)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(home))
    (home / "folder").mkdir()

    def folder(*_: object, **__: object) -> str:
        return dice.choice(("", str(home), str(home / "folder"), str(home / "gone")))

    def file(*_: object, **__: object) -> tuple[str, str]:
        name = dice.choice(("", "table.csv", "chart.svg", "chart.png", "no suffix", "folder", "gone/away.csv"))
        return (str(home / name) if name else "", "")

    def offline(*_: object, **__: object) -> NoReturn:
        raise URLError("there is no network")

    patch.setattr("urllib.request.urlopen", offline)  # it may press the button that fetches weights, and say yes
    patch.setattr(QFileDialog, "getExistingDirectory", folder)
    patch.setattr(QFileDialog, "getSaveFileName", file)
    patch.setattr(QFileDialog, "getOpenFileName", file)
    patch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    patch.setattr("iic_studio.gui.files.subprocess", None)  # the ways of other systems
    return opened
