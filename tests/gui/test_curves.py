"""The charts, fed with a recorded run: what they draw, read out, name, save, and when they draw at all."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import EpochFinished, Event, HeadReport, HealthMeasured, StepsFinished, SubHeadReport
from iic_studio.gui.chart import Chart
from iic_studio.gui.curves import CurvesPage
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.session import Change, Session
from iic_studio.project.store import Project
from iic_studio.records import LiveArrays

CEILING = math.log2(4)


def passed(number: int, sizes: tuple[float, ...], sub_head: int = 0) -> list[Event]:
    """What is told of one pass of fifty steps: losses on the way, a report, and health."""
    step, spent = 50 * number, 6.0 * number
    rows = tuple(SubHeadReport(loss=loss, mutual_information=1.0, marginal_entropy=1.9, conditional_entropy=0.9) for loss in (-1.0, -0.7))
    heads = tuple(
        HeadReport(head=head, num_clusters=count, ceiling=math.log2(count), best_sub_head=0, sub_heads=rows)
        for head, count in (("main", 4), ("overclustering", 20))
    )
    told: list[Event] = [
        StepsFinished(
            step=step - 50 + 10 * part,
            epoch=number,
            main_losses=(-0.1 * part, -0.05 * part),
            overclustering_losses=(-0.2 * part, -0.1 * part),
            mutual_information=1.0,
            ceiling=CEILING,
            images_per_s=100.0,
            elapsed_s=spent - 6 + part,
            fraction_done=0.1,
            eta_s=None,
        )
        for part in range(1, 6)
    ]
    told.append(EpochFinished(epoch=number, step=step, elapsed_s=spent, heads=heads, cluster_sizes=sizes))
    told.append(
        HealthMeasured(
            step=step,
            epoch=number,
            mutual_information=1.0,
            mutual_information_excess=0.75,
            ceiling=CEILING,
            churn=math.nan if number == 1 else 0.2 / number,
            nmi_previous=math.nan if number == 1 else 0.8,
            num_used=3,
            num_dead=1,
            largest_share=0.5,
            largest_share_in_use=0.5,
            agreement=0.6,
            consistency=0.9,
            sub_head=sub_head,
            cluster_sizes=sizes,
        )
    )
    return told


SIZES = ((0.25, 0.25, 0.25, 0.25), (0.4, 0.3, 0.2, 0.1), (0.5, 0.3, 0.2, 0.0))


@pytest.fixture
def page(qtbot: QtBot) -> CurvesPage:
    session = Session()
    made = CurvesPage(session)
    session.setParent(made)
    qtbot.addWidget(made, before_close_func=lambda page: page.let_go())
    made.resize(900, 1600)
    made.show()
    for number, sizes in enumerate(SIZES, start=1):
        for event in passed(number, sizes):
            session.note(event)
    for chart in made.charts.values():
        chart._redraw()
    return made


def test_charts_are_made_when_somebody_looks_and_one_by_one(qtbot: QtBot) -> None:
    session = Session()
    made = CurvesPage(session)
    session.setParent(made)
    qtbot.addWidget(made, before_close_func=lambda page: page.let_go())
    for number, sizes in enumerate(SIZES, start=1):
        for event in passed(number, sizes):
            session.note(event)
    assert made.findChildren(Chart) == []
    made.resize(1280, 1600)
    made.show()
    assert len(made.findChildren(Chart)) == 1
    qtbot.waitUntil(lambda: len(made.findChildren(Chart)) == 7, timeout=5000)
    assert list(made.charts.values()) == made.findChildren(Chart)
    qtbot.waitUntil(lambda: "moved, %" in drawn(made.charts["churn"]), timeout=5000)
    assert [made._grid.getItemPosition(place) for place in (0, 1, 6)] == [(0, 0, 1, 1), (0, 1, 1, 1), (3, 0, 1, 2)]
    made.resize(500, 1600)
    qtbot.waitUntil(lambda: made._grid.getItemPosition(1) == (1, 0, 1, 1), timeout=5000)


def drawn(chart: Chart) -> dict[str, tuple[list[float], list[float]]]:
    """x and y of each named curve as pyqtgraph has them."""
    found = {}
    for line, curve in zip(chart._drawing.lines, chart._curves, strict=False):
        x, y = curve.getData()
        if line.name and x is not None:
            found[line.name] = ([round(float(one), 4) for one in x], [round(float(one), 4) for one in y])
    return found


def test_an_empty_chart_says_when_it_fills(qtbot: QtBot) -> None:
    session = Session()
    empty = CurvesPage(session)
    session.setParent(empty)
    qtbot.addWidget(empty, before_close_func=lambda page: page.let_go())
    empty.resize(900, 700)
    empty.show()
    chart = empty.charts["churn"]
    chart._redraw()
    assert chart._empty.text() == "Curves appear here when training runs."
    chart.plot.resize(500, 160)
    middle = chart.plot.getPlotItem().getViewBox().sceneBoundingRect().center().y()
    assert abs(chart._empty.geometry().center().y() - middle) < 20, "not over the words of the axis"
    session.history.step = 40
    chart._drawn = None
    chart._redraw()
    assert "sorted twice" in chart._empty.text(), "training ran, so that sentence would be wrong"
    assert not chart.plot.getPlotItem().getAxis("left").style["showValues"]


def test_information_has_its_ceiling_and_what_chance_gives(page: CurvesPage) -> None:
    chart = page.charts["information_main"]
    lines = drawn(chart)
    assert lines["I(z, z′)"] == ([0.1, 0.2, 0.3], [1.0, 1.0, 1.0])
    assert lines["chance"][1] == [0.25, 0.25, 0.25]
    assert chart._drawing.ceiling == pytest.approx(2.0)
    assert "log₂ 4" in chart._drawing.ceiling_label
    assert "chance" not in drawn(page.charts["information_overclustering"])


def test_every_sub_head_has_a_loss(page: CurvesPage) -> None:
    lines = page.charts["loss_main"]._drawing.lines
    assert len(lines) == 2
    assert not any(line.under for line in lines)
    assert [line.strong for line in lines] == [False, True]
    assert lines[1].name == "best (sub-head 1)"
    assert len(lines[1].x) == 15


def test_churn_and_sameness(page: CurvesPage) -> None:
    x, y = drawn(page.charts["churn"])["moved, %"]
    assert x == [0.1, 0.2, 0.3]
    assert math.isnan(y[0])
    assert y[1:] == [10.0, 6.6667]
    same = drawn(page.charts["same"])
    assert same["agreement of sub-heads"][1] == [0.6, 0.6, 0.6]
    assert same["consistency"][1] == [0.9, 0.9, 0.9]
    assert same["NMI with the pass before"][1][1:] == [0.8, 0.8]


def test_sizes_are_stacked_and_unused_clusters_are_named(page: CurvesPage) -> None:
    chart = page.charts["sizes"]
    assert chart._drawing.stacked
    assert drawn(chart)["Cluster 0"][1] == [25.0, 40.0, 50.0]
    assert drawn(chart)["Cluster 3"][1] == [100.0, 100.0, 100.0]
    assert len(chart._fills) == 4
    assert chart._note.text() == "Unused: Cluster 3"
    page.stacked.click()
    chart._redraw()
    assert not chart._fills
    assert drawn(chart)["Cluster 3"][1] == [25.0, 10.0, 0.0]
    assert chart._drawing.lines[3].pattern == "dot"


def test_another_sub_head_breaks_the_lines_of_sizes(page: CurvesPage) -> None:
    for event in passed(4, (0.1, 0.2, 0.3, 0.4), sub_head=1):
        page._session.note(event)
    page.stacked.click()
    page.charts["sizes"]._redraw()
    x, y = drawn(page.charts["sizes"])["Cluster 0"]
    assert x == [0.1, 0.2, 0.3, 0.4]
    assert y[:3] == [25.0, 40.0, 50.0]
    assert math.isnan(y[3])


def test_sizes_of_older_logs_come_from_the_epoch(page: CurvesPage) -> None:
    *before, health = passed(4, (0.1, 0.2, 0.3, 0.4))
    for event in before:
        page._session.note(event)
    old = {name: value for name, value in vars(health).items() if name not in ("sub_head", "cluster_sizes")}
    page._session.note(HealthMeasured(**old))
    assert page._session.history.sizes.values[-1].tolist() == [-1, 0.1, 0.2, 0.3, 0.4]


def test_many_clusters_are_drawn_as_the_largest_and_the_rest(page: CurvesPage) -> None:
    session = page._session
    sizes = np.arange(1, 141) / np.arange(1, 141).sum()
    session.history.clear()
    for number in (1, 2):
        for event in passed(number, tuple(sizes.tolist())):
            session.note(event)
    chart = page.charts["sizes"]
    chart._redraw()
    assert len(chart._drawing.lines) == 41
    assert chart._drawing.lines[-1].name == "100 smaller clusters"
    assert sum(float(line.values[-1]) for line in chart._drawing.lines) == pytest.approx(100)
    assert chart._legend.entries == ()


def test_a_long_legend_takes_more_lines(page: CurvesPage) -> None:
    legend = page.charts["same"]._legend
    assert [entry.name for entry in legend.entries] == ["NMI with the pass before", "agreement of sub-heads", "consistency"]
    legend.resize(2000, legend.height())
    one = legend.height()
    legend.resize(200, legend.height())
    assert legend.height() == 3 * one
    legend.grab()


def test_steps_or_minutes(page: CurvesPage) -> None:
    page._steps.click()
    chart = page.charts["churn"]
    chart._redraw()
    assert drawn(chart)["moved, %"][0] == [50, 100, 150]
    assert chart._drawing.x_label == "steps"


def hover(chart: Chart, x: float, y: float) -> None:
    """Move the pointer to a place in the chart."""
    chart._hover(QPointF(chart.plot.getPlotItem().getViewBox().mapViewToScene(QPointF(x, y))))


def test_the_crosshair_reads_the_values(page: CurvesPage) -> None:
    chart = page.charts["same"]
    hover(chart, 0.21, 0.5)
    assert chart.readout.text() == "minute 0.2:  NMI with the pass before 0.80, agreement of sub-heads 0.60, consistency 0.90"
    assert chart._cross.value() == pytest.approx(0.2)
    sizes = page.charts["sizes"]
    hover(sizes, 0.3, 60)  # in the second band: 50 to 80
    assert sizes.readout.text() == "minute 0.3:  Cluster 1 30.0"


def test_each_chart_answers_what_it_means_in_two_sentences(qtbot: QtBot, page: CurvesPage) -> None:
    before = page.charts["loss_main"].plot.height()
    for key, chart in page.charts.items():
        assert not chart.meaning.answer.isVisible()
        qtbot.mouseClick(chart.meaning.question, Qt.MouseButton.LeftButton)
        assert chart.meaning.answer.isVisible()
        assert chart.meaning.answer.text() == meanings()[key]
        assert meanings()[key].count(". ") + meanings()[key].count("; ") >= 1
        assert chart.plot.accessibleName() == chart.title
    qtbot.wait(20)
    for chart in page.charts.values():
        assert chart.plot.height() >= min(before, chart.plot.minimumHeight())
        assert chart.plot.geometry().bottom() < chart.meaning.geometry().top()
        assert chart.meaning.answer.height() >= chart.meaning.answer.heightForWidth(chart.meaning.answer.width())


# Drawing only when it pays -------------------------------------------------------------------------------------------------------------


def count_draws(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counted: list[int] = []
    real: Callable[[], object] = chart._draw_what
    monkeypatch.setattr(chart, "_draw_what", lambda: counted.append(1) or real())
    return counted


def test_nothing_new_is_not_drawn_again(page: CurvesPage, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = page.charts["loss_main"]
    counted = count_draws(chart, monkeypatch)
    chart._redraw()
    assert counted == []
    page._session.note(passed(4, SIZES[0])[0])
    chart._redraw()
    chart._redraw()
    assert counted == [1]


def test_a_chart_out_of_sight_waits_until_it_is_scrolled_to(qtbot: QtBot, page: CurvesPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page.resize(900, 500)
    qtbot.wait(20)
    chart, above = page.charts["sizes"], page.charts["information_main"]
    for one in (chart, above):
        one._timer.setInterval(1)
    assert chart.visibleRegion().isEmpty()
    counted, seen = count_draws(chart, monkeypatch), count_draws(above, monkeypatch)
    for event in passed(4, SIZES[0]):
        page._session.note(event)
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert counted == []
    bar = page.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: bool(counted), timeout=5000)


def test_many_events_in_a_row_cost_one_drawing(qtbot: QtBot, page: CurvesPage, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = page.charts["loss_main"]
    chart._timer.stop()
    counted = count_draws(chart, monkeypatch)
    for number in range(4, 24):
        for event in passed(number, SIZES[0]):
            page._session.note(event)
    qtbot.waitUntil(lambda: bool(counted), timeout=5000)
    assert counted == [1]


class Paints(QObject):
    """How often a widget was painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_drawing_is_painted_once(qtbot: QtBot, page: CurvesPage) -> None:
    chart = page.charts["loss_main"]
    qtbot.waitUntil(lambda: not any(one._timer.isActive() for one in page.charts.values()), timeout=5000)
    qtbot.wait(50)
    paints = Paints(page)
    chart.plot.viewport().installEventFilter(paints)
    page._session.note(passed(4, SIZES[0])[0])
    chart._redraw()
    qtbot.wait(100)
    assert paints.count == 1


