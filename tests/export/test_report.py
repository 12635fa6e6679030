"""The report: self-contained, escaped, and with what a reader wants to know."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from iic_studio.events import DiagnosisChanged, EpochFinished, Event, HeadReport, HealthMeasured, RunStarted, StepsFinished, SubHeadReport
from iic_studio.export.mask_report import MaskFacts
from iic_studio.export.report import ReportFacts, report_html
from iic_studio.export.run_story import health_words, tell_story
from iic_studio.project.maps import Layout
from tests.export.conftest import META, made_rows

HEALTH = HealthMeasured(
    step=20,
    epoch=2,
    mutual_information=1.5,
    mutual_information_excess=1.4,
    ceiling=1.58,
    churn=0.031,
    nmi_previous=0.9,
    num_used=2,
    num_dead=1,
    largest_share=0.6,
    largest_share_in_use=0.6,
    agreement=0.91,
    consistency=float("nan"),
)


def picture(image_id: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (image_id % 256, 0, 0)).save(file, "PNG" if image_id % 2 else "JPEG")
    return file.getvalue()


def log_of_a_run() -> list[Event]:
    events: list[Event] = [RunStarted(run="r", job="train")]
    for step in range(1, 41):
        events.append(
            StepsFinished(
                step=step,
                epoch=step // 10,
                main_losses=(-0.01 * step, -0.02 * step),
                overclustering_losses=(),
                mutual_information=0.0,
                ceiling=1.58,
                images_per_s=1.0,
                elapsed_s=float(step),
                fraction_done=step / 40,
                eta_s=None,
            )
        )
        if step % 10 == 0:
            sub_head = SubHeadReport(loss=-1.0, mutual_information=0.03 * step, marginal_entropy=1.5, conditional_entropy=0.1)
            head = HeadReport(head="main", num_clusters=3, ceiling=1.58, best_sub_head=0, sub_heads=(sub_head,))
            events.append(EpochFinished(epoch=step // 10, step=step, elapsed_s=1.0, heads=(head,)))
            events.append(replace(HEALTH, step=step))
    return [*events, DiagnosisChanged(state="plateau", message="Plateau: hardly any change.", action="Look at the groups.")]


def facts(**changes: Any) -> ReportFacts:
    paths = [f"day {number % 2}/img{number:03}.jpg" for number in range(40)]
    rows = made_rows(paths, clusters=[0] * 24 + [1] * 16, names={0: "<script>alert(1)</script>", 1: "red & white"})
    joint = np.array([[0.5, 0.06, 0], [0.06, 0.38, 0], [0, 0, 0]], np.float32)
    return replace(ReportFacts(rows, META, tell_story(log_of_a_run()), picture, joint), **changes)


class Reader(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_names_are_text_and_not_markup() -> None:
    page = report_html(facts())
    reader = Reader(page)
    assert not [tag for tag, _ in reader.tags if tag in ("script", "iframe", "object", "link", "base", "form")]
    assert "<script>alert(1)</script>" in reader.text
    assert "red & white" in reader.text
    assert "<script" not in page


def test_nothing_is_asked_of_the_network() -> None:
    page = report_html(facts())
    reader = Reader(page)
    for tag, attributes in reader.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
            if attributes.get(name):
                assert str(attributes[name]).startswith("data:image/"), (tag, name)
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?://", page)
    policy = next(attributes["content"] for tag, attributes in reader.tags if attributes.get("http-equiv"))
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_typical_and_borderline_pictures_of_each_cluster_are_inside() -> None:
    reader = Reader(report_html(facts()))
    pictures = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert len(pictures) == 2 * (8 + 4)
    for attributes in pictures:
        kind, _, data = str(attributes["src"]).partition(";base64,")
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            assert f"data:image/{str(image.format).lower()}" == kind
    assert "day 0/img000.jpg, 70% sure" in {attributes["alt"] for attributes in pictures}


def test_words_curves_matrix_problems_and_settings() -> None:
    problems = [{"path": f"<b>{number}.jpg", "reason": "is cut off"} for number in range(501)]
    page = report_html(facts(meta=META | {"problems": problems, "summary": {"training_s": 75.0, "steps": 40, "ended_at_plateau": True}}))
    text = Reader(page).text
    for words in (
        "Clusters of garden",
        "40 pictures in 2 clusters",
        "Plateau: hardly any change.",
        "Two views of a picture share 1.50 of at most 1.58 bits",
        "It trained for 1 min 15 s, 40 steps, on cpu. It ended when nothing new was learned.",
        "24 pictures, 60.0%, 70% sure on average",
        "14% of the pairs from red & white land in <script>alert(1)</script>.",
        "<b>0.jpg",
        "And 1 more.",
        "Data fingerprint",
    ):
        assert words in text, words
    assert page.count('<svg class="chart"') == 3
    assert page.count('<svg class="heat"') == 1


@pytest.mark.parametrize(
    ("method", "more", "words"),
    [
        ("iic", {}, "found by Invariant Information Clustering, without any label of the pictures: a network (small) learned"),
        ("iic+neighbours", {}, "Pictures that look alike stood in for copies"),
        ("deepcluster", {}, "found by DeepCluster, without any label of the pictures: k-means grouped the pictures"),
        ("pmi", {"encoder": "resnet18"}, "heads on a network that others trained (resnet18) learned to put two views of a picture"),
        ("iic", {"task": "pixels"}, "learned to put a pixel, those around it"),
    ],
)
def test_it_says_how_the_clusters_were_found(method: str, more: dict[str, str], words: str) -> None:
    text = Reader(report_html(facts(meta=META | {"settings": META["settings"] | {"method": method} | more}))).text
    assert words in text
    assert ("Invariant Information" in text) == method.startswith("iic")


def test_a_run_without_log_and_joint_still_has_a_report() -> None:
    page = report_html(facts(story=tell_story([]), joint=None, thumbnail=lambda _: b""))
    assert "<svg" not in page
    assert "holds no measurements" in page
    assert "Every file could be read." in page


def test_many_clusters_are_listed_without_pictures() -> None:
    count = 130
    rows = made_rows([f"{number}.png" for number in range(count)], clusters=range(count), num_clusters=count)
    page = report_html(facts(rows=rows, joint=np.eye(count, dtype=np.float32) / count))
    assert page.count('<section class="card">') == 100
    assert "30 more, without pictures" in page
    assert "The 48 largest of 130 clusters." in page


def test_merged_clusters_are_one_in_the_matrix() -> None:
    rows = replace(facts().rows, group_of=np.array([0, 1, 1]))
    joint = np.array([[0.5, 0, 0.1], [0, 0.1, 0.1], [0.1, 0.1, 0.0]], np.float32)
    text = Reader(report_html(facts(rows=rows, joint=joint))).text
    assert "25% of the pairs from red & white land in" in text


def test_a_resumed_run_is_told_as_it_went_in_the_end() -> None:
    events = log_of_a_run()
    again = [event for event in events[1:] if getattr(event, "step", 0) > 20]
    story = tell_story([*events, RunStarted(run="r", job="resume"), *again])
    assert [moment[0] for moment in story.losses] == list(range(1, 41))
    assert [moment[0] for moment in story.churn] == [10, 20, 30, 40]
    assert [line.role for line in story.loss_lines(1)] == ["faint", "one"]


def test_only_what_was_measured_is_told() -> None:
    words = " ".join(health_words(HEALTH))
    assert f"measured at step {HEALTH.step:,}" in words, "the clusters below were found later, and are of other sizes"
    assert "2 clusters are in use, 1 stays empty; the largest holds 60% of the pictures." in words
    assert "3.1% of the pictures changed cluster" in words
    assert "nan" not in words
    assert "cropped" not in words


def test_the_map_shows_points_in_the_colours_of_their_clusters() -> None:
    assert "The map" not in report_html(facts())
    base = facts()
    positions = np.array([[place % 7, 10 * one + place % 5] for place, one in enumerate(base.rows.cluster.tolist())], np.float32)
    ids, nobody = base.rows.image_ids, np.zeros(0, np.float32)
    layout = Layout("umap", "features", ids, positions, ids.astype(np.uint64), ids > 0, nobody, nobody, "")
    page = report_html(facts(layout=layout, colours=("#ff0000", "#0000ff", "#00ff00")))
    drawn = re.search(r'<svg class="map".*?</svg>', page, re.DOTALL)
    assert drawn is not None
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: 24 pictures" in drawn[0]
    assert "red &amp; white: 16 pictures" in drawn[0]
    data = re.search(r"data:image/png;base64,([^\"]+)", drawn[0])
    assert data is not None
    with Image.open(io.BytesIO(base64.b64decode(data[1]))) as image:
        pixels = np.asarray(image.convert("RGBA"))
    seen = {tuple(one) for one in pixels[pixels[..., 3] > 0][:, :3].tolist()}
    assert seen == {(255, 0, 0), (0, 0, 255)}
    red = np.nonzero((pixels[..., 3] > 0) & (pixels[..., 0] == 255))[0]
    blue = np.nonzero((pixels[..., 3] > 0) & (pixels[..., 2] == 255))[0]
    assert blue.max() < red.min(), "what lies higher on the map lies higher on the page"


@pytest.mark.parametrize(
    ("pictures", "classes", "words"),
    [
        (201, 13, ("And 1 more picture; areas.csv", "And 1 more class.")),
        (202, 14, ("And 2 more pictures; areas.csv", "And 2 more classes.")),
    ],
)
def test_areas_that_have_no_room_are_counted(pictures: int, classes: int, words: tuple[str, str]) -> None:
    rows = made_rows([f"img{number:03}.jpg" for number in range(pictures)], width=[8] * pictures, height=[8] * pictures)
    masks = MaskFacts(
        [(0, 0, 0)] * classes, [f"class {one}" for one in range(classes)], np.full((pictures, classes), 1 / classes), lambda _: None
    )
    page = report_html(facts(rows=rows, joint=None, masks=masks))
    assert all(one in page for one in words)
