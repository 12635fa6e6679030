"""Writes the pictures of the README into `resources/`: gallery, joint and map of a trained project, with names for its clusters.

    .venv/bin/python tests/readme_pictures.py PROJECT NAME…
    .venv/bin/python tests/readme_pictures.py PROJECT --labels LABELS.csv [--answers 100]
    .venv/bin/python tests/readme_pictures.py PROJECT --masks PICTURE

Of a project of pixels there is one picture, of a mask over the picture of that path. With labels there is one picture, of the map from
clusters to classes after so many answers to what is asked for. A copy of the project is opened; the names are those of clusters 0, 1, …
as a person would give them. Each file is below 400 kB.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["QT_SCALE_FACTOR"] = "1"

import numpy as np
from PIL import Image
from screenshots import Camera, wait, wait_for

from iic_studio.evaluation.label_files import read_columns
from iic_studio.gui import theme
from iic_studio.gui.app import make_application
from iic_studio.gui.label_page import MAP
from iic_studio.gui.session import Shown

RESOURCES = Path(__file__).parents[1] / "resources"
MOST_BYTES = 400_000


def take(camera: Camera, name: str) -> None:
    """Save what is seen; with few colours where it would be too large else."""
    path = RESOURCES / f"{name}.png"
    camera.window.grab().save(str(path))
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    whole.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        few = whole.quantize(256, kmeans=3)
        whole.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes")
    sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")


def pictures(camera: Camera, project: Path, names: list[str]) -> None:
    """Open the project, name its clusters, take the pictures."""
    window, session = camera.window, camera.window.session
    camera.open(project, 60)
    for cluster, name in enumerate(names):
        session.name_cluster(cluster, name)
        wait(200)
    wait_for(camera.indexed, 20)
    window.notice.hide()
    window.workspace.diagnosis.hide()
    camera.show_page("Map")
    wait_for(lambda: len(window.workspace.map.points) > 0 and window.map_control.is_settled, 300)
    wait(1500)
    take(camera, "screenshot-map")
    session.show(Shown("cluster", 0))
    session.select(session.shown_rows[:1], int(session.shown_rows[0]))
    camera.show_page("Joint")
    window.workspace.joint._arrange.setCurrentIndex(2)
    window.workspace.joint.refresh()
    wait_for(lambda: window.workspace.joint.map.matrix.tree is not None, 20)
    window.workspace.joint.map._set_cell((1, 0))
    wait(300)
    take(camera, "screenshot-joint")
    camera.show_page("Gallery")
    session.show(Shown("cluster", int(session.verdicts.sizes().argmax())))
    wait(800)
    rows = session.shown_rows
    session.select(rows[:1], int(rows[0]))
    wait(1200)
    take(camera, "screenshot")


def labelled(camera: Camera, project: Path, truth: dict[str, str], answers: int) -> None:
    """Open the project, answer what is asked for, take the picture."""
    window, session = camera.window, camera.window.session
    camera.open(project, 120)
    page = window.workspace.labels
    camera.show_page("Labels")
    for one in page.labelling.classes:  # of earlier times, with their labels
        page.labelling.drop(one.uid)
    page.labelling.define(",".join(sorted(set(truth.values()))))
    known = {one.name: one.uid for one in page.labelling.classes}
    for _ in range(answers):
        wait_for(lambda: page.state.is_settled and page.next.question is not None, 30)
        assert page.next.question is not None
        row = int(session.table.rows_of(np.array([page.next.question.image]))[0])
        page.next.answer(known[truth[session.table.paths[row]]])
    wait_for(lambda: page.state.is_settled, 30)
    window.notice.hide()
    window.workspace.diagnosis.hide()
    page.show_part(MAP)
    page.map.sides.setSizes([260, 330])
    wait(1500)
    words = session.snapshot.class_words
    assert words is not None
    right = np.mean([words.vocabulary[code] == truth[path] for code, path in zip(words.codes.tolist(), session.table.paths, strict=True)])
    sys.stdout.write(f"{page.sentence.text()} In truth: {right:.2%}\n")
    take(camera, "screenshot-labels")


def masked(camera: Camera, project: Path, picture: str) -> None:
    """Open the project of pixels and take the picture of a mask."""
    window, session = camera.window, camera.window.session
    window.open(project)
    wait(300)
    wait_for(camera.indexed, 60)
    camera.show_page("Masks")
    wait_for(lambda: session.masks.view is not None and window.mask_control.is_settled, 60)
    row = list(session.table.paths).index(picture)
    session.select(np.array([row]), row)
    image = int(session.table.ids[row])
    wait_for(lambda: session.masks.view is not None and session.masks.view.image_id == image and window.mask_control.is_settled, 60)
    window.notice.hide()
    wait(1000)
    take(camera, "screenshot-masks")


def main() -> None:
    """Take the pictures of a copy of the project."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--masks", metavar="PICTURE")
    parser.add_argument("--answers", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["IIC_STUDIO_DATA_DIR"] = os.environ["IIC_STUDIO_CONFIG_DIR"] = place
        make_application()
        theme.apply(False)
        shutil.copytree(options.project, Path(place) / options.project.name)
        camera = Camera("1", dark=False, out=RESOURCES)
        project = Path(place) / options.project.name
        if options.masks:
            masked(camera, project, options.masks)
        elif options.labels is not None:
            labelled(camera, project, dict(read_columns(options.labels, "path", "label")), options.answers)
        else:
            pictures(camera, project, options.names)
        camera.close()


if __name__ == "__main__":
    main()
