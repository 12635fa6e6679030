"""Masks of one TIFF that is larger than what is decoded in one go: how long it takes, and how much memory.

`python tests/benchmarks/bench_large_picture.py EMPTY_FOLDER [--side 20000] [--rows 20000] [--options="OPTIONS OF segment"]`

A made picture of two textures whose border runs aslant is written, `iic-studio segment` is run on it, and the masks are read back: their
size, and how many pixels lie on the right side of the border. The memory of all its processes is looked at every tenth of a second: what
they hold for themselves (anonymous), and what the system counts altogether (resident), which includes pages of mapped files.
"""

import argparse
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import psutil
import tifffile
from PIL import Image

_BAND = 500
_EVERY_S = 0.1


def make_picture(path: Path, side: int, rows: int, *, compressed: bool = False) -> None:
    """A TIFF of (rows, side, 3) bytes: dark noise, and lighter noise left of a border that begins at 40 % of the width and runs aslant."""
    noise = np.random.default_rng(0).integers(0, 60, (_BAND, side, 3), dtype=np.uint8)

    def bands():  # type: ignore[no-untyped-def]
        for top in range(0, rows, _BAND):
            band = noise[: min(_BAND, rows - top)].copy()
            band[:, : _border(top, side)] += 130
            yield zlib.compress(band.tobytes(), 1) if compressed else band

    options = {"compression": "adobe_deflate"} if compressed else {}
    tifffile.imwrite(path, bands(), shape=(rows, side, 3), dtype=np.uint8, photometric="rgb", rowsperstrip=_BAND, **options)


def _border(row: int, side: int) -> int:
    return int(side * (0.4 + 0.4 * (row // _BAND * _BAND) / side))


def watch(process: "subprocess.Popen[bytes]") -> dict[str, int]:
    """Highest sum of memory over a process and its children, in MB, until it ends; and that of the largest one."""
    root, most = psutil.Process(process.pid), {"anonymous": 0, "resident": 0, "anonymous of one process": 0}
    while process.poll() is None:
        held = []
        for one in _family(root):
            try:
                lines = dict(line.split(":", 1) for line in Path(f"/proc/{one.pid}/status").read_text().splitlines() if ":" in line)
            except OSError:
                continue
            if "RssAnon" in lines:
                held.append([int(lines[name].split()[0]) // 1024 for name in ("RssAnon", "VmRSS")])
        if held:
            now = (sum(one[0] for one in held), sum(one[1] for one in held), max(one[0] for one in held))
            most = {name: max(before, value) for (name, before), value in zip(most.items(), now, strict=True)}
        time.sleep(_EVERY_S)
    return most


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def rightly(ids: np.ndarray) -> float:
    """Share of pixels on the right side of the border, whichever of two classes is left."""
    (rows, side), right = ids.shape, 0
    left_class = int(ids[0, 0])
    for top in range(0, rows, _BAND):
        band, border = ids[top : top + _BAND], _border(top, side)
        right += int((band[:, :border] == left_class).sum()) + int((band[:, border:] != left_class).sum())
    return right / ids.size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path)
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--rows", type=int, help="as many as columns if not given")
    parser.add_argument("--compressed", action="store_true", help="strips packed by deflate, as most programs write them")
    parser.add_argument("--options", default="--clusters 2 --steps 50 --also labels", help="of `segment`")
    given = parser.parse_args()
    pictures, masks = given.place / "pictures", given.place / "masks"
    pictures.mkdir(parents=True)
    picture = pictures / "large.tif"
    rows = given.rows or given.side
    make_picture(picture, given.side, rows, compressed=given.compressed)
    print(f"{given.side:,} x {rows:,} pixels, {picture.stat().st_size / 1e6:,.0f} MB")
    command = [
        "segment",
        str(pictures),
        "--masks",
        str(masks),
        "--project",
        str(given.place / "large.iicproj"),
        "--device",
        "cpu",
        "--quiet",
    ]
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "iic_studio", *command, *given.options.split()])
    most = watch(process)
    print(f"exit code {process.returncode}, {time.perf_counter() - began:,.0f} s; most memory in MB: {most}")
    Image.MAX_IMAGE_PIXELS = None
    for path in sorted(masks.rglob("large*")):
        words = f"{path.name}: {path.stat().st_size / 1e6:,.1f} MB"
        if path.name in ("large.png", "large.labels.tif"):
            with Image.open(path) as image:
                ids = np.asarray(image)
            words += f", {ids.shape[1]:,} x {ids.shape[0]:,}, {ids.dtype}, {rightly(ids):.2%} on the right side"
        print(words)


if __name__ == "__main__":
    main()
