"""Published data sets from tiny files in each of their formats; what is cut off, does not fit or would run code is refused in words."""

import gzip
import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iic_studio.errors import UsageError
from iic_studio.images.datasets import DATASETS, Dataset, read_dataset

RNG = np.random.default_rng(0)


def pixels(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}i", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx(folder: Path, *, packed: bool = False) -> dict[str, np.ndarray]:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        "train-images-idx3-ubyte": pixels(5, 8, 8),
        "train-labels-idx1-ubyte": np.arange(5, dtype=np.uint8),
        "t10k-images-idx3-ubyte": pixels(3, 8, 8),
        "t10k-labels-idx1-ubyte": np.arange(3, dtype=np.uint8),
    }
    for name, array in arrays.items():
        data = idx(array)
        (folder / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(data) if packed else data)
    return arrays


def python_2_batch(images: np.ndarray, labels: list[int], label_key: bytes = b"labels") -> bytes:
    """A batch in the opcodes that Python 2 wrote: protocol 2, short strings, an array from its bytes in a long string."""

    def text(value: bytes) -> bytes:
        return b"U" + bytes([len(value)]) + value

    array = b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
    kind = b"cnumpy\ndtype\nq\x04U\x02u1K\x00K\x01\x87Rq\x05(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    shape = b"M" + struct.pack("<H", images.shape[0]) + b"M" + struct.pack("<H", images.shape[1]) + b"\x86"
    values = b"T" + struct.pack("<i", images.size) + images.tobytes()
    numbers = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    fields = text(b"data") + array + b"(K\x01" + shape + kind + b"\x89" + values + b"tb" + text(label_key) + numbers
    return b"\x80\x02}q\x00(" + text(b"batch_label") + text(b"made up") + fields + b"u."


def write_cifar10(folder: Path, encode: Callable[[np.ndarray, list[int]], bytes] = python_2_batch) -> list[np.ndarray]:
    place = folder / "cifar-10-batches-py"
    place.mkdir(parents=True)
    batches = [pixels(4, 3072) for _ in range(6)]
    for number, batch in enumerate(batches, 1):
        (place / (f"data_batch_{number}" if number < 6 else "test_batch")).write_bytes(encode(batch, [number, 0, 1, 2]))
    return batches


def write_stl10(folder: Path, unlabelled: int = 3) -> tuple[np.ndarray, np.ndarray]:
    place = folder / "stl10_binary"
    place.mkdir(parents=True)
    train, test = pixels(4, 3, 96, 96), pixels(2, 3, 96, 96)
    for name, images in (("train_X", train), ("test_X", test), ("unlabeled_X", pixels(unlabelled, 3, 96, 96))):
        # Columns first: what lies beside a value in the file lies below it in the image.
        (place / f"{name}.bin").write_bytes(images.transpose(0, 1, 3, 2).tobytes())
    (place / "train_y.bin").write_bytes(bytes([1, 2, 3, 10]))
    (place / "test_y.bin").write_bytes(bytes([5, 6]))
    if not unlabelled:
        (place / "unlabeled_X.bin").unlink()
    return train, test


def check_form(dataset: Dataset, shape: tuple[int, int, int]) -> None:
    for images in (dataset.train_images, dataset.test_images, dataset.unlabelled_images):
        assert images.dtype == np.uint8
        assert images.shape[1:] == shape
        assert images.flags.c_contiguous
    for labels in (dataset.train_labels, dataset.test_labels):
        assert labels.dtype == np.int64
        assert labels.ndim == 1


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(
    ("name", "place"), [("mnist", "."), ("mnist", "raw"), ("mnist", "MNIST/raw"), ("fashion-mnist", "FashionMNIST/raw")]
)
def test_idx_files(tmp_path: Path, name: str, place: str, packed: bool) -> None:
    written = write_idx(tmp_path / place, packed=packed)
    dataset = read_dataset(tmp_path, name)
    check_form(dataset, (1, 8, 8))
    assert np.array_equal(dataset.train_images[:, 0], written["train-images-idx3-ubyte"])
    assert np.array_equal(dataset.test_images[:, 0], written["t10k-images-idx3-ubyte"])
    assert dataset.train_labels.tolist() == [0, 1, 2, 3, 4]
    assert dataset.test_labels.tolist() == [0, 1, 2]
    assert len(dataset.unlabelled_images) == 0


def test_mnist_is_not_taken_from_fashion_beside_it(tmp_path: Path) -> None:
    write_idx(tmp_path / "FashionMNIST/raw")
    with pytest.raises(UsageError, match="No file of MNIST"):
        read_dataset(tmp_path, "mnist")


