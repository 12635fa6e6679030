"""Published data sets with labels, for repeating the numbers of a paper: files to arrays, without torch and without a download.

Reads what torchvision leaves on a disk (IDX files of MNIST and Fashion-MNIST, the Python version of CIFAR, the binary version of STL-10),
or one .npz with x_train, y_train, x_test, y_test and perhaps x_unlabeled. Labels serve evaluation; who trains takes the images only.

CIFAR's batches are pickles; they are read as data, and nothing they name is imported or called (`plain_pickle`).

Known weakness: an unlabelled STL-10 file that was cut exactly between two images looks whole.
"""

import contextlib
import gzip
import math
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.errors import UsageError
from iic_studio.images.guard import DECODER_ERRORS
from iic_studio.images.plain_pickle import read_plain_pickle
from iic_studio.records import IntArray

Pixels = npt.NDArray[np.uint8]

# Name -> number of classes.
DATASETS = {"mnist": 10, "fashion-mnist": 10, "cifar10": 10, "cifar100-20": 20, "stl10": 10}

_IDX_BYTES = 0x08
_CIFAR_SIDE, _STL_SIDE = 32, 96
_CHUNK = 1_000


@dataclass(frozen=True)
class Dataset:
    """A published set. Images are uint8 (N, C, S, S), contiguous; labels int64 (N,), from 0. `unlabelled_images` may hold none."""

    train_images: Pixels
    train_labels: IntArray
    test_images: Pixels
    test_labels: IntArray
    unlabelled_images: Pixels


def read_dataset(path: Path, name: str) -> Dataset:
    """Read a data set from the folder that torchvision would use, from the folder of its files, or from an .npz.

    Args:
        path: folder, or .npz file; a folder may also hold `NAME.npz`.
        name: one of `DATASETS`.

    Raises:
        UsageError: nothing there fits, a file is cut off or damaged, or the numbers of images and labels differ.
    """
    if name not in DATASETS:
        raise UsageError(f"There is no data set {name}.", f"Choose one of: {', '.join(DATASETS)}.")
    if not path.exists():
        raise UsageError(f"There is no {path}.", f"Name the folder that holds {name}, or an .npz file.")
    packed = path if path.is_file() else path / f"{name}.npz"
    dataset = _read_npz(packed) if packed.is_file() else _READERS[name](path)
    _check(dataset, name)
    return dataset


def _check(dataset: Dataset, name: str) -> None:
    shape = dataset.train_images.shape[1:]
    for part, images in (("training", dataset.train_images), ("test", dataset.test_images), ("unlabelled", dataset.unlabelled_images)):
        if images.shape[1:] != shape or shape[1] != shape[2]:
            raise UsageError(
                f"The {part} images of {name} are {_shape_words(images.shape[1:])}.", "All images must be square and of one shape."
            )
    for part, images, labels in (
        ("training", dataset.train_images, dataset.train_labels),
        ("test", dataset.test_images, dataset.test_labels),
    ):
        if len(images) != len(labels):
            raise UsageError(f"{name} has {len(images)} {part} images and {len(labels)} labels for them.", "Fetch its files again.")
        if not len(images):
            raise UsageError(f"{name} has no {part} images.", "Fetch its files again.")
        if labels.min() < 0 or labels.max() >= DATASETS[name]:
            raise UsageError(
                f"The {part} labels of {name} lie between {labels.min()} and {labels.max()}, not between 0 and {DATASETS[name] - 1}.",
                "Name the data set that the files hold.",
            )


def _shape_words(shape: tuple[int, ...]) -> str:
    channels, height, width = shape
    return f"{width} × {height} pixels with {channels} channel{'' if channels == 1 else 's'}"


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever goes wrong inside is the file's fault, and said so."""
    try:
        yield
    except FileNotFoundError as error:
        raise UsageError(f"There is no {path}.", "Fetch the data set again, or name another folder.") from error
    except (*DECODER_ERRORS, OverflowError, MemoryError) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise UsageError(f"{path} cannot be read: {reason}.", "It is cut off, damaged, or another kind of file: fetch it again.") from error


