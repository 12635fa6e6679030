"""From a folder to masks: sizes after EXIF orientation, what cannot be read, where masks may lie, going on after a stop, other folders."""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.config import pixel_settings
from iic_studio.curation import Curator, edits
from iic_studio.events import ProgressMade, RunFailed, RunFinished, StepsFinished
from iic_studio.export.request import ExportRequest
from iic_studio.images.masks import read_mask
from iic_studio.project.store import Project

QUICK = ["--steps", "3", "--clusters", "2", "--image-size", "32", "--batch-size", "4", "--device", "cpu", "--quiet"]


@pytest.fixture
def grounds(tmp_path: Path) -> Path:
    """Six pictures, upper part blue, lower part green; the first lies on its side and says so, the last cannot be read."""
    folder = tmp_path / "grounds"
    (folder / "sub").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number in range(5):
        pixels = np.zeros((64, 80, 3), np.uint8)
        border = 20 + 5 * number
        pixels[:border] = (60, 90, 200)
        pixels[border:] = (60, 160, 50)
        pixels = (pixels + rng.integers(0, 20, pixels.shape)).astype(np.uint8)
        picture = Image.fromarray(pixels)
        if number == 0:
            exif = Image.Exif()
            exif[0x0112] = 6
            picture.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", exif=exif)
        else:
            picture.save(folder / ("sub" if number % 2 else "") / f"p{number}.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return folder


def paths_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_masks_have_the_size_of_the_upright_original(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, before = tmp_path / "masks", paths_of(grounds)
    assert main(["segment", str(grounds), "--masks", str(target), "--probabilities", "--report", str(tmp_path / "r.html"), *QUICK]) == 3
    page = (tmp_path / "r.html").read_text()
    assert page.count('<div class="pair">') == 5
    assert page.count("data:image/jpeg") == 10
    for words in ("Pixels of grounds", "sub/p3.png", "broken.jpg", "Cluster 1"):
        assert words in page
    names = ["p2.png", "p4.png", "sub/p1.png", "sub/p3.png", "turned.png"]
    beside = [name.replace(".png", ending) for name in names for ending in (".entropy.png", ".probabilities.tif")]
    assert paths_of(target) == sorted([*names, *beside, "areas.csv", "masks.meta.json"])
    for name in names:
        assert read_mask(target / name).shape == (64, 80)
    assert paths_of(grounds) == before
    meta = json.loads((target / "masks.meta.json").read_text())
    assert (meta["state"], meta["run_state"], meta["num_masks"]) == ("finished", "finished", 5)
    assert [problem["path"] for problem in meta["problems"]] == ["broken.jpg"]
    assert meta["settings"]["task"] == "pixels"
    with (target / "areas.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    shares = {row["mask"]: float(row["area_1"]) for row in rows}
    assert shares["turned.png"] == pytest.approx((read_mask(target / "turned.png") == 1).mean(), abs=1e-5)


def test_pixels_are_told_apart_and_other_folders_get_masks(grounds: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "p.iicproj")
    options = [*QUICK[2:], "--steps", "40", "--project", place]
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "a"), *options]) == 3
    assert (
        main(["export", place, "--masks", str(tmp_path / "b"), "--also", "overlay", "--also", "labels", "--also", "coco", "--quiet"]) == 3
    )
    assert main(["export", place, "--csv", str(tmp_path / "table.csv"), "--report", str(tmp_path / "r.html"), "--quiet"]) == 3
    both = ["--report", str(tmp_path / "both.html"), "--masks", str(tmp_path / "d")]
    assert main(["export", place, *both, "--quiet"]) == 3
    assert [(tmp_path / name).read_text().count('<div class="pair">') for name in ("r.html", "both.html")] == [5, 5]
    other = tmp_path / "other"
    other.mkdir()
    (grounds / "p2.png").rename(other / "new.png")
    assert main(["assign", place, str(other), "--masks", str(tmp_path / "c"), "--quiet"]) == 0
    first, again, new = (read_mask(tmp_path / name) for name in ("a/p2.png", "b/p2.png", "c/new.png"))
    assert np.array_equal(first, again)
    assert np.array_equal(first, new)
    assert np.array_equal(read_mask(tmp_path / "b" / "p2.labels.tif"), first)
    with Image.open(tmp_path / "b" / "turned.overlay.png") as overlay:
        assert overlay.size == (80, 64)
    coco = json.loads((tmp_path / "b" / "coco.json").read_text())
    assert {image["file_name"] for image in coco["images"]} == {"turned.jpg", "p2.png", "p4.png", "sub/p1.png", "sub/p3.png"}
    truth = np.arange(64)[:, None] >= 30
    alike = (first == truth).mean()
    assert max(alike, 1 - alike) > 0.9
    assert (tmp_path / "table.csv").read_text().count("\n") == 6
    assert main(["assign", place, str(other), "--csv", str(tmp_path / "t.csv"), "--quiet"]) == 1


