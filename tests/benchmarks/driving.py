"""The real main window, driven as a person would: what the benchmark does with it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from measuring import Time, live, timed, wait_for
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from iic_studio import jobs
from iic_studio.curation import edits
from iic_studio.gui import theme
from iic_studio.gui.app import favour_the_window, make_application
from iic_studio.gui.class_state import AFTER_MS
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown, Sort
from iic_studio.gui.workspace import TABS
from iic_studio.project.command_log import Edit
from iic_studio.query import parse
from iic_studio.training.cpu_memory import one_heap

MOVED = 10_000


class Driver:
    """The window and ways to use it."""

    TABS = TABS
    AFTER_MS = AFTER_MS
    SEARCHES = (
        "00012",
        "0",
        "folder:003",
        "cluster:1,3..5 confidence:<0.6",
        "date:2024-05..2024-06",
        "png -camera:canon cluster:2 confidence:0.3..0.9 date:2024 folder:01",
    )

    def __init__(self, place: Path) -> None:
        one_heap()  # as `iic-studio` begins
        make_application()
        theme.apply(False)
        self.window = MainWindow(jobs, Preferences(place / "bench.ini"))
        self.window.resize(1280, 800)
        self.window.show()
        favour_the_window()
        self.session, self.workspace = self.window.session, self.window.workspace
        self._rng = np.random.default_rng(0)
        self._turn = 0
        self._way = 1

    def close(self) -> None:
        self.window.close()
        wait_for(lambda: not self.window.isVisible(), 30)

    # Pages ----------------------------------------------------------------------------------------------------------------------------

    def show(self, tab: str) -> None:
        self.workspace.show_tab(TABS.index(tab))

    def gallery_is_painted(self) -> bool:
        """Whether every visible cell shows its picture."""
        session, grid = self.session, self.workspace.gallery.grid
        if not len(session.shown_rows) or not session.num_clusters:
            return False
        rows = session.shown_rows[slice(*grid.visible_range())]
        return all(self.window.thumbnails.get(one) is not None for one in session.table.ids[rows].tolist())

    def is_ready(self, tab: str) -> bool:
        """Whether a page shows what it has."""
        page = self.workspace
        if tab == "Map":
            return len(page.map.points) > 0 and not page.map.points.is_preview and not page.map.side_thread.is_busy
        if tab == "Pairs":
            return page.pairs.grid.count > 0 and not page.pairs.side_thread.is_busy
        if tab == "Curves":
            return not page.curves._plans
        return self.gallery_is_painted() if tab == "Gallery" else True

    def wait_until_idle(self) -> None:
        """No job runs and nothing is read."""
        wait_for(lambda: self.window.runner.state is State.IDLE and not self.session.is_reading, 300)

    def wait_for_libraries(self) -> None:
        """What is loaded beside the window is there; with the first opening of a process that takes some seconds."""
        wait_for(lambda: self.window.commands.ahead.is_done, 120)

    # Labels ---------------------------------------------------------------------------------------------------------------------------

    def define_classes(self, count: int) -> None:
        self.workspace.labels.labelling.define(",".join(map(str, range(count))))
        self.wait_for_question()

    def wait_for_question(self) -> None:
        page = self.workspace.labels
        wait_for(lambda: page.next.question is not None and page.state.is_settled, 60)

    def label_next(self) -> None:
        self._turn += 1
        QTest.keyClick(self.workspace.labels.next, str(self._turn % 10))

    def follow_labels(self, rounds: int) -> list[Time]:
        """Times from a key until what is made of it is shown."""
        times, page = [], self.workspace.labels
        for _ in range(rounds):
            self.wait_for_question()
            before = page.state.tables
            times.append(
                timed(lambda before=before: (self.label_next(), wait_for(lambda: page.state.tables is not before, 60, every_ms=1)))
            )
        return times

    def label_many(self) -> None:
        rows = self._rng.choice(len(self.session.table), MOVED, replace=False)
        self.workspace.labels.labelling.label(self.session.table.ids[rows], int(self._rng.integers(10)))

    # Selecting and searching ----------------------------------------------------------------------------------------------------------

    def select_some(self) -> None:
        rows = self._rng.choice(len(self.session.table), MOVED, replace=False)
        self.session.select(rows, int(rows[0]))

    def _lasso(self) -> list[QPoint]:
        view = self.workspace.map.view
        turn = np.linspace(0, 2 * np.pi, 120)
        radius = 0.3 * view.height() * (1 + 0.2 * np.sin(5 * turn))
        x, y = view.width() / 2 + radius * np.cos(turn), view.height() / 2 + radius * np.sin(turn)
        return [QPoint(round(one), round(other)) for one, other in zip(x.tolist(), y.tolist(), strict=True)]

    def draw_lasso(self) -> None:
        view, way = self.workspace.map.view, self._lasso()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, way[0])
        for at in way[1:]:
            QTest.mouseMove(view, at)

    def end_lasso(self) -> None:
        view, left = self.workspace.map.view, Qt.MouseButton.LeftButton
        QTest.mouseRelease(view, left, Qt.KeyboardModifier.NoModifier, self._lasso()[-1])

    def search(self, text: str) -> None:
        self.session.filter_by(parse(text))

    def forget_search(self) -> None:
        self.search("")
        self.session.snapshot.columns.files.found.clear()

    def sort(self, sort: Sort) -> None:
        self.session.sort_by(sort)

    def forget_orders(self) -> None:
        self.session.sort_by(Sort.NAME if self.session.sort is not Sort.NAME else Sort.SURE)
        self.session.snapshot._orders.clear()

    def show_cluster(self) -> None:
        self.session.show(Shown("cluster", 2))

    def show_all(self) -> None:
        self.session.show(Shown("all"))

    # Edits ----------------------------------------------------------------------------------------------------------------------------

    def edits(self) -> dict[str, Callable[[], Edit]]:
        """What a person changes, by name."""
        session = self.session
        images = np.sort(self._rng.choice(session.table.ids, MOVED, replace=False))

        def move() -> Edit:
            self._turn += 1
            return edits.move(session.curated, images, 1 + self._turn % 3)

        return {
            "move 10,000": move,
            "exclude 10,000": lambda: edits.exclude(session.curated, images),
            "merge 3 clusters": lambda: edits.merge(session.curated, [1, 2, 4]),
            "name a cluster": lambda: edits.rename(session.curated, 2, f"name {self._turn}"),
        }

    def cycle(self, make: Callable[[], Edit], rounds: int) -> dict[str, list[Time]]:
        """An edit, its undo, its redo, and back to where it began."""
        log, found = self.session.corrections, {"": [], ", undo": [], ", redo": []}
        for _ in range(rounds):
            for name, act in (("", lambda: log.do(make())), (", undo", log.undo), (", redo", log.redo)):
                found[name].append(timed(act))
                live(0.05)
            log.undo()
            live(0.3)
        return found

    # Frames ---------------------------------------------------------------------------------------------------------------------------

    def scroller(self, side: int, pixels: int) -> Callable[[int], None]:
        """A step of scrolling down, and up again at the end."""
        grid = self.workspace.gallery.grid
        bar = grid.verticalScrollBar()

        def step(number: int) -> None:
            if not number:
                grid.set_cell_side(side)
            if not 0 < bar.value() + self._way * pixels < bar.maximum():
                self._way = -self._way
            bar.setValue(bar.value() + self._way * pixels)

        return step

    def resize(self, number: int) -> None:
        shift = abs(number % 120 - 60)
        self.window.resize(1280 - 3 * shift, 800 - shift)

    def pan(self, number: int) -> None:
        way, view = (9 if number // 40 % 2 else -9), self.workspace.map.view
        view.look_from(view.camera.moved(way, way / 2))

    def zoom(self, number: int) -> None:
        view = self.workspace.map.view
        at, turn = QPointF(view.width() * 0.4, view.height() * 0.45), 120 if number // 12 % 2 == 0 else -120
        view.wheelEvent(
            QWheelEvent(
                at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase, False,
            )
        )  # fmt: skip