@pytest.mark.parametrize("protocol", [None, 0, 1, 2, 3, 4, 5], ids=lambda one: f"protocol {one}" if one is not None else "Python 2")
@pytest.mark.parametrize("inside", [False, True])
def test_cifar10_batches(tmp_path: Path, protocol: int | None, inside: bool) -> None:
    def encode(images: np.ndarray, labels: list[int]) -> bytes:
        return pickle.dumps({b"data" if protocol == 3 else "data": images, b"labels" if protocol == 3 else "labels": labels}, protocol)

    written = write_cifar10(tmp_path, python_2_batch if protocol is None else encode)
    dataset = read_dataset(tmp_path / "cifar-10-batches-py" if inside else tmp_path, "cifar10")
    check_form(dataset, (3, 32, 32))
    assert np.array_equal(dataset.train_images.reshape(20, 3072), np.concatenate(written[:5]))
    assert np.array_equal(dataset.test_images.reshape(4, 3072), written[5])
    assert dataset.train_labels.tolist()[:8] == [1, 0, 1, 2, 2, 0, 1, 2]


def test_arrays_of_any_order_and_width_are_read(tmp_path: Path) -> None:
    def encode(images: np.ndarray, labels: list[int]) -> bytes:
        return pickle.dumps({"data": np.asfortranarray(images), "labels": np.array(labels, dtype=">i4")}, 2)

    written = write_cifar10(tmp_path, encode)
    dataset = read_dataset(tmp_path, "cifar10")
    assert np.array_equal(dataset.test_images.reshape(4, 3072), written[5])
    assert dataset.test_labels.tolist() == [6, 0, 1, 2]


def test_cifar100_has_its_20_coarse_classes(tmp_path: Path) -> None:
    place = tmp_path / "cifar-100-python"
    place.mkdir()
    written = {part: pixels(3, 3072) for part in ("train", "test")}
    for part, images in written.items():
        record = {"filenames": ["a", "b", "c"], "fine_labels": [99, 0, 50], "coarse_labels": [19, 0, 7], "data": images}
        (place / part).write_bytes(pickle.dumps(record, 2))
    dataset = read_dataset(tmp_path, "cifar100-20")
    check_form(dataset, (3, 32, 32))
    assert dataset.test_labels.tolist() == [19, 0, 7]
    assert np.array_equal(dataset.train_images.reshape(3, 3072), written["train"])


def test_stl10_files(tmp_path: Path) -> None:
    train, test = write_stl10(tmp_path)
    dataset = read_dataset(tmp_path, "stl10")
    check_form(dataset, (3, 96, 96))
    assert np.array_equal(dataset.train_images, train)
    assert np.array_equal(dataset.test_images, test)
    assert dataset.train_labels.tolist() == [0, 1, 2, 9]
    assert len(dataset.unlabelled_images) == 3


def test_stl10_may_lack_its_unlabelled_images(tmp_path: Path) -> None:
    write_stl10(tmp_path, unlabelled=0)
    assert read_dataset(tmp_path, "stl10").unlabelled_images.shape == (0, 3, 96, 96)


@pytest.mark.parametrize("shape", [(6, 8, 8), (6, 8, 8, 1), (6, 1, 8, 8), (6, 8, 8, 3), (6, 3, 8, 8)])
def test_npz_in_any_layout(tmp_path: Path, shape: tuple[int, ...]) -> None:
    images = pixels(*shape)
    arrays: dict[str, Any] = {"x_train": images, "y_train": np.arange(6)[:, None], "x_test": images[:2], "y_test": np.array([0, 9])}
    np.savez(tmp_path / "mnist.npz", **arrays, x_unlabeled=images[:4], classes=np.array(["a"]))
    channels = 3 if 3 in shape else 1
    expected = images.reshape(6, 8, 8, channels).transpose(0, 3, 1, 2) if shape[-1] in (1, 3) or len(shape) == 3 else images
    for path in (tmp_path, tmp_path / "mnist.npz"):
        dataset = read_dataset(path, "mnist")
        check_form(dataset, (channels, 8, 8))
        assert np.array_equal(dataset.train_images, expected)
        assert dataset.train_labels.tolist() == [0, 1, 2, 3, 4, 5]
        assert len(dataset.unlabelled_images) == 4


def good_npz(**changes: Any) -> dict[str, Any]:
    return {"x_train": pixels(4, 8, 8), "y_train": np.arange(4), "x_test": pixels(2, 8, 8), "y_test": np.arange(2)} | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y_train": np.arange(3)}, "4 training images and 3 labels"),
        ({"y_test": np.array([0, 10])}, "between 0 and 10, not between 0 and 9"),
        ({"x_train": np.zeros((4, 8, 8), dtype=np.float32)}, "must be uint8"),
        ({"x_test": pixels(2, 9, 9)}, "9 × 9 pixels"),
        ({"x_train": pixels(4, 8, 9), "x_test": pixels(2, 8, 9)}, "9 × 8 pixels"),
        ({"x_train": pixels(4, 5, 8, 8)}, "with 1 or 3 channels"),
        ({"y_train": np.array(["a", "b", "c", "d"])}, "whole numbers"),
        ({"y_train": np.eye(4, dtype=np.int64)}, "must be a list"),
        ({"y_train": np.array([{}, 1, 2, 3], dtype=object)}, "cannot be read"),
        ({"x_train": pixels(0, 8, 8), "y_train": np.arange(0)}, "no training images"),
    ],
)
def test_npz_that_does_not_fit(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "set.npz", **good_npz(**changes))
    with pytest.raises(UsageError, match=words) as caught:
        read_dataset(tmp_path / "set.npz", "mnist")
    assert caught.value.hint