def _folder_with(path: Path, places: tuple[str, ...], names: tuple[str, ...], title: str) -> Path:
    """The first of some sub-folders that holds one of some files."""
    for place in places:
        if any((path / place / name).is_file() for name in names):
            return path / place
    looked = ", ".join(str(path / place) for place in places)
    raise UsageError(f"No file of {title} was found in {looked}.", f"There should be {' or '.join(names)}; or name an .npz file.")


def _no_images(like: Pixels) -> Pixels:
    return np.zeros((0, *like.shape[1:]), dtype=np.uint8)


# One .npz


def _read_npz(path: Path) -> Dataset:
    with _reading(path), _open_npz(path) as pack:
        missing = [key for key in ("x_train", "y_train", "x_test", "y_test") if key not in pack.files]
        if missing:
            raise ValueError(f"it has no array {', '.join(missing)}")
        train, test = _channels_first(pack["x_train"]), _channels_first(pack["x_test"])
        unlabelled = _channels_first(pack["x_unlabeled"]) if "x_unlabeled" in pack.files else _no_images(train)
        return Dataset(train, _labels(pack["y_train"]), test, _labels(pack["y_test"]), unlabelled)


def _open_npz(path: Path) -> np.lib.npyio.NpzFile:
    if not zipfile.is_zipfile(path):  # NumPy would speak of pickled objects
        raise ValueError("it is no .npz file")
    pack: np.lib.npyio.NpzFile = np.load(path, allow_pickle=False)
    return pack


def _channels_first(images: npt.NDArray[Any]) -> Pixels:
    """(N, H, W), (N, H, W, C) or (N, C, H, W) to the last of them; C is 1 or 3."""
    if images.dtype != np.uint8:
        raise ValueError(f"images must be uint8, not {images.dtype}")
    if images.ndim == 3:
        images = images[:, None]
    elif images.ndim == 4 and images.shape[3] in (1, 3):
        images = images.transpose(0, 3, 1, 2)
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(f"images must be (N, H, W), (N, H, W, C) or (N, C, H, W) with 1 or 3 channels, not {images.shape}")
    return np.ascontiguousarray(images)


def _labels(labels: npt.ArrayLike) -> IntArray:
    """Whole numbers, (N,) or (N, 1), to int64 (N,)."""
    values = np.asarray(labels)
    if values.size and values.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, not {values.dtype}")
    if values.ndim != 1 and values.shape[1:] != (1,):
        raise ValueError(f"labels must be a list, not an array of shape {values.shape}")
    return values.reshape(-1).astype(np.int64)


# MNIST and Fashion-MNIST


def _read_mnist(path: Path) -> Dataset:
    return _read_idx_set(path, "MNIST")


def _read_fashion(path: Path) -> Dataset:
    return _read_idx_set(path, "FashionMNIST")


def _read_idx_set(path: Path, folder: str) -> Dataset:
    first = "train-images-idx3-ubyte"
    place = _folder_with(path, (".", "raw", f"{folder}/raw"), (first, f"{first}.gz"), folder)
    train, test = (_read_idx(place / f"{part}-images-idx3-ubyte", 3)[:, None] for part in ("train", "t10k"))
    train_labels, test_labels = (_labels(_read_idx(place / f"{part}-labels-idx1-ubyte", 1)) for part in ("train", "t10k"))
    return Dataset(train, train_labels, test, test_labels, _no_images(train))


