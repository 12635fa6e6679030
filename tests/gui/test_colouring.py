"""What colours mean, and how they become one byte for each point."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from test_gallery import CLUSTERS, fake_snapshot

from iic_studio.gui import theme
from iic_studio.gui.colouring import MOST, Colouring, _by_word, by_cluster, by_confidence, by_folder, count_words, kinds_of, ramp
from iic_studio.gui.map_ink import make_ink
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.table import ImageTable, build_verdicts
from iic_studio.records import Assignments


def with_paths(paths: tuple[str, ...]) -> Snapshot:
    total = len(paths)
    table = ImageTable(ids=np.arange(1, total + 1), paths=paths, status=np.zeros(total, np.uint8))
    return Snapshot(table, build_verdicts(table, None))


def test_clusters_have_the_colours_they_have_everywhere(qtbot: QtBot) -> None:
    snapshot = fake_snapshot(500)
    colouring = by_cluster(snapshot)
    for row in range(0, 500, 37):
        assert colouring.colours[colouring.numbers[row]] == theme.cluster_colour(int(snapshot.verdicts.cluster[row]))


def test_an_image_without_a_cluster_is_grey(qtbot: QtBot) -> None:
    colouring = by_cluster(with_paths(("a.png", "b.png")))
    assert colouring.colours[colouring.numbers[0]].name() == theme.tokens().border_strong


def test_confidence_goes_from_chance_to_certain(qtbot: QtBot) -> None:
    snapshot = fake_snapshot(500)
    colouring = by_confidence(snapshot)
    order = np.argsort(snapshot.verdicts.confidence)
    assert (np.diff(colouring.numbers[order]) >= 0).all()
    assert colouring.scale == (f"{100 // CLUSTERS} %", "100 %")
    assert colouring.numbers.max() < len(colouring.colours)


def test_folders_are_told_apart_and_rare_ones_share_a_grey(qtbot: QtBot) -> None:
    few = by_folder(with_paths(("cats/a.png", "cats/b.png", "dogs/süd/c.png", "d.png")))
    assert [text for _, text in few.legend] == ["cats", "dogs/süd", "in the folder itself"]
    assert few.numbers[0] == few.numbers[1] != few.numbers[2] != few.numbers[3]
    many = by_folder(with_paths(tuple(f"photos/{year}/{day:02d}/x.png" for year in range(2000, 2005) for day in range(9))))
    assert sorted(text for _, text in many.legend) == [f"photos/{year}" for year in range(2000, 2005)]
    lots = _by_word(count_words([f"word {number}" for number in range(40) for _ in range(40 - number)]), "none", "words")
    assert [text for _, text in lots.legend][-1] == "28 other words"
    assert next(text for _, text in lots.legend) == "word 0"


def test_dates_and_classes_are_offered_where_there_are_any(qtbot: QtBot) -> None:
    plain = with_paths(("a.png", "b.png", "c.png"))
    assert list(kinds_of(plain)) == ["Cluster", "Confidence", "Folder"]
    taken = np.array(["2001-02-03T04:05:06", "NaT", "2011-01-01"], "datetime64[s]")
    table = ImageTable(ids=plain.table.ids, paths=plain.table.paths, status=plain.table.status, taken=taken)
    dated = Snapshot(table, build_verdicts(table, None))
    colouring = kinds_of(dated)["Date"](dated)
    assert colouring.scale == ("2001-02-03", "2011-01-01")
    assert colouring.numbers.tolist() == [0, len(colouring.colours) - 1, len(colouring.colours) - 2]
    undated = dataclasses.replace(table, taken=np.full(3, "NaT", "datetime64[s]"))
    assert "Date" not in kinds_of(Snapshot(undated, build_verdicts(undated, None)))


@pytest.mark.parametrize("dark", [False, True])
def test_steps_of_a_scale_can_be_seen_on_the_ground(qtbot: QtBot, dark: bool) -> None:
    ground = QColor("#1f2227" if dark else "#ffffff")
    for colour in ramp(dark):
        assert abs(colour.lightness() - ground.lightness()) > 25
    assert len({colour.name() for colour in ramp(dark)}) == len(ramp(dark))


@pytest.mark.parametrize("count", [2, 11, MOST])
def test_ink_keeps_colours_and_puts_selected_points_on_top(qtbot: QtBot, count: int) -> None:
    colours = tuple(QColor.fromHsv(360 * place // count, 200, 200) for place in range(count))
    numbers = np.arange(1000) % count
    rows = np.arange(0, 1000, 3)
    ink = make_ink(Colouring(numbers, colours), rows, QColor("#ffffff"))
    selected = rows % 2 == 0
    nothing = np.zeros(len(rows), np.bool_)
    full, mixed = ink.of(nothing), ink.of(selected)
    for place, row in enumerate(rows.tolist()):
        assert int(ink.palette[full[place]]) == colours[numbers[row]].rgba()
        assert (int(ink.palette[mixed[place]]) == colours[numbers[row]].rgba()) is bool(selected[place])
    assert mixed[selected].min() > mixed[~selected].max()
    assert ink.palette[0] == 0


def test_no_cluster_lies_over_all_others(qtbot: QtBot) -> None:
    ink = make_ink(
        Colouring(np.arange(4000) % 4, (QColor("red"), QColor("blue"), QColor("green"), QColor("black"))), np.arange(4000), QColor()
    )
    numbers = ink.of(np.zeros(4000, np.bool_)).reshape(-1, 4)
    assert 0.3 < (numbers[:-1, 0] > numbers[1:, 3]).mean() < 0.7


def test_more_clusters_than_colours_still_fit(qtbot: QtBot) -> None:
    total, clusters = 600, 300
    table = ImageTable(ids=np.arange(1, total + 1), paths=("x",) * total, status=np.zeros(total, np.uint8))
    assignment = np.arange(total) % clusters
    said = Assignments(
        table.ids, np.eye(clusters, dtype=np.float32)[assignment], assignment, assignment[:, None], np.ones(total, np.float32), 0
    )
    colouring = by_cluster(Snapshot(table, build_verdicts(table, said)))
    assert len(colouring.colours) <= MOST
    ink = make_ink(colouring, np.arange(total), QColor("white"))
    assert 2 * ink.step <= 255
