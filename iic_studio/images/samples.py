"""Real pictures that need no download: scikit-learn's 1,797 handwritten digits, 8 × 8 pixels, with their true classes; and its two
photographs, of a palace in a park and of a flower.

Written once into a folder as ordinary files, so that the demonstration walks the same road as a person's own images.
"""

import csv
import shutil
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

LABELS_FILE = "labels.csv"
_BRIGHTEST = 16


def write_digits(folder: Path) -> None:
    """Fill `folder` with `digit_0000.png` … and `labels.csv` (`path,label`); does nothing if they are all there.

    The files appear together: a run that is cut off leaves the folder as it was, or lacking `labels.csv`.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    names = [f"digit_{number:04d}.png" for number in range(len(digits.images))]
    if all((folder / name).is_file() for name in (LABELS_FILE, *names)):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, values in zip(names, digits.images, strict=True):
            Image.fromarray(np.rint(values * (255 / _BRIGHTEST)).astype(np.uint8)).save(fresh / name)
        with (fresh / LABELS_FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("path", "label"))
            writer.writerows(zip(names, digits.target.tolist(), strict=True))
        folder.mkdir(exist_ok=True)
        for name in (*names, LABELS_FILE):
            (fresh / name).replace(folder / name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_scenes(folder: Path) -> None:
    """Fill `folder` with scikit-learn's two photographs, `china.jpg` and `flower.jpg`; does nothing if they are there."""
    import sklearn.datasets

    source = Path(sklearn.datasets.__file__).parent / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("china.jpg", "flower.jpg"):
        if not (folder / name).is_file():
            fresh = folder.parent / f".{name}.new"
            shutil.copyfile(source / name, fresh)
            fresh.replace(folder / name)