def _read_idx(path: Path, num_dimensions: int) -> Pixels:
    """An IDX file of bytes, plain or with .gz: two zeros, a type, the number of dimensions, each as big-endian int32, the values."""
    packed = path.with_name(path.name + ".gz")
    found = path if path.is_file() or not packed.is_file() else packed
    with _reading(found):
        data = gzip.decompress(found.read_bytes()) if found == packed else found.read_bytes()
        header = 4 + 4 * num_dimensions
        start, kind, dimensions, *shape = struct.unpack(f">HBB{num_dimensions}i", data[:header])
        if (start, kind, dimensions) != (0, _IDX_BYTES, num_dimensions) or min(shape) < 0:
            raise ValueError(f"it is no IDX file of bytes in {num_dimensions} dimensions")
        if len(data) - header != math.prod(shape):
            raise ValueError(f"it holds {len(data) - header:,} of {math.prod(shape):,} values")
        return np.frombuffer(data, np.uint8, offset=header).reshape(shape).copy()


# CIFAR


def _read_cifar10(path: Path) -> Dataset:
    place = _folder_with(path, ("cifar-10-batches-py", "."), ("data_batch_1",), "CIFAR-10")
    batches = [_read_cifar_batch(place / f"data_batch_{number}", "labels") for number in range(1, 6)]
    test, test_labels = _read_cifar_batch(place / "test_batch", "labels")
    train = np.concatenate([images for images, _ in batches])
    return Dataset(train, np.concatenate([labels for _, labels in batches]), test, test_labels, _no_images(train))


def _read_cifar100(path: Path) -> Dataset:
    """With its 20 coarse classes."""
    place = _folder_with(path, ("cifar-100-python", "."), ("train",), "CIFAR-100")
    train, train_labels = _read_cifar_batch(place / "train", "coarse_labels")
    test, test_labels = _read_cifar_batch(place / "test", "coarse_labels")
    return Dataset(train, train_labels, test, test_labels, _no_images(train))


def _read_cifar_batch(path: Path, label_key: str) -> tuple[Pixels, IntArray]:
    with _reading(path):
        record = read_plain_pickle(path.read_bytes())
        missing = [key for key in ("data", label_key) if key not in record]
        if missing:
            raise ValueError(f"it has no {', '.join(missing)}")
        images, labels = record["data"], record[label_key]
        if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.shape[1:] != (3 * _CIFAR_SIDE**2,):
            raise ValueError(f"its images are no bytes in rows of {3 * _CIFAR_SIDE**2}")
        if len(images) != len(labels):
            raise ValueError(f"it has {len(images)} images and {len(labels)} labels")
        return np.ascontiguousarray(images).reshape(-1, 3, _CIFAR_SIDE, _CIFAR_SIDE), _labels(labels)


# STL-10


def _read_stl10(path: Path) -> Dataset:
    place = _folder_with(path, ("stl10_binary", "."), ("train_X.bin",), "STL-10")
    train, test = (_read_stl_images(place / f"{part}_X.bin") for part in ("train", "test"))
    # Its labels count from 1.
    train_labels, test_labels = (_read_bytes(place / f"{part}_y.bin").astype(np.int64) - 1 for part in ("train", "test"))
    more = place / "unlabeled_X.bin"
    return Dataset(train, train_labels, test, test_labels, _read_stl_images(more) if more.is_file() else _no_images(train))


def _read_stl_images(path: Path) -> Pixels:
    """Images lie channel by channel, each column by column. They are turned in place: the unlabelled ones take 2.8 GB."""
    data = _read_bytes(path)
    with _reading(path):
        images = data.reshape(-1, 3, _STL_SIDE, _STL_SIDE)
    for start in range(0, len(images), _CHUNK):
        images[start : start + _CHUNK] = images[start : start + _CHUNK].swapaxes(2, 3).copy()
    return images


def _read_bytes(path: Path) -> Pixels:
    with _reading(path):
        return np.fromfile(path, np.uint8)


_READERS: dict[str, Callable[[Path], Dataset]] = {
    "mnist": _read_mnist,
    "fashion-mnist": _read_fashion,
    "cifar10": _read_cifar10,
    "cifar100-20": _read_cifar100,
    "stl10": _read_stl10,
}