def test_npz_without_an_array_names_it(tmp_path: Path) -> None:
    arrays = good_npz()
    del arrays["y_test"]
    np.savez(tmp_path / "set.npz", **arrays)
    with pytest.raises(UsageError, match="no array y_test"):
        read_dataset(tmp_path / "set.npz", "mnist")


def test_a_file_of_text_is_no_npz(tmp_path: Path) -> None:
    (tmp_path / "set.npz").write_text("no arrays")
    with pytest.raises(UsageError, match=r"it is no \.npz file") as caught:
        read_dataset(tmp_path / "set.npz", "mnist")
    assert "pickle" not in str(caught.value)


def cut(path: Path, share: float = 0.6) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def make(name: str, folder: Path) -> Path:
    """Write a set; returns one of its files."""
    if name == "mnist":
        write_idx(folder)
        return folder / "t10k-images-idx3-ubyte"
    if name == "fashion-mnist":
        write_idx(folder, packed=True)
        return folder / "t10k-images-idx3-ubyte.gz"
    if name == "stl10":
        write_stl10(folder)
        return folder / "stl10_binary" / "test_X.bin"
    if name == "cifar10":
        write_cifar10(folder)
        return folder / "cifar-10-batches-py" / "data_batch_3"
    (folder / "cifar-100-python").mkdir()
    for part in ("train", "test"):
        (folder / "cifar-100-python" / part).write_bytes(python_2_batch(pixels(2, 3072), [0, 1], b"coarse_labels"))
    return folder / "cifar-100-python" / "test"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("name", DATASETS)
def test_cut_off_files_are_named(tmp_path: Path, name: str, share: float) -> None:
    file = make(name, tmp_path)
    read_dataset(tmp_path, name)
    cut(file, share)
    with pytest.raises(UsageError) as caught:
        read_dataset(tmp_path, name)
    # An empty file of STL-10 is a file of no images.
    assert file.name in caught.value.message or "no test images" in caught.value.message or "and 2 labels" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("name", DATASETS)
def test_missing_files_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="No file of"):
        read_dataset(tmp_path, name)
    file = make(name, tmp_path)
    file.unlink()
    with pytest.raises(UsageError, match=file.name.removesuffix(".gz")):
        read_dataset(tmp_path, name)


def test_labels_without_images_are_counted(tmp_path: Path) -> None:
    write_stl10(tmp_path)
    (tmp_path / "stl10_binary" / "train_y.bin").write_bytes(bytes([1, 2, 3]))
    with pytest.raises(UsageError, match="4 training images and 3 labels"):
        read_dataset(tmp_path, "stl10")
    write_cifar10(tmp_path, lambda images, labels: python_2_batch(images, labels[:2]))
    with pytest.raises(UsageError, match="4 images and 2 labels"):
        read_dataset(tmp_path, "cifar10")


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_unknown_names_and_places(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError, match=r"There is no"):
        read_dataset(tmp_path / path, "mnist" if path == "nowhere" else "imagenet")


class Runs:
    """Pickles to a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_calls_something_is_refused_and_calls_nothing(tmp_path: Path, protocol: int) -> None:
    touched = tmp_path / "touched"
    write_cifar10(tmp_path, lambda images, labels: pickle.dumps({"data": images, "labels": Runs(Path.touch, touched)}, protocol))
    with pytest.raises(UsageError, match="which is not read"):
        read_dataset(tmp_path, "cifar10")
    assert not touched.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
        b"cnumpy\nload\n(S'x'\ntR.",
        b"cnumpy\ndtype\n(S'O8'\ntR.",
        b"cnumpy.core.multiarray\n_reconstruct\n)R(K\x01K\x01NNJ\xff\xff\xff\x7ftb.",
        b"\x82\x01.",
        b"]q\x00h\x00a0.",
        b"}(K\x01u.",
        b"0.",
        b"u.",
        b"R.",
        b"h\x05.",
        b"K\x01.",
        b"not a pickle",
        b"",
    ],
)
def test_a_damaged_or_odd_pickle_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    write_cifar10(tmp_path)
    (tmp_path / "cifar-10-batches-py" / "data_batch_1").write_bytes(data)
    with pytest.raises(UsageError, match="data_batch_1 cannot be read"):
        read_dataset(tmp_path, "cifar10")


def test_any_cut_of_a_pickle_is_a_sentence(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    file = tmp_path / "cifar-10-batches-py" / "data_batch_1"
    whole = file.read_bytes()
    for length in [*range(200), *range(len(whole) - 40, len(whole))]:
        file.write_bytes(whole[:length])
        with pytest.raises(UsageError, match="data_batch_1 cannot be read"):
            read_dataset(tmp_path, "cifar10")


def test_python_2_batch_is_what_pickle_would_read() -> None:
    """The hand-written opcodes of these tests are a true pickle."""
    images = pixels(4, 3072)
    record = pickle.load(io.BytesIO(python_2_batch(images, [1, 2, 3, 4])), encoding="latin1")  # noqa: S301 - written here
    assert np.array_equal(record["data"], images)
    assert record["labels"] == [1, 2, 3, 4]
