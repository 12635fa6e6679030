"""Writes pictures of every page and state into a folder, light and dark, at 100 % and 200 %, for people to look at.

    .venv/bin/python tests/screenshots.py [--photos FOLDER] [--digits FOLDER] [--odd FOLDER] [--project PROJECT] [--parts NAME,…]
        [--language de] [--out tests/screenshots] [--scale 1|2] [--scheme light|dark]

Real widgets, real jobs, offscreen; projects live in a temporary directory. Without folders, the sample digits are used. With a trained
project, a copy of it is opened and nothing is trained for the pages, which is quick. Parts: start, photos, digits, corrections, labels,
find, compare, odd, masks.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea

from iic_studio.config import TrainSettings
from iic_studio.events import DiagnosisChanged
from iic_studio.gui import theme
from iic_studio.gui.app import make_application
from iic_studio.gui.language import use_language
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown
from iic_studio.gui.workspace import TABS
from iic_studio.training.diagnosis import COLLAPSED

PARTS = ("start", "photos", "digits", "corrections", "labels", "find", "compare", "odd", "masks")
SCALES, SCHEMES = ("1", "2"), ("light", "dark")


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(true: Callable[[], bool], seconds: float) -> None:
    """Let the window live until something holds."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        wait(50)


class Camera:
    """Drives one window and takes pictures of it."""

    def __init__(self, scale: str, dark: bool, out: Path) -> None:
        from iic_studio import jobs
        from iic_studio.gui.main_window import MainWindow

        self.out = out
        self.name_end = ("-dark" if dark else "-light") + ("@2x" if scale == "2" else "")
        preferences = Preferences(Path(os.environ["IIC_STUDIO_CONFIG_DIR"]) / "shots.ini")
        preferences.set("tour", "seen")
        self.window = MainWindow(jobs, preferences)
        self.window.scheme.choose("dark" if dark else "light")
        self.window.resize(1280, 800)
        self.window.show()
        wait(200)

    def shoot(self, name: str, widget: object = None) -> None:
        """Save what is seen."""
        path = self.out / f"{name}{self.name_end}.png"
        (widget or self.window).grab().save(str(path))  # type: ignore[attr-defined]
        sys.stdout.write(f"{path}\n")

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.window.workspace.show_tab(TABS.index(name))
        wait(300)

    def dialog(self) -> QDialog:
        """The dialog that is open."""
        (found,) = [one for one in self.window.findChildren(QDialog) if one.isVisible()]
        return found

    def shoot_dialog(self, name: str, action: str, ready: Callable[[], bool] | None = None) -> None:
        """What an action of the window opens: picture it, go back."""
        self.window.actions_[action].trigger()
        wait(200)
        if ready is not None:
            wait_for(ready, 60)
            wait(300)
        self.shoot(name, self.dialog())
        self.dialog().reject()

    def open(self, what: Path, seconds: float) -> None:
        """Open a folder or a project and wait until its pictures are known."""
        self.window.open(what)
        wait(300)
        wait_for(self.indexed, seconds)

    def indexed(self) -> bool:
        return self.window.runner.state is State.IDLE and not self.window.session.is_reading

    def close(self) -> None:
        self.window.close()
        wait_for(lambda: not self.window.isVisible(), 20)


def start(camera: Camera, folder: Path) -> None:
    """Start page, settings, pictures as they come in, pairs; nothing is trained."""
    window, session = camera.window, camera.window.session
    camera.shoot("01-start")
    window.popover.open_below(window.top_bar.settings)
    wait(100)
    camera.shoot("02-settings", window.popover)
    window.popover.hide()
    window.open(folder)
    wait_for(lambda: len(session.shown_rows) > 60, 20)
    wait(400)
    camera.shoot("03-indexing")
    wait_for(camera.indexed, 120)
    wait(400)
    camera.shoot("04-indexed")
    for page in ("Curves", "Joint", "Map", "Runs"):
        camera.show_page(page)
        camera.shoot(f"05-empty-{page.lower()}")
    camera.show_page("Pairs")
    wait_for(lambda: window.workspace.pairs.grid.count > 0, 20)
    wait(300)
    camera.shoot("06-pairs")
    camera.show_page("Gallery")


