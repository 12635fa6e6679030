"""Every way out of a real project: what other programs read of it, on real files of many kinds."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.events import Event, RunFailed, RunFinished
from iic_studio.export.onnx_folder import check_model_folder
from iic_studio.export.request import ExportRequest
from iic_studio.jobs.results import current_groups, newest_assignments
from iic_studio.project.store import Project
from tests.jobs.conftest import QUICK, name_cluster

Run = Callable[[Iterator[Event]], list[Event]]
NAMES = {0: '<script>"a", b', 1: "=SUM(A1)", 2: "two\nlines"}
ODD = os.fsdecode(b"caf\xe9 'n, co.png")
_place: list[Path] = []


def add_special_pictures(folder: Path) -> None:
    """Kinds of files that a reader may treat in another way than we do."""
    rng = np.random.default_rng(5)
    smooth = np.asarray(Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((900, 640), Image.Resampling.BICUBIC))
    photo = Image.fromarray(smooth)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        photo.save(folder / f"turned {orientation}.jpg", exif=exif, quality=90)
    photo.convert("L").save(folder / "grey.jpg")
    photo.convert("L").resize((70, 60)).save(folder / "grey, small.png")
    photo.resize((64, 50)).quantize(32).save(folder / "palette.gif")
    with_alpha = photo.resize((120, 90)).convert("RGBA")
    with_alpha.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 120, dtype=np.uint8), (90, 1))))
    with_alpha.save(folder / "transparent.png")
    Image.fromarray((smooth[..., 0].astype(np.uint16) * 200 + 3000)[:300]).save(folder / "deep.png")
    photo.resize((500, 40)).save(folder / "strip.webp", lossless=True)
    photo.resize((20, 16)).save(folder / "tiny.png")
    if sys.platform == "linux":
        photo.resize((64, 64)).save(folder / ODD)


@pytest.fixture
def trained(tmp_path_factory: pytest.TempPathFactory, make_pictures: Callable[..., dict[str, str]]) -> Iterator[Project]:
    """A trained project open for reading, made once for all tests here: none of them may change it."""
    if not _place:
        base = tmp_path_factory.mktemp("exporting")
        make_pictures(base / "pictures", 5)
        add_special_pictures(base / "pictures")
        (base / "pictures" / "broken.jpg").write_bytes(b"")
        with Project.create(base / "made.iicproj", base / "pictures") as project:
            last = list(jobs.train(project, QUICK))[-1]
            assert isinstance(last, RunFinished)
            for cluster, name in NAMES.items():
                name_cluster(project, cluster, name)
        _place.append(base / "made.iicproj")
    with Project.open(_place[0], writable=False) as opened:
        yield opened


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in [folder, *folder.rglob("*")]}


def finished(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished), events[-1]
    return events[-1]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_all_formats_in_one_go_leave_the_pictures_alone(run: Run, trained: Project, tmp_path: Path) -> None:
    before, project_before = snapshot(trained.folder), snapshot(trained.path / "runs")
    out = tmp_path / "out"
    request = ExportRequest(
        csv=out / "a.csv",
        jsonl=out / "b.jsonl",
        coco=out / "c.json",
        report=out / "d.html",
        hugging_face=out / "e",
        folders=out / "f",
        link="hard",
    )
    last = finished(run(jobs.export(trained, request)))
    assert sorted(path.name for path in out.iterdir()) == ["a.csv", "a.meta.json", "b.jsonl", "b.meta.json", "c.json", "d.html", "e", "f"]
    assert list(last.summary["written"]) == ["csv", "jsonl", "coco", "report", "hugging_face", "folders"]
    assert (last.num_problems, last.summary["num_unreadable"], last.summary["failed"]) == (1, 1, [])
    assert snapshot(trained.folder) == before
    assert snapshot(trained.path / "runs") == project_before
    rows = table(out / "a.csv")
    lines = [json.loads(line) for line in (out / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["path"] for row in rows] == [line["path"] for line in lines] == sorted(row["path"] for row in rows)
    assert len(json.loads((out / "c.json").read_text(encoding="utf-8"))["images"]) == len(rows) == trained.count_images("ok")
    assert "<script" not in (out / "d.html").read_text(encoding="utf-8")
    assert json.loads((out / "a.meta.json").read_text(encoding="utf-8"))["problems"][0]["path"] == "broken.jpg"


def test_torchvision_reads_the_folders_with_the_right_classes(run: Run, trained: Project, tmp_path: Path) -> None:
    from torchvision.datasets import ImageFolder

    run(jobs.export(trained, ExportRequest(folders=tmp_path / "tree", csv=tmp_path / "a.csv")))
    data = ImageFolder(str(tmp_path / "tree"))
    rows = table(tmp_path / "a.csv")
    folder_of = {"": "cluster_3", '<script>"a", b': "_script__a_, b", "'=SUM(A1)": "=SUM(A1)", "two lines": "two lines"}
    wanted: dict[str, int] = {}
    for row in (row for row in rows if not row["path"].endswith(".gif")):  # torchvision does not look at these
        wanted[folder_of[row["cluster_name"]]] = wanted.get(folder_of[row["cluster_name"]], 0) + 1
    assert set(data.classes) == set(wanted)
    assert {data.classes[one]: data.targets.count(one) for one in range(len(data.classes))} == wanted
    picture, _ = data[0]
    assert picture.size > (0, 0)


def assert_predict_py_agrees(project: Project, folder: Path) -> None:
    """The exported program, on its own, gives what the project holds for each of its pictures."""
    _, assignments = newest_assignments(project)
    known = {row.id: row.path for row in project.images("ok")}
    paths = [known[one] for one in assignments.image_ids.tolist()]
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "predict.py"), *paths], cwd=project.folder, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    found = np.array([line["probabilities"] for line in lines])
    gap = np.abs(found - assignments.probabilities).max(axis=1)
    assert {path: float(one) for path, one in zip(paths, gap, strict=True) if one > 1e-4} == {}
    names = current_groups(project)[1].names
    wanted = [" ".join(names.get(one, f"Cluster {one}").split()) for one in assignments.assignment.tolist()]
    assert [line["label"] for line in lines] == wanted


def test_predict_py_gives_the_probabilities_of_the_program(run: Run, trained: Project, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    finished(run(jobs.export(trained, ExportRequest(onnx=folder))))
    check_model_folder(folder / "model.onnx")  # it may be written again
    assert sorted(path.name for path in folder.iterdir()) == ["labels.txt", "model.onnx", "predict.py", "preprocessing.json"]
    assert (folder / "labels.txt").read_text(encoding="utf-8").splitlines() == ['<script>"a", b', "=SUM(A1)", "two lines", "Cluster 3"]
    assert_predict_py_agrees(trained, folder)


def test_predict_py_agrees_on_grey_pictures_and_edges(run: Run, tmp_path: Path, picture_folder: Path) -> None:
    grey = tmp_path / "grey"
    grey.mkdir()
    for number, path in enumerate(sorted(path for path in picture_folder.rglob("*") if path.is_file())):
        with Image.open(path) as picture:
            exif = Image.Exif()
            exif[0x0112] = 1 + number % 8
            shown = picture.convert("L") if number % 3 else picture.convert("L").convert("RGB")
            shown.resize((3 * picture.width, 3 * picture.height)).save(grey / f"{number}{path.suffix}", exif=exif)
    with Project.create(tmp_path / "grey.iicproj", grey) as project:
        finished(run(jobs.train(project, replace(QUICK, encoder="vgg", inputs="sobel", steps=3))))
        finished(run(jobs.export(project, ExportRequest(onnx=tmp_path / "m" / "edges.onnx"))))
        seen = json.loads((tmp_path / "m" / "preprocessing.json").read_text(encoding="utf-8"))
        assert (seen["channels"], seen["model"], seen["input"]["shape"]) == (1, "edges.onnx", ["batch", 1, 24, 24])
        assert_predict_py_agrees(project, tmp_path / "m")


def test_predict_py_needs_three_packages_only() -> None:
    import ast

    from iic_studio.paths import shipped

    tree = ast.parse(shipped("resources", "export", "predict.py").read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} - sys.stdlib_module_names == {"numpy", "onnxruntime", "PIL"}


def test_a_part_by_clusters_and_by_ids(run: Run, trained: Project, tmp_path: Path) -> None:
    run(jobs.export(trained, ExportRequest(csv=tmp_path / "all.csv")))
    rows = table(tmp_path / "all.csv")
    clusters = sorted({int(row["cluster"]) for row in rows})[:2]
    last = finished(run(jobs.export(trained, ExportRequest(csv=tmp_path / "some.csv", clusters=tuple(clusters)))))
    assert table(tmp_path / "some.csv") == [row for row in rows if int(row["cluster"]) in clusters]
    assert last.num_problems == 0
    names = tmp_path / "names.txt"
    ids = {row.path: row.id for row in trained.images("ok")}
    names.write_text(f"{rows[3]['path']}\n\n{ids[rows[5]['path']]}\r\n", encoding="utf-8")
    request = ExportRequest(jsonl=tmp_path / "two.jsonl", image_ids=jobs.listed_ids(trained, names))
    run(jobs.export(trained, request))
    lines = (tmp_path / "two.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["path"] for line in lines] == [rows[3]["path"], rows[5]["path"]]
    whole = json.loads((tmp_path / "all.meta.json").read_text(encoding="utf-8"))
    part = json.loads((tmp_path / "two.meta.json").read_text(encoding="utf-8"))
    assert part["data_fingerprint"] == whole["data_fingerprint"]
    assert part["selection"]["num_images"] == 2


def test_a_dry_run_counts_and_writes_nothing(run: Run, trained: Project, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    before = snapshot(tmp_path)
    out = tmp_path / "out"
    request = ExportRequest(csv=tmp_path / "a.csv", onnx=out / "m", report=out / "r.html", folders=out / "f", dry_run=True)
    events = run(jobs.export(trained, request))
    planned = {one["format"]: one for one in finished(events).summary["planned"]}
    assert list(planned) == ["csv", "report", "onnx", "folders"]
    total = trained.count_images("ok")
    assert (planned["csv"]["rows"], planned["csv"]["exists"], planned["report"]["exists"]) == (total, True, False)
    assert (planned["folders"]["files"], sum(planned["folders"]["folders"].values())) == (total, total)
    assert planned["folders"]["bytes"] == sum(row.size for row in trained.images("ok"))
    assert planned["onnx"]["path"] == str(out / "m" / "model.onnx")
    assert snapshot(tmp_path) == before


def test_a_vanished_file_is_listed_and_the_rest_is_made(run: Run, project: Project, picture_folder: Path, tmp_path: Path) -> None:
    run(jobs.train(project, QUICK))
    victim = sorted(path for path in picture_folder.rglob("*.jpg"))[0]
    victim.unlink()
    last = finished(run(jobs.export(project, ExportRequest(folders=tmp_path / "tree"))))
    assert last.num_problems == 1
    assert last.summary["failed"] == [
        {"path": victim.relative_to(picture_folder).as_posix(), "reason": "is no longer there", "target": str(tmp_path / "tree")}
    ]
    assert last.summary["files"] == 39


@pytest.mark.parametrize(
    ("request_of", "words"),
    [
        (lambda folder, out: ExportRequest(), "Nothing is asked for"),
        (lambda folder, out: ExportRequest(csv=folder / "a.csv"), "inside the folder of images"),
        (lambda folder, out: ExportRequest(folders=folder / "new"), "inside the folder of images"),
        (lambda folder, out: ExportRequest(onnx=folder / "day 1" / "m"), "inside the folder of images"),
        (lambda folder, out: ExportRequest(folders=folder.parent), "is not empty"),
        (lambda folder, out: ExportRequest(csv=out), "is a folder"),
        (lambda folder, out: ExportRequest(csv=out / "a", jsonl=out / "a"), "same target"),
        (lambda folder, out: ExportRequest(csv=out / "t" / "a.csv", folders=out / "t"), "would lie in the folder of another format"),
        (lambda folder, out: ExportRequest(csv=out / "a.csv", clusters=(4,)), "There is no cluster 4"),
        (lambda folder, out: ExportRequest(csv=out / ("a" * 300)), "cannot be written: file name too long"),
        (lambda folder, out: ExportRequest(folders=out / ("a" * 300)), "cannot be written: file name too long"),
        (lambda folder, out: ExportRequest(csv=out / "a.csv", image_ids=np.array([9999])), "No picture is chosen"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(
    run: Run, trained: Project, tmp_path: Path, request_of: Callable[[Path, Path], ExportRequest], words: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = snapshot(trained.folder)
    last = run(jobs.export(trained, request_of(trained.folder, out)))[-1]
    assert isinstance(last, RunFailed)
    assert words in last.message
    assert list(out.iterdir()) == []
    assert snapshot(trained.folder) == before


@pytest.mark.parametrize(("name", "target"), [("predict.py", "m.onnx"), ("model.onnx", ""), ("m.onnx", "m.onnx")])
def test_somebody_else_s_files_are_kept_when_a_model_is_written(run: Run, trained: Project, tmp_path: Path, name: str, target: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    last = run(jobs.export(trained, ExportRequest(onnx=tmp_path / target)))[-1]
    assert isinstance(last, RunFailed)
    assert name in last.message
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]


def test_without_the_packages_for_onnx_a_sentence_says_what_to_install(
    run: Run, trained: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    last = run(jobs.export(trained, ExportRequest(csv=tmp_path / "a.csv", onnx=tmp_path / "m.onnx")))[-1]
    assert isinstance(last, RunFailed)
    assert (last.message, last.hint) == ("ONNX needs onnxscript.", "Install them with: pip install 'iic-studio[onnx]'")
    assert not (tmp_path / "a.csv").exists()


def test_an_untrained_project_has_nothing_to_export(run: Run, project: Project, tmp_path: Path) -> None:
    run(jobs.index(project))
    last = run(jobs.export(project, ExportRequest(csv=tmp_path / "a.csv")))[-1]
    assert isinstance(last, RunFailed)
    assert "no clusters yet" in last.message
