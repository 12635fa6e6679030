"""COCO as pycocotools reads it."""

import os
from pathlib import Path

import pytest

from iic_studio.export.coco import coco_text
from tests.export.conftest import META, made_rows


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools with NumPy 2
def test_pycocotools_loads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pycocotools.coco import COCO

    rows = made_rows(
        ["a.png", "b/c.png", os.fsdecode(b"caf\xe9.png"), "new.png"],
        clusters=[2, 0, 2],
        names={2: 'tulips, "red"'},
        num_seen=3,
        width=[30, 40, 50, 60],
        height=[10, 20, 30, 40],
    )
    file = tmp_path / "coco.json"
    file.write_text(coco_text(rows, META), encoding="utf-8")
    coco = COCO(str(file))
    capsys.readouterr()  # it prints
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["Cluster 0", "Cluster 1", 'tulips, "red"']
    assert sorted(coco.getImgIds(catIds=[2])) == [1, 3]
    assert coco.getImgIds(catIds=[1]) == []
    for image_id in coco.getImgIds():
        image = coco.loadImgs([image_id])[0]
        (annotation,) = coco.loadAnns(coco.getAnnIds(imgIds=[image_id]))
        assert annotation["bbox"] == [0, 0, image["width"], image["height"]]
        assert annotation["area"] == image["width"] * image["height"] == int(coco.annToMask(annotation).sum())
        assert annotation["score"] == pytest.approx(0.7, abs=1e-4)
    assert {one["file_name"] for one in coco.loadImgs(coco.getImgIds())} == {"a.png", "b/c.png", "caf\\xe9.png"}
    assert coco.dataset["info"]["left_out"] == 1