def test_what_training_says_of_a_moment_is_announced_once(page: CurvesPage) -> None:
    session = page._session
    heard: list[Change] = []
    session.changed.connect(heard.append)
    steps = passed(4, SIZES[0])[0]
    joint = np.full((1, 4, 4), 1 / 16, np.float32)
    session.note(steps, LiveArrays(160, {"main": joint}))
    assert heard == [Change.JOINTS | Change.CURVES]
    assert session.joints["main"] is joint
    assert session.history.step == 160


def test_the_page_says_where_training_is_when_it_comes_to_the_front(page: CurvesPage) -> None:
    page.hide()
    for event in passed(4, SIZES[0]):
        page._session.note(event)
    page.show()
    assert page._state.full.startswith("step 200")


# Files --------------------------------------------------------------------------------------------------------------------------------


def test_a_chart_is_saved_as_png_and_svg(qtbot: QtBot, page: CurvesPage, tmp_path: Path) -> None:
    chart = page.charts["loss_main"]
    with qtbot.waitSignal(page.saved) as told:
        page.save(chart, tmp_path / "a.png")
    assert told.args == [tmp_path / "a.png"]
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width >= 2 * chart.plot.viewport().width()
        colours = {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in picture.convert("RGB").getcolors(1 << 24) or []}
    assert {line.colour for line in chart._drawing.lines if line.strong} <= colours
    page.save(chart, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert text.startswith("<?xml")
    assert "Clusters: loss" in text
    assert "best (sub-head 1)" in text
    assert text.count("<polyline") + text.count("<path") > 10
    assert "<image" not in text


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, page: CurvesPage, tmp_path: Path) -> None:
    with qtbot.waitSignal(page._session.failed) as told:
        page.save(page.charts["churn"], tmp_path / "nowhere" / "a.png")
    assert isinstance(told.args[0], StudioError)