def test_what_counts_pictures_says_that_they_stand_with_what_covers_most_of_them(
    grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "p.iicproj")
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "masks"), "--project", place, *QUICK]) == 3
    capsys.readouterr()
    assert main(["clusters", place]) == 0
    assert "The clusters are of pixels; an image counts for the one that covers most of it." in capsys.readouterr().out
    assert main(["clusters", place, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["of"] == "pixels"
    with (tmp_path / "masks" / "areas.csv").open(newline="") as file:
        areas = [[float(row["area_0"]), float(row["area_1"])] for row in csv.DictReader(file)]
    assert found["main"]["sizes"] == np.bincount(np.argmax(areas, axis=1), minlength=2).tolist()
    told = "The clusters are of pixels; each picture is listed with the one that covers most of it."
    for options, says_it in ((["--csv", str(tmp_path / "t.csv")], True), (["--masks", str(tmp_path / "again")], False)):
        assert main(["export", place, *options]) == 3
        assert (told in capsys.readouterr().err) is says_it


def test_labels_know_no_largest_picture(
    grounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, target = str(tmp_path / "p.iicproj"), tmp_path / "masks"
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "first"), "--project", place, *QUICK]) == 3
    monkeypatch.setattr("iic_studio.jobs.mask_formats.MAX_PIXELS", 80 * 64 - 1)
    assert main(["export", place, "--masks", str(target), "--also", "labels", "--also", "overlay", "--also", "coco"]) == 3
    assert "p2.png is too large for an overlay or COCO." in capsys.readouterr().err
    assert np.array_equal(read_mask(target / "p2.labels.tif"), read_mask(target / "p2.png"))
    assert not (target / "p2.overlay.png").exists()
    assert json.loads((target / "coco.json").read_text())["images"] == []
    monkeypatch.setattr("iic_studio.jobs.mask_formats.MAX_PIXELS", 80 * 64)
    assert main(["export", place, "--masks", str(target), "--also", "overlay", "--quiet"]) == 3
    assert (target / "p2.overlay.png").is_file()


