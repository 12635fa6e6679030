"""Every budget of the window in one table, on the real main window with 200,000 made images. Run by hand, offscreen.

    PYTHONPATH=. python tests/benchmarks/bench_instrument.py [--rows 200000] [--seconds 6] [--parts start open …]

The project is made by `made_project.py`, in a process of its own. Frames and actions are counted until everything is laid out and painted;
their budgets are held against the 99th percentile, of fewer than a hundred against the worst. `beside` measures what one would write
first: pyqtgraph's ScatterPlotItem for the map, a transaction for each image for edits, a loop over the paths for a search, a QListView
for the gallery. `training` needs all cores for minutes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from driving import Driver
from made_project import make_in_child
from measuring import Table, actions, frames, live, longest_block, wait_for

HERE = Path(__file__).resolve().parent
PARTS = ("start", "open", "select", "edit", "labels", "frames", "memory", "beside", "training")
FRAME, ACTION, KEY, MAP = 16, 100, 50, 200


def measure_start(table: Table, home: Path, rounds: int) -> None:
    """From the start of a process to its window, and to the gallery of a project."""
    told = []
    for _ in range(rounds):
        command = [sys.executable, str(HERE / "start_window.py"), str(home)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        told.append([1000 * float(one) for one in lines])
    table.add("process start to a usable window", [(one[0], one[1]) for one in told], 3000)
    table.add("process start to the gallery painted", [(one[2], one[3]) for one in told], 5000)


def measure_open(table: Table, driver: Driver, home: Path, rounds: int) -> None:
    """From the wish to open to the pictures, in a window that stands."""
    times, blocks = [], []
    for _ in range(rounds):
        took, block = longest_block(lambda: driver.window.open(home), driver.gallery_is_painted, 120)
        times.append(took)
        blocks.append(block)
        driver.wait_until_idle()
        driver.wait_for_libraries()
    table.add("project open to the gallery painted", times, 2000)
    table.add("longest block of the window meanwhile", blocks, ACTION)
    first = {name: longest_block(lambda name=name: driver.show(name), lambda name=name: driver.is_ready(name), 30) for name in driver.TABS}
    for name, (took, block) in first.items():
        table.add(f"page {name}, first time, until it shows what it has", [took], beside=f"window blocked {block:.0f} ms")
    for name in driver.TABS:
        table.add(f"page {name}, again", actions(lambda name=name: driver.show(name), 9, lambda: driver.show("Gallery")), ACTION)


def measure_selection(table: Table, driver: Driver) -> None:
    """Selections made anywhere, with each page in front; lasso; searches and orders."""
    for name in ("Gallery", "Map", "Joint"):
        driver.show(name)
        live(0.5)
        table.add(f"10,000 selected, shown everywhere, {name} in front", actions(driver.select_some, 20), ACTION)
        table.add(f"all selected, {name} in front", actions(driver.session.select_shown, 9, driver.session.select_none), ACTION)
    driver.show("Map")
    table.add("lasso around half of the points", actions(driver.end_lasso, 20, driver.draw_lasso), ACTION)
    driver.session.select_none()
    driver.show("Gallery")
    for text in driver.SEARCHES:
        table.add(f"search `{text}`", actions(lambda text=text: driver.search(text), 9, driver.forget_search), ACTION)
    driver.search("")
    for sort in driver.session.sorts:
        table.add(f"order: {sort.value}", actions(lambda sort=sort: driver.sort(sort), 5, driver.forget_orders), ACTION)
    table.add("show a cluster", actions(driver.show_cluster, 9, driver.show_all), ACTION)
    driver.show_all()


def measure_edits(table: Table, driver: Driver, rounds: int) -> None:
    """Each edit with its undo and redo, gallery in front; moving with the map in front, too."""
    for name, kinds in (("Gallery", driver.edits()), ("Map", {"move 10,000": driver.edits()["move 10,000"]})):
        driver.show(name)
        live(0.3)
        for what, make in kinds.items():
            found = driver.cycle(make, rounds)
            for step, times in found.items():
                table.add(f"{what}{step}, {name} in front", times, ACTION)


def measure_labels(table: Table, driver: Driver) -> None:
    """A key that labels: until the next picture is there, and until everything follows; with the search on classes, too."""
    driver.show("Labels")
    driver.define_classes(10)
    table.add("key that labels, to the next picture on the screen", actions(driver.label_next, 40, driver.wait_for_question), KEY)
    table.add("the same, undone", actions(driver.session.corrections.undo, 20), KEY)
    table.add("from a key to the map and estimate made of it", driver.follow_labels(20), MAP, beside=f"{driver.AFTER_MS} ms of it waiting")
    driver.search("class:1")
    table.add("key that labels, with a search on classes", actions(driver.label_next, 20, driver.wait_for_question), ACTION)
    driver.search("")
    driver.show("Map")
    table.add("10,000 labelled at once, Map in front", actions(driver.label_many, 5), ACTION)
    driver.show("Labels")
    told, waiting = f"with {len(driver.session.curated.curation.known.labels):,} labels", f"{driver.AFTER_MS} ms of it waiting"
    table.add(f"key that labels, {told}", actions(driver.label_next, 20, driver.wait_for_question), KEY)
    table.add(f"from a key to the map and estimate made of it, {told}", driver.follow_labels(20), MAP, beside=waiting)


def measure_frames(table: Table, driver: Driver, seconds: float, beside: str = "") -> None:
    """Scrolling, resizing, panning, zooming."""
    suffix = f", {beside}" if beside else ""
    steps = {
        "gallery, scrolling, cells of 112 px": ("Gallery", driver.scroller(112, 90)),
        "gallery, scrolling, cells of 48 px": ("Gallery", driver.scroller(48, 90)),
        "gallery, dragging the bar, cells of 112 px": ("Gallery", driver.scroller(112, 3000)),
        "resizing the window, gallery": ("Gallery", driver.resize),
        "map, panning": ("Map", driver.pan),
        "map, zooming with the wheel": ("Map", driver.zoom),
        "resizing the window, map": ("Map", driver.resize),
        "resizing the window, joint": ("Joint", driver.resize),
    }
    for name, (tab, step) in steps.items():
        driver.show(tab)
        live(0.4)
        work, gaps = frames(step, seconds)
        worst = sorted(gaps)[int(0.99 * len(gaps))]
        table.add(f"{name}{suffix}", work, FRAME, beside=f"gap p99 {worst:.1f} ms")
    driver.window.resize(1280, 800)
    driver.workspace.map.view.reset_view()


def measure_memory(table: Table, driver: Driver) -> None:
    """What the process holds after all of this, idle."""
    live(1.0)
    facts = psutil.Process().memory_full_info()
    table.add("memory, idle, every page seen", [facts.rss / 2**30], 1.5, unit="GB", beside=f"{facts.uss / 2**30:.2f} GB of it its own")


def measure_training(table: Table, driver: Driver, asked: argparse.Namespace, place: Path) -> None:
    """Frames while it trains on all the images, and speed against the command line, in turn, on fewer."""
    from training_speed import compare, frames_beside_training

    frames_beside_training(driver, lambda: measure_frames(table, driver, asked.seconds, "training"))
    compare(table, driver, place, asked)


def main() -> None:
    """Make the project, open it, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=0.4)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--made", type=Path, help="a folder that an earlier run left behind, or where to leave one")
    asked = parser.parse_args()
    place = asked.made or Path(tempfile.mkdtemp())
    os.environ["IIC_STUDIO_DATA_DIR"] = os.environ["IIC_STUDIO_CONFIG_DIR"] = str(place / "own")
    home = place / "bench.iicproj"
    if not home.exists():
        place.mkdir(parents=True, exist_ok=True)
        make_in_child(place, asked.rows)
    table = Table()
    if "start" in asked.parts:
        measure_start(table, home, asked.rounds)
    driver = Driver(place)
    if "open" in asked.parts:
        measure_open(table, driver, home, asked.rounds)
    else:
        driver.window.open(home)
        wait_for(driver.gallery_is_painted, 120)
        driver.wait_until_idle()
        driver.wait_for_libraries()
    if "select" in asked.parts:
        measure_selection(table, driver)
    if "edit" in asked.parts:
        measure_edits(table, driver, asked.rounds)
    if "labels" in asked.parts:
        measure_labels(table, driver)
    if "frames" in asked.parts:
        measure_frames(table, driver, asked.seconds)
    if "memory" in asked.parts:
        measure_memory(table, driver)
    if "beside" in asked.parts:
        import alternatives

        alternatives.measure(table, driver)
    if "training" in asked.parts:
        measure_training(table, driver, asked, place)
    driver.close()
    table.print_whole(asked.rows)
    if asked.made is None:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - started:.0f} s in all")
