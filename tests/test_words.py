"""Numbers, time spans and methods as people say them."""

from typing import get_args

import pytest

from iic_studio.config import Method
from iic_studio.evaluation.label_files import LabelReport
from iic_studio.events import HealthMeasured, RunFinished
from iic_studio.export.run_story import health_words
from iic_studio.export.words import done_words, masks_words, planned_words
from iic_studio.jobs.label_report import import_record, warnings_of
from iic_studio.jobs.label_words import imported_lines
from iic_studio.jobs.stability import came_back_words
from iic_studio.terminal import result_words
from iic_studio.words import METHODS, counted, duration, numbered


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (3599.7, "1 h 00 min"), (7500, "2 h 05 min")],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 files"), (1, "1 file"), (1797, "1,797 files")])
def test_counted(number: int, words: str) -> None:
    assert counted(number, "files") == words


def test_counted_knows_classes() -> None:
    assert [counted(number, "classes") for number in (1, 2)] == ["1 class", "2 classes"]


@pytest.mark.parametrize(("number", "words"), [(0, "are"), (1, "is"), (2, "are")])
def test_numbered(number: int, words: str) -> None:
    assert numbered(number, "is", "are") == words


def test_every_method_has_words() -> None:
    assert {"auto", *METHODS} == set(get_args(Method))
    assert len({words.title for words in METHODS.values()}) == len({words.name for words in METHODS.values()}) == len(METHODS)


def test_one_is_no_plural_in_sentences() -> None:
    summary = {"written": {"csv": "a.csv"}, "rows": 1, "failed": [], "num_unreadable": 1}
    assert done_words(summary) == [
        "Written: a.csv (1 row).",
        "1 file could not be read and took no part; the project's list of problems names each.",
    ]
    finished = RunFinished(run="", job="cluster", elapsed_s=1.0, num_images=1, summary={"csv": "a.csv", "rows": 1})
    assert "Written: a.csv (1 row)." in result_words(finished)


def test_one_is_no_plural_in_exports() -> None:
    folders = {"format": "folders", "folders": ["0"], "files": 1, "link": "copy", "bytes": 0, "left_out": 1, "path": "a", "exists": False}
    assert planned_words(folders | {"note": ""}) == "1 copy in 1 folder: a. 1 picture without a cluster is left out."
    masks = {"format": "masks", "files": 1, "left_out": 1, "probabilities": False, "also": [], "path": "a", "exists": False}
    assert planned_words(masks) == "Masks of 1 picture: a. 1 picture that was taken out gets none."
    assert (
        masks_words({"num_masks": 1, "area_shares": [1.0], "masks": "a"}) == "Written: 1 mask in a; the cluster covers 100% of all pixels."
    )
    summary = {"written": {}, "rows": 1, "failed": [], "num_unreadable": 0, "copied_instead_of_linked": 1, "left_out": 1}
    assert done_words(summary) == [
        "1 file was copied, because its link could not be made there.",
        "1 picture without a cluster is in no folder.",
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (
            1,
            [
                "1 row names another class: z.",
                "1 path has more than one label and got none, c0: x and y.",
                "1 row says again what another row says.",
            ],
        ),
        (
            2,
            [
                "2 rows name other classes: z.",
                "2 paths have more than one label and got none, e.g. c0: x and y.",
                "2 rows say again what another row says.",
            ],
        ),
    ],
)
def test_one_is_no_plural_in_what_became_of_labels(count: int, told: list[str]) -> None:
    conflicts = {f"c{number}": ["x", "y"] for number in range(count)}
    report = LabelReport(rows=1, unknown_classes={"z": count}, doubles=["d"] * count, conflicts=conflicts)
    assert [one.message for one in warnings_of(report, "path", "paths")] == told


def test_one_is_no_plural_in_what_was_left_out() -> None:
    report = LabelReport(rows=1, unknown_paths=["a"], unknown_classes={"z": 1}, doubles=["d"], conflicts={"c": ["x", "y"]}, without_label=1)
    assert list(imported_lines({"import": import_record(report, [], [], read_as="labels")})) == [
        "0 of 1 row read as labels: 0 new, 0 changed, 0 unchanged.",
        "Left out: 1 unknown path, 1 row of unknown classes, 1 double, 1 path with contradicting labels, 1 row without a label.",
    ]


def test_one_is_no_plural_of_runs_and_clusters() -> None:
    assert came_back_words(1, 1) == "This cluster came back in 1 of 1 other run."
    health = HealthMeasured(
        step=1,
        epoch=0,
        mutual_information=1.0,
        mutual_information_excess=1.0,
        ceiling=1.0,
        churn=0.0,
        nmi_previous=1.0,
        num_used=1,
        num_dead=1,
        largest_share=1.0,
        largest_share_in_use=1.0,
        agreement=1.0,
        consistency=1.0,
    )
    assert "1 cluster is in use, 1 stays empty; the largest holds 100% of the pictures." in health_words(health)