def test_masks_are_written_nowhere_else(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.png").write_bytes(b"dear")
    for target, words in ((grounds / "masks", "among the images"), (tmp_path, "among the images"), (full, "holds other files")):
        assert main(["segment", str(grounds), "--masks", str(target), *QUICK]) == 2
        assert words in capsys.readouterr().err
    assert main(["segment", str(grounds), "--masks", str(tmp_path / ("a" * 300)), *QUICK]) == 1
    assert "cannot be written: file name too long" in capsys.readouterr().err
    assert (full / "mine.png").read_bytes() == b"dear"


def test_an_export_never_writes_masks_over_others(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, target = str(tmp_path / "p.iicproj"), tmp_path / "masks"
    segment = ["segment", str(grounds), "--project", place, *QUICK, "--masks"]
    export = ["export", place, "--quiet", "--masks", str(target)]
    assert main([*segment, str(target)]) == 3
    first = {name: (target / name).read_bytes() for name in paths_of(target) if name.endswith(".png")}
    assert main([*export, "--also", "labels"]) == 3, "the same masks, and another form of them"
    (target / "masks.meta.json").write_text(json.dumps(json.loads((target / "masks.meta.json").read_text()) | {"state": "writing"}))
    (target / "p2.png").unlink()
    assert main(export) == 3, "it was cut off and goes on"
    assert first == {name: (target / name).read_bytes() for name in first}
    with Project.open(tmp_path / "p.iicproj") as project:
        curator = Curator.of(project)
        curator.apply(edits.rename(curator.curated, 0, "sky"))
    other = grounds.parent / "other"
    other.mkdir()
    (grounds / "p2.png").rename(other / "p2.png")
    capsys.readouterr()
    for command in (export, [*export, "--dry-run"]):
        assert main(command) == 2
        assert f"{target} holds other masks. Name a new folder, or delete that one first." in capsys.readouterr().err
    assert first == {name: (target / name).read_bytes() for name in first}
    assert main([*segment, str(target)]) == 3, "the same command again makes the masks anew"
    assert main(["assign", place, str(other), "--quiet", "--masks", str(target)]) == 0


def test_a_copy_of_a_project_knows_its_masks(grounds: Path, tmp_path: Path) -> None:
    """A copy has files of another date, and the same network."""
    place, copy, target = tmp_path / "p.iicproj", tmp_path / "copy.iicproj", tmp_path / "masks"
    assert main(["segment", str(grounds), "--project", str(place), *QUICK, "--masks", str(target)]) == 3
    shutil.copytree(place, copy, copy_function=shutil.copyfile)
    for path in copy.rglob("*.safetensors"):
        os.utime(path, (1, 1))
    assert main(["export", str(copy), "--quiet", "--masks", str(target)]) == 3


def test_a_dry_run_names_every_form(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "p.iicproj")
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "a"), "--project", place, *QUICK]) == 3
    capsys.readouterr()
    export = ["export", place, "--dry-run", "--masks", str(tmp_path / "b")]
    assert main(export) == 0
    assert capsys.readouterr().out == f"Masks of 5 pictures: {tmp_path / 'b'}.\n"
    assert main([*export, "--also", "coco", "--also", "labels", "--probabilities"]) == 0
    assert "Masks of 5 pictures with probabilities, labels of 16 bits and COCO JSON: " in capsys.readouterr().out
    assert not (tmp_path / "b").exists()


def test_wrong_wishes_get_a_sentence(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "masks")
    assert main(["segment", str(grounds), "--masks", target, "--preset", "paper-mnist", "--encoder", "resnet34", *QUICK]) == 2
    assert "gives no map" in capsys.readouterr().err
    assert main(["cluster", str(grounds), "--csv", str(tmp_path / "a.csv"), "--preset", "potsdam-3", *QUICK]) == 2
    assert "is for pixels" in capsys.readouterr().err
    assert main(["segment", str(grounds), "--masks", target, "--also", "svg", *QUICK]) == 2
    assert "--also svg is not known" in capsys.readouterr().err


def test_the_help_tells_presets_and_defaults_of_the_task(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {}
    for command in ("segment", "train", "cluster"):
        assert main([command, "--help"]) == 0
        shown[command] = " ".join(capsys.readouterr().out.replace("-\n", "-").split())
    assert "street, textures; a saved one, or a .toml file; street if not given." in shown["segment"]
    assert "photographs" not in shown["segment"] and "clusters sought. [default: 5]" in shown["segment"]
    assert "textures; for pixels aerial" in shown["train"] and "[default: (10; for pixels 5)]" in shown["train"]
    assert "street" not in shown["cluster"] and "clusters sought. [default: 10]" in shown["cluster"]


def test_what_a_person_asks_for_wins_over_the_preset(grounds: Path, tmp_path: Path) -> None:
    place = tmp_path / "p.iicproj"
    asked = "--preset coco-stuff-3 --encoder small --steps 1 --image-size 32 --batch-size 2 --short-side 48 --device cpu --quiet"
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "masks"), "--project", str(place), *asked.split()]) == 3
    with Project.open(place) as project:
        settings = project.runs()[-1].settings
    wanted = {
        "clusters": 3,
        "overclusters": 15,
        "encoder": "small",
        "marginal_weight": 1.5,
        "inputs": "rgb+sobel",
        "shrink": 0.33,
        "sub_heads": 1,
        "short_side": 48,
    }
    assert {name: settings[name] for name in wanted} == wanted