# Earlier runs -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def trained(picture_folder: Path, tmp_path: Path) -> Project:
    """A project with two short runs."""
    project = Project.create(tmp_path / "p.iicproj", picture_folder)
    for clusters in (3, 4):
        settings = TrainSettings(clusters=clusters, steps=12, batch_size=16, image_size=16, sub_heads=2)
        assert [type(event).__name__ for event in jobs.train(project, settings)][-1] == "RunFinished"
    return project


def test_earlier_runs_lie_greyed_under_the_present_one(qtbot: QtBot, page: CurvesPage, trained: Project) -> None:
    session, earlier = page._session, page.earlier
    session.open(trained)
    qtbot.waitUntil(lambda: not session.is_reading, timeout=20_000)
    assert session.run is not None
    assert session.run.settings["clusters"] == 4
    assert len(session.history.heads["main"].information) > 1  # from the kept joints
    earlier.fill()
    listed = [action.text() for action in earlier.menu_.actions()]
    assert [text.rpartition(", ")[2] for text in listed] == ["3 clusters"]
    with qtbot.waitSignal(earlier.changed, check_params_cb=lambda: bool(earlier.histories), timeout=10_000):
        earlier.menu_.actions()[0].setChecked(True)
    assert earlier.text() == "Compare (1)…"
    chart = page.charts["information_main"]
    chart._redraw()
    name = listed[0].partition(",")[0]
    under = next(line for line in chart._drawing.lines if line.name == name)
    assert under.pattern == "dash"
    assert under.under
    assert len(under.x) > 1
    assert np.isfinite(under.values).all()
    earlier.fill()
    earlier.menu_.actions()[0].setChecked(False)
    chart._redraw()
    assert name not in {line.name for line in chart._drawing.lines}
    session.close()
    session.changed.emit(Change.PROJECT)
    assert earlier.histories == {}
    page.let_go()
