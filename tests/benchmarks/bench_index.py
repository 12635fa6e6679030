"""How fast a folder is indexed, as ratios against named alternatives in the same run. By hand: `python tests/benchmarks/bench_index.py`.

Four measurements: (1) camera photographs of 12 megapixels, `ingest` against Pillow's bare `open, draft(256), load` in a warm process
pool of as many workers, alternating; (2) many pictures of 28 × 28, `ingest` against bare `open, load` in the same kind of pool; (3) the
scan of many empty files against `os.walk` with `os.stat`; (4) `probe` of the photographs. Medians of the repeats are printed.
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from iic_studio.images.cache import ImageCache
from iic_studio.images.ingest import IngestTask, ingest, usable_cores
from iic_studio.images.probe import probe
from iic_studio.images.scan import scan

NUM_DISTINCT = 20
PHOTO_SIZE = (4000, 3000)
SIDE_PX = 128
SMALL_SIDE_PX = 28


def make_photos(folder: Path, count: int) -> list[str]:
    """`count` JPEGs of 4000 × 3000: soft shapes at all scales, edges, and the noise of a sensor. Few are distinct, the rest are links."""
    folder.mkdir()
    paths = [folder / f"photo_{number:05d}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        if number >= NUM_DISTINCT:
            os.link(paths[number % NUM_DISTINCT], path)
            continue
        rng = np.random.default_rng(number)
        pixels = np.zeros((PHOTO_SIZE[1], PHOTO_SIZE[0], 3), np.float32)
        for side, strength in ((4, 90), (16, 50), (80, 28), (400, 14), (1500, 8)):
            coarse = rng.normal(0, strength, (side * 3 // 4, side, 3)).astype(np.float32)
            for channel in range(3):
                layer = Image.fromarray(coarse[..., channel]).resize(PHOTO_SIZE, Image.Resampling.BICUBIC)
                pixels[..., channel] += np.asarray(layer)
        pixels += rng.normal(0, 2.5, pixels.shape[:2]).astype(np.float32)[..., None]
        Image.fromarray((pixels + 128).clip(0, 255).astype(np.uint8)).save(path, quality=82)
    return [str(path) for path in paths]


def make_small(folder: Path, count: int) -> list[str]:
    """`count` grey PNGs of 28 × 28."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    blobs = rng.normal(0, 1, (100, 7, 7)).astype(np.float32)
    paths = [folder / f"{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        soft = Image.fromarray(blobs[number % 100]).resize((SMALL_SIDE_PX, SMALL_SIDE_PX), Image.Resampling.BICUBIC)
        Image.fromarray((np.asarray(soft) * 120).clip(0, 255).astype(np.uint8)).save(path)
    return [str(path) for path in paths]


def draft_only(paths: Sequence[str]) -> None:
    """The alternative: Pillow decodes at reduced size, and nothing is kept."""
    for path in paths:
        with Image.open(path) as image:
            image.draft("RGB", (256, 256))
            image.load()


def cpu_of_children() -> float:
    """CPU seconds of all child processes, ended or not: what other programs do on the machine touches it little."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = [child.cpu_times() for child in psutil.Process().children()]
    return ended.ru_utime + ended.ru_stime + sum(times.user + times.system for times in alive)


def time_bare(pool: ProcessPoolExecutor, paths: Sequence[str], chunk: int) -> float:
    started = time.perf_counter()
    list(pool.map(draft_only, [paths[at : at + chunk] for at in range(0, len(paths), chunk)]))
    return time.perf_counter() - started


def time_ingest(paths: Sequence[str], folder: Path, side: int) -> tuple[float, float, float]:
    """Seconds from the call to the last batch, to the first, and from the first to the last."""
    tasks = [IngestTask(number, path) for number, path in enumerate(paths, start=1)]
    shutil.rmtree(folder, ignore_errors=True)
    with ImageCache.open(folder, side, len(tasks)) as cache:
        started = time.perf_counter()
        ends = [(time.perf_counter(), batch) for batch in ingest(tasks, cache)]
    assert all(one.ok for _, batch in ends for one in batch)
    assert sum(len(batch) for _, batch in ends) == len(paths)
    return ends[-1][0] - started, ends[0][0] - started, ends[-1][0] - ends[0][0]


def compare(title: str, paths: Sequence[str], folder: Path, side: int, repeats: int, chunk: int) -> None:
    """Alternate both ways, so that what else the machine does hits both alike."""
    cores = usable_cores()
    bare, whole, first, steady = [], [], [], []
    bare_cpu = whole_cpu = 0.0
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        time_bare(pool, paths[: 4 * cores], 1)
        for _ in range(repeats):
            before = cpu_of_children()
            bare.append(time_bare(pool, paths, chunk))
            between = cpu_of_children()
            elapsed_s, first_s, steady_s = time_ingest(paths, folder, side)
            bare_cpu += between - before
            whole_cpu += cpu_of_children() - between
            whole.append(elapsed_s)
            first.append(first_s)
            steady.append(steady_s)
    rates = [len(paths) / statistics.median(times) for times in (bare, whole, steady)]
    print(f"{title}: n={len(paths)}, {cores} workers, median of {repeats}, bytes a file {os.path.getsize(paths[0])}")
    print(f"  bare Pillow in a warm pool   {rates[0]:9.1f} images/s")
    print(f"  ingest, start included       {rates[1]:9.1f} images/s   ratio {rates[1] / rates[0]:.3f}")
    print(f"  ingest, after the first      {rates[2]:9.1f} images/s   ratio {rates[2] / rates[0]:.3f}")
    print("  ratios of the repeats        " + ", ".join(f"{b / w:.3f}" for b, w in zip(bare, whole, strict=True)))
    files = repeats * len(paths)
    per_file = f"bare {bare_cpu / files * 1e3:.3f}, ingest with start {whole_cpu / files * 1e3:.3f}"
    print(f"  CPU ms a file                {per_file}, ratio {bare_cpu / whole_cpu:.3f}")
    print(f"  first batch after            {statistics.median(first):9.2f} s")


def walk_and_stat(folder: Path) -> Iterator[tuple[str, int]]:
    """The alternative to `scan`: standard library, no order."""
    for root, _, names in os.walk(folder):
        for name in names:
            yield name, os.stat(os.path.join(root, name)).st_size


def measure_scan(folder: Path, count: int, repeats: int) -> None:
    for number in range(count):
        place = folder / f"{number // 10_000}"
        if number % 10_000 == 0:
            place.mkdir(parents=True)
        (place / f"IMG_{number}.jpg").touch()
    times: dict[str, list[float]] = {"os.walk and os.stat": [], "scan": []}
    ways: dict[str, Callable[[Path], Iterator[object]]] = {"os.walk and os.stat": walk_and_stat, "scan": scan}
    for _ in range(repeats):
        for name, way in ways.items():
            started = time.perf_counter()
            assert sum(1 for _ in way(folder)) == count
            times[name].append(time.perf_counter() - started)
    print(f"scan: n={count} empty files in {count // 10_000} folders, median of {repeats}")
    for name, values in times.items():
        print(f"  {name:28} {count / statistics.median(values):9.0f} files/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="photographs")
    parser.add_argument("--small", type=int, default=20_000, help="small pictures")
    parser.add_argument("--files", type=int, default=100_000, help="empty files for the scan")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        photos = make_photos(home / "photos", options.count)
        compare("photographs", photos, home / "cache", SIDE_PX, options.repeats, 8)
        started = time.perf_counter()
        found = probe(photos)
        print(f"probe: {min(256, len(photos))} headers in {time.perf_counter() - started:.2f} s: {found}")
        small = make_small(home / "small", options.small)
        compare("small pictures", small, home / "cache", SMALL_SIDE_PX, options.repeats, 256)
        measure_scan(home / "many", options.files, options.repeats)


if __name__ == "__main__":
    main()