def test_a_stopped_run_goes_on(grounds: Path, tmp_path: Path) -> None:
    settings = pixel_settings(clusters=2, steps=6, image_size=32, batch_size=4, device="cpu")
    with Project.create(tmp_path / "p.iicproj", grounds) as project:
        job = jobs.segment(project, settings, tmp_path / "masks")
        _until(job, StepsFinished)
        job.close()  # type: ignore[attr-defined]
        assert jobs.resumable_run(project) is not None
        *_, last = jobs.resume(project)
        assert isinstance(last, RunFinished)
        assert last.summary["steps"] == 6
        *_, last = jobs.export(project, ExportRequest(masks=tmp_path / "masks"))
        assert isinstance(last, RunFinished)
        assert last.summary["num_masks"] == 5


def test_what_people_said_of_clusters_holds_in_masks(grounds: Path, tmp_path: Path) -> None:
    settings = pixel_settings(clusters=3, steps=2, image_size=32, batch_size=4, device="cpu")
    with Project.create(tmp_path / "p.iicproj", grounds) as project:
        *_, last = jobs.segment(project, settings, tmp_path / "before")
        assert isinstance(last, RunFinished)
        shares = last.summary["area_shares"]
        curator = Curator.of(project)
        curator.apply(edits.merge(curator.curated, [0, 2]))
        of_cluster = curator.curated.grouping.of_cluster
        both = int(of_cluster[0])
        curator.apply(edits.rename(curator.curated, both, "both"))
        curator.apply(edits.recolour(curator.curated, both, "#102030"))
        request = ExportRequest(masks=tmp_path / "after", probabilities=True)
        *_, last = jobs.export(project, request)
        assert isinstance(last, RunFinished)
        assert last.summary["area_shares"] == pytest.approx([sum(np.array(shares)[of_cluster == one]) for one in (0, 1)])
    before, after = (read_mask(tmp_path / name / "p2.png") for name in ("before", "after"))
    assert np.array_equal(after, of_cluster[before])
    assert of_cluster[0] == of_cluster[2]
    meta = json.loads((tmp_path / "after" / "masks.meta.json").read_text())
    assert meta["classes"][both] == {"id": both, "name": "both", "colour": [16, 32, 48]}
    assert (tmp_path / "after" / "areas.csv").read_text().splitlines()[0].split(",")[4 + both] == "both"
    with Image.open(tmp_path / "after" / "p2.png") as mask, Image.open(tmp_path / "after" / "p2.probabilities.tif") as pages:
        assert mask.getpalette()[3 * both : 3 * both + 3] == [16, 32, 48]
        assert pages.n_frames == 2


def test_files_that_vanish_before_their_mask_are_counted(grounds: Path, tmp_path: Path) -> None:
    settings = pixel_settings(clusters=2, steps=2, image_size=32, batch_size=4, device="cpu")
    with Project.create(tmp_path / "p.iicproj", grounds) as project:
        *_, last = jobs.train(project, settings)
        assert isinstance(last, RunFinished)
        (grounds / "p4.png").unlink()
        events = list(jobs.export(project, ExportRequest(masks=tmp_path / "masks")))
    assert isinstance(events[-1], RunFinished)
    assert (events[-1].summary["num_masks"], events[-1].num_problems) == (4, 2)
    assert [one["path"] for one in events[-1].summary["failed"]] == ["p4.png"]
    assert any(isinstance(event, ProgressMade) and event.stage == "masks" for event in events)