def train(camera: Camera, what: str, clusters: int, minutes: float) -> None:
    """Train, with pictures while."""
    session, runner = camera.window.session, camera.window.runner
    runner.train(TrainSettings(clusters=clusters, minutes=minutes))
    wait_for(lambda: session.num_clusters > 0 and bool(session.joints), 60 * minutes + 60)
    wait(1000 + round(20_000 * minutes))
    camera.shoot(f"10-{what}-training-gallery")
    runner.toggle_pause()
    wait(300)
    camera.shoot(f"11-{what}-paused")
    camera.show_page("Pairs")
    wait(800)
    camera.shoot(f"11-{what}-pairs")
    runner.toggle_pause()
    wait_for(lambda: runner.state is State.IDLE, 60 * minutes + 120)
    wait(1000)


def pages(camera: Camera, what: str) -> None:
    """Every page after training."""
    window, session = camera.window, camera.window.session
    camera.show_page("Curves")
    wait(500)
    camera.shoot(f"12-{what}-curves")
    bar = window.workspace.curves.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    wait(900)
    camera.shoot(f"12-{what}-curves-below")
    joint(camera, what)
    camera.show_page("Map")
    wait_for(lambda: len(window.workspace.map.points) > 0 and window.map_control.is_settled, 300)
    wait(1000)
    camera.shoot(f"17-{what}-map")
    largest = int(session.verdicts.sizes().argmax())
    session.show(Shown("cluster", largest))
    session.name_cluster(largest, "Ones and sevens" if what == "digits" else "Red and pink")
    wait(600)
    rows = session.shown_rows
    session.select(rows[:3], int(rows[2]))
    wait(600)
    camera.shoot(f"15-{what}-cluster")
    window.workspace.gallery.notes.setChecked(True)
    window.workspace.gallery.grid.set_cell_side(176)
    session.show(Shown("uncertain"))
    wait(800)
    camera.shoot(f"16-{what}-uncertain-large")
    window.workspace.gallery.notes.setChecked(False)
    window.workspace.gallery.grid.set_cell_side(112)
    session.show(Shown("all"))
    wait(500)
    export(camera, what)