def test_a_project_without_segmentation_says_so(grounds: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.iicproj", grounds) as project:
        *_, last = jobs.export(project, ExportRequest(masks=tmp_path / "masks"))
    assert isinstance(last, RunFailed)
    assert "no segmentation yet" in last.message


def _until(job: Iterator[object], kind: type) -> None:
    for event in job:
        if isinstance(event, kind):
            return
    raise AssertionError(f"no {kind.__name__}")


def test_the_scenes_need_no_download(tmp_path: Path) -> None:
    assert main(["demo", "scenes", "--headless", "--out", str(tmp_path / "demo"), *QUICK]) == 0
    assert read_mask(tmp_path / "demo" / "masks" / "china.png").shape == (427, 640)
    assert main(["demo", "scenes", "--headless", "--out", str(tmp_path / "demo"), *QUICK, "--seed", "1"]) == 0, "and can be shown again"


def test_one_picture_is_enough_but_a_plain_one_is_not(grounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, picture in (("one", Image.open(grounds / "p4.png")), ("plain", Image.new("RGB", (64, 64), "red"))):
        (tmp_path / name).mkdir()
        picture.crop((0, 8, 64, 56)).save(tmp_path / name / "a.png")
    assert main(["segment", str(tmp_path / "one"), "--masks", str(tmp_path / "a"), *QUICK, "--image-size", "64"]) == 0
    assert read_mask(tmp_path / "a" / "a.png").shape == (48, 64)
    assert main(["segment", str(tmp_path / "plain"), "--masks", str(tmp_path / "b"), *QUICK]) == 1
    assert "nothing to tell apart" in capsys.readouterr().err


def test_infra_red_counts_when_all_inputs_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Red, green and blue are the same everywhere; only the fourth channel tells left from right."""
    folder = tmp_path / "aerial"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(4):
        pixels = rng.integers(90, 110, (64, 80, 4), dtype=np.uint8)
        pixels[:, 30 + 5 * number :, 3] += 100
        tifffile.imwrite(folder / f"{number}.tif", pixels, photometric="rgb", extrasamples=["unspecified"])
    place = tmp_path / "p.iicproj"
    options = ["--inputs", "all", "--preset", "aerial", "--project", str(place), *QUICK[2:], "--steps", "40"]
    assert main(["segment", str(folder), "--masks", str(tmp_path / "masks"), *options]) == 0
    found, truth = read_mask(tmp_path / "masks" / "1.png"), np.arange(80)[None] >= 35
    alike = (found == truth).mean()
    assert max(alike, 1 - alike) > 0.9
    Image.new("RGB", (80, 64)).save(folder / "other.tif")
    assert main(["segment", str(folder), "--masks", str(tmp_path / "more"), *options]) == 2
    assert "same number of channels" in capsys.readouterr().err


def test_pictures_left_out_get_no_mask_and_the_report_finds_the_others(grounds: Path, tmp_path: Path) -> None:
    with Image.open(grounds / "p2.png") as picture:
        picture.convert("RGB").save(grounds / "p2.jpg")  # both masks would like to be p2.png
    place = tmp_path / "p.iicproj"
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "a"), *QUICK, "--project", str(place)]) == 3
    with Project.open(place) as project:
        gone = next(row.id for row in project.images() if row.path == "p2.jpg")
        curator = Curator.of(project)
        curator.apply(edits.exclude(curator.curated, np.array([gone])))
    assert main(["export", str(place), "--report", str(tmp_path / "r.html"), "--masks", str(tmp_path / "b"), "--quiet"]) == 3
    assert "p2.png" in paths_of(tmp_path / "b")
    assert (tmp_path / "r.html").read_text().count('<div class="pair">') == 5
    assert main(["segment", str(grounds), "--masks", str(tmp_path / "c"), *QUICK, "--project", str(place)]) == 3
    assert [name for name in paths_of(tmp_path / "c") if name.startswith("p2")] == ["p2.png"]