def joint(camera: Camera, what: str) -> None:
    """The joint: by size, by similarity, earlier, of the overclusters."""
    page = camera.window.workspace.joint
    camera.show_page("Joint")
    page._head.setCurrentIndex(0)
    page.refresh()
    wait(300)
    page.map._set_cell((1, 1))
    wait(100)
    camera.shoot(f"13-{what}-joint")
    page._arrange.setCurrentIndex(2)
    page.refresh()
    wait_for(lambda: page.map.matrix.tree is not None, 20)
    page.map.set_block((0, 2, 0, 2))
    wait(100)
    camera.shoot(f"13-{what}-joint-similar")
    page.map.set_block(None)
    page.timeline.slider.setValue(page.timeline.slider.maximum() // 5)
    wait(100)
    camera.shoot(f"13-{what}-joint-past")
    page.timeline.slider.setValue(page.timeline.slider.maximum())
    page._head.setCurrentIndex(1)
    page.refresh()
    wait(1000)
    camera.shoot(f"14-{what}-joint-over")
    page._head.setCurrentIndex(0)


def export(camera: Camera, what: str) -> None:
    """The dialog with all formats chosen, before anything is written."""
    from iic_studio.gui.export_dialog import ExportDialog

    camera.window.actions_["export"].trigger()
    dialog = camera.window.findChild(ExportDialog)
    assert dialog is not None
    for box in dialog.formats.values():
        box.setChecked(not box.isHidden())
    wait_for(dialog.go.isEnabled, 20)
    wait(100)
    camera.shoot(f"17-{what}-export", dialog)
    dialog.close()


def corrections(camera: Camera) -> None:
    """Moving, splitting, checking, merging, and a new run as a proposal."""
    from iic_studio.curation import edits

    window, session = camera.window, camera.window.session
    largest = int(session.curated.sizes.argmax())
    session.show(Shown("cluster", largest))
    session.corrections.do(edits.annotate(session.curated, largest, "Some of them are seen from the side."))
    session.show(Shown("beside", largest, int(session.curated.sizes.argmin())))
    wait(800)
    camera.shoot("29-beside")
    session.show(Shown("cluster", largest))
    session.select(session.shown_rows[:5], int(session.shown_rows[4]))
    for number, name in enumerate(("move", "split", "check"), start=30):
        camera.shoot_dialog(f"{number}-{name}", name, lambda: wait(2300) is None)
    session.corrections.do(edits.move_to_new(session.curated, session.selected_ids(), "From the side"))
    window.editing.change_images(edits.mark_unsure)
    wait(600)
    camera.shoot("33-corrected")
    camera.shoot("34-edit-menu", window.top_bar.edit.menu())
    window.runner.train(TrainSettings(clusters=max(session.num_clusters, 2), steps=30, seed=5, image_size=24))
    wait_for(lambda: session.snapshot.proposal is not None, 300)
    window.editing.review()
    wait(800)
    camera.shoot("35-proposal", camera.dialog())
    camera.dialog().reject()


def masks(camera: Camera, minutes: float) -> None:
    """Pixels: the sample photographs, while and after training, and every way to look at a mask."""
    window, session, page = camera.window, camera.window.session, camera.window.workspace.masks
    window.commands.samples.open("scenes")
    wait_for(lambda: camera.indexed() and len(session.shown_rows) == 2, 60)
    wait(500)
    camera.shoot("40-masks-empty")
    window.popover.open_below(window.top_bar.settings)
    wait(100)
    camera.shoot("40-masks-settings", window.popover)
    window.popover.hide()
    window.popover.minutes.setValue(minutes)
    window.train()
    wait_for(lambda: session.masks.view is not None and session.num_clusters > 0, 120)
    wait(round(30_000 * minutes))
    camera.shoot("41-masks-training")
    wait_for(lambda: camera.indexed() and window.mask_control.is_settled, 60 * minutes + 180)
    wait(800)
    camera.shoot("42-masks")
    view = session.masks.view
    assert view is not None
    session.masks.ask_pixel(view.width // 3, view.height // 5)
    session.name_cluster(int(session.masks.classes().of_cluster[view.ids[view.height // 8, view.width // 3]]), "Sky")
    session.masks.set_opacity(0.35)
    wait(200)
    camera.shoot("43-masks-pixel")
    session.masks.set_side_by_side(True)
    session.masks.set_opacity(1.0)
    wait(400)
    camera.shoot("44-masks-side-by-side")
    session.masks.set_side_by_side(False)
    session.masks.set_outline(True)
    wait(200)
    camera.shoot("45-masks-outlines")
    session.masks.set_outline(False)
    session.masks.set_colouring("uncertainty")
    session.masks.set_opacity(0.8)
    wait(200)
    camera.shoot("46-masks-uncertainty")
    session.masks.set_colouring("classes")
    page.step(1)
    wait_for(lambda: session.masks.view is not None and session.masks.view.image_id == page.image, 20)
    wait(400)
    camera.shoot("47-masks-other-picture")
    split_pixels(camera)
    label_pixels(camera)
    camera.show_page("Joint")
    window.workspace.joint.offset.which.setCurrentIndex(1)
    window.workspace.joint.offset.which.activated.emit(1)
    wait_for(lambda: bool(session.masks.displaced), 60)
    wait(300)
    camera.shoot("48-masks-joint")
    camera.show_page("Gallery")
    wait(600)
    camera.shoot("49-masks-gallery")
    camera.show_page("Masks")
    export(camera, "masks")


def split_pixels(camera: Camera) -> None:
    """The largest class, before it is split, and after Cancel."""
    window = camera.window
    window.workspace.mask_panel.view.setCurrentItem(window.workspace.mask_panel.view.topLevelItem(0))
    camera.shoot_dialog("47-masks-split", "split", lambda: camera.dialog().is_settled)  # type: ignore[attr-defined]


def label_pixels(camera: Camera) -> None:
    """Labelled pixels of both scenes, the map and the mask by class."""
    from iic_studio.curation import pixel_edits

    session, workspace = camera.window.session, camera.window.workspace
    session.masks.set_labelling(True)
    workspace.pixel_panel.labelling.define("petal, leaf, sky")
    uids = [one.uid for one in workspace.pixel_panel.labelling.classes]
    for number in (0, 1):
        workspace.masks.go_to(number)
        wait_for(lambda: session.masks.view is not None and session.masks.view.image_id == workspace.masks.image, 20)
        view, image = session.masks.view, workspace.masks.image
        assert view is not None
        for part in range(9):
            place = np.array([(image, view.width * (1 + part % 3) // 4, view.height * (1 + part // 3) // 4)])
            uid = uids[part % len(uids)]
            session.corrections.do(pixel_edits.label_pixels(session.curated, place, uid, at_random=True))
    wait_for(lambda: workspace.pixel_panel.state.is_settled, 60)
    wait(400)
    camera.shoot("47-masks-labelled-pixels")
    camera.shoot_dialog("47-masks-import-labels", "import_labels")
    session.masks.toggle_labelled()
    wait(400)
    camera.shoot("47-masks-by-class")
    session.masks.toggle_labelled()
    session.masks.set_labelling(False)


def labels(camera: Camera) -> None:
    """The queue, the map and the estimate after some answers; menus and dialogs. Pictures are labelled by the folder they lie in."""
    from iic_studio.curation import label_edits

    window, session = camera.window, camera.window.session
    page = window.workspace.labels
    if session.of_pixels or not session.num_clusters:
        return
    camera.show_page("Labels")
    settled = lambda: page.state.is_settled  # noqa: E731
    wait_for(lambda: page.next.question is not None, 30)
    wait(600)
    camera.shoot("36-labels-empty")
    folders = [path.rpartition("/")[0].rpartition("/")[2] or "all" for path in session.table.paths]
    names = sorted(set(folders))[:10]
    page.labelling.define(",".join(names))
    page.show_part(1)
    wait(300)
    camera.shoot("36-labels-no-map")
    page.show_part(0)
    for count in (1, 60):
        for _ in range(count):
            wait_for(lambda: page.next.question is not None and settled(), 30)
            if page.next.question is None:
                break
            row = int(session.table.rows_of(np.array([page.next.question.image]))[0])
            known = {one.name: one.uid for one in page.labelling.classes}
            page.next.answer(known.get(folders[row], -1))
        wait_for(settled, 30)
        wait(800)
        camera.shoot(f"36-labels-{count}")
    page.show_part(1)
    wait(500)
    camera.shoot("37-labels-map")
    page.map.table.edit(page.map.model.index(0, 2))
    wait(300)
    camera.shoot("37-labels-map-by-hand")
    page.map.table.setFocus()
    ids = session.table.ids[session.table.usable]
    truth = [name for name, usable in zip(folders, session.table.usable.tolist(), strict=True) if usable]
    session.corrections.do(label_edits.read_truth(session.curated, ids, truth))
    wait_for(settled, 30)
    page.show_part(2)
    wait(500)
    page.right.confusion._set_cell((0, 1))
    wait(200)
    camera.shoot("38-labels-right")
    camera.shoot_dialog("39-labels-import", "import_labels")
    camera.shoot_dialog("39-labels-fine-tune", "fine_tune")
    session.show(Shown("all"))
    wait(300)
    session.select(session.shown_rows[:4], int(session.shown_rows[3]))
    window.actions_["label"].trigger()
    wait(300)
    menu = QApplication.activePopupWidget()
    if menu is not None:
        camera.shoot("39-labels-menu", menu)
        menu.close()
    camera.show_page("Map")
    place = window.workspace.map.colour.findData("Class")
    window.workspace.map.colour.setCurrentIndex(place)
    window.workspace.map.colour.activated.emit(place)
    wait(1500)
    camera.shoot("39-labels-colours")
    camera.show_page("Gallery")


def find(camera: Camera) -> None:
    """Searching, looking closely, comparing runs, first steps, high contrast, larger text."""
    window, session, commands = camera.window, camera.window.session, camera.window.commands
    session.show(Shown("all"))
    window.workspace.search.search("confidence:>0.5 cluster:0,1,2 -name:99")
    rows = session.shown_rows
    session.select(rows[:5], int(rows[4]))
    wait(800)
    camera.shoot("40-search")
    commands.view()
    wait_for(lambda: commands.viewer._known is not None, 20)
    wait(200)
    camera.shoot("41-viewer")
    commands.viewer.leave()
    window.workspace.search.search("")
    commands.finder.find_similar()
    wait_for(lambda: session.shown.kind == "found" and commands.finder._thread is None, 120)
    wait(1200)
    camera.shoot("42-similar")
    window.actions_["runs"].trigger()
    wait(600)
    window.workspace.runs.table.selectRow(0)
    wait(300)
    camera.shoot("43-runs")
    if window.workspace.runs.model.rowCount() > 1:
        window.workspace.runs.table.selectAll()
        wait(800)
        camera.shoot("43-runs-compared")
    window.workspace.show_tab(0)
    commands.help.open_palette()
    wait(200)
    camera.shoot("44-palette", camera.dialog())
    camera.dialog().reject()
    commands.help.show_tour()
    wait(200)
    camera.shoot("44-first-steps")
    if commands.help.tour is not None:
        commands.help.tour.end()
    looks(camera)


def compare(camera: Camera) -> None:
    """An encoder in the settings, and a run beside a baseline and beside itself with other seeds."""
    from PySide6.QtCore import QItemSelectionModel

    window, page, control = camera.window, camera.window.workspace.runs, camera.window.commands.compare
    window.popover.open_below(window.top_bar.settings)
    window.popover.encoder.take("resnet50")
    wait_for(lambda: not window.popover.encoder.side_thread.is_busy, 30)
    wait(200)
    camera.shoot("47-encoder", window.popover)
    window.popover.reset()
    window.popover.hide()
    camera.show_page("Runs")
    control.ask_baselines()
    wait(600)
    camera.shoot("48-baselines", camera.dialog())
    camera.dialog().go.click()
    wait_for(lambda: not control.is_busy, 300)
    wait(600)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    trained = next(place for place, facts in enumerate(page.model.runs) if not facts.row.beside)
    for places, name in (((0, trained), "49-beside-a-baseline"), ((trained,), "49-one-run")):
        page.table.clearSelection()
        for place in places:
            page.table.selectionModel().select(page.model.index(place, 0), flags)
        wait(900)
        camera.shoot(name)
    page.stability_button.click()
    wait(600)
    camera.shoot("50-stability-question", camera.dialog())
    camera.dialog().steps.setValue(20)
    camera.dialog().go.click()
    wait_for(lambda: not control.is_busy, 300)
    wait(900)
    camera.shoot("50-stability")


def looks(camera: Camera) -> None:
    """High contrast and larger text, on several pages."""
    window, help_ = camera.window, camera.window.commands.help
    choice = window.scheme.choice
    theme.apply(theme.is_dark(), contrast=True)
    for page in ("Gallery", "Curves", "Joint", "Map"):
        camera.show_page(page)
        wait(700)
        camera.shoot(f"45-contrast-{page.lower()}")
    window.scheme.choose(choice)
    for steps in (4, 8):
        help_.text_size.change(steps - help_.text_size.steps)
        for page in TABS if steps == 4 else TABS[:1]:
            camera.show_page(page)
            wait(700)
            camera.shoot(f"46-larger-text-{steps}-{page.lower()}")
    help_.text_size.reset()
    camera.show_page("Gallery")


def odd(camera: Camera, folder: Path) -> None:
    """Problems, messages, dialogs."""
    from iic_studio.gui.crash import CrashDialog
    from iic_studio.gui.shortcut_sheet import ShortcutSheet

    window = camera.window
    camera.open(folder, 60)
    window.session.show(Shown("problems"))
    wait(400)
    camera.shoot("20-problems")
    window.notice.tell("Saved to /home/ada/clusters.csv", "ok", label="Show in folder")
    window.session.show(Shown("all"))
    wait(400)
    camera.shoot("21-saved")
    for name, dialog in (("22-shortcuts", ShortcutSheet(window)), ("23-crash", CrashDialog("Traceback…\nValueError: no", window))):
        dialog.open()
        wait(150)
        camera.shoot(name, dialog)
        dialog.close()
    for said in (COLLAPSED, DiagnosisChanged(state="settled", message="Settled: the groups had stopped getting clearer.")):
        window.session.note(said)
        wait(100)
        camera.shoot(f"26-{said.state}")


def main() -> None:
    """Take the pictures, each scale in a process of its own because Qt reads it once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--digits", type=Path)
    parser.add_argument("--odd", type=Path)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--language", default="en")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--scale", choices=SCALES)
    parser.add_argument("--scheme", choices=SCHEMES)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.scale is None or options.scheme is None:
        for scale, scheme in itertools.product(
            (options.scale,) if options.scale else SCALES, (options.scheme,) if options.scheme else SCHEMES
        ):
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--scale", scale, "--scheme", scheme], check=True)
        return
    os.environ["QT_SCALE_FACTOR"] = options.scale
    with tempfile.TemporaryDirectory() as place:
        os.environ["IIC_STUDIO_DATA_DIR"] = os.environ["IIC_STUDIO_CONFIG_DIR"] = place
        make_application()
        use_language(options.language)
        theme.apply(options.scheme == "dark")
        camera = Camera(options.scale, options.scheme == "dark", options.out)
        take(camera, options, Path(place))
        camera.close()


def take(camera: Camera, options: argparse.Namespace, place: Path) -> None:
    """The parts asked for."""
    window, parts = camera.window, options.parts.split(",")
    if "start" in parts and options.photos is not None:
        start(camera, options.photos)
    if options.project is not None:
        copy = place / options.project.name
        shutil.copytree(options.project, copy)
        camera.open(copy, 60)
        if "photos" in parts:
            pages(camera, "photos")
    elif "photos" in parts and options.photos is not None:
        camera.open(options.photos, 120)
        train(camera, "photos", 5, options.minutes / 2)
        pages(camera, "photos")
    if "digits" in parts:
        if options.digits is None:
            window.commands.samples.open("digits")
            wait(300)
            wait_for(camera.indexed, 180)
        else:
            camera.open(options.digits, 180)
        train(camera, "digits", 10, options.minutes)
        pages(camera, "digits")
    for name, part in (("corrections", corrections), ("labels", labels), ("find", find), ("compare", compare)):
        if name in parts and window.session.num_clusters:
            part(camera)
    if "odd" in parts and options.odd is not None:
        odd(camera, options.odd)
    if "masks" in parts:
        masks(camera, options.minutes)


if __name__ == "__main__":
    main()
