"""What every test gets: no network, no window on a screen, its own user directories; and small folders of pictures to work on.

The socket guard patches this process only: a child process that a test starts is not guarded.
"""

import csv
import itertools
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

# Read by Qt when the application is made, so it has to be there before any test imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# Tiny networks are faster on one thread, and several test processes beside each other do not wait for each other's threads.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pytest
from PIL import Image

# A shell that starts the suite in the background has Ctrl-C ignored, and the programs that tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

KINDS = ("stripes", "dots", "gradient", "checks")
_TINTS = {"stripes": (220, 70, 60), "dots": (60, 150, 220), "gradient": (80, 190, 90), "checks": (230, 190, 50)}


class NetworkUsed(AssertionError):
    """A test, or code under test, tried to reach the network."""


_attempts: list[str] = []


def _refuse(what: str) -> None:
    _attempts.append(what)
    raise NetworkUsed(f"{what}: tests must not use the network")


@pytest.fixture(autouse=True, scope="session")
def _no_sockets() -> Iterator[None]:
    """Only AF_UNIX may connect; names are not looked up either."""
    patch = pytest.MonkeyPatch()
    unix = getattr(socket, "AF_UNIX", None)

    def guarded(name: str) -> Callable[..., object]:
        real = getattr(socket.socket, name)

        def method(self: socket.socket, *args: object) -> object:
            if self.family != unix:
                _refuse(f"socket.{name}{args!r}")
            return real(self, *args)

        return method

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    for name in ("getaddrinfo", "gethostbyname"):
        patch.setattr(socket, name, lambda *args, _name=name, **_: _refuse(f"socket.{_name}{args!r}"))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _network_attempts_fail(_no_sockets: None) -> Iterator[None]:
    """An attempt fails the test even if the code under test swallowed the error."""
    _attempts.clear()
    yield
    if _attempts:
        pytest.fail("; ".join(_attempts), pytrace=False)


@pytest.fixture(scope="session")
def _users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new place for each test, made by what uses it."""
    base = tmp_path_factory.mktemp("users")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_user_directories(_users: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Projects and settings of a test lie in its own temporary directories, not in those of the person who runs it."""
    home = next(_users)
    monkeypatch.setenv("IIC_STUDIO_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("IIC_STUDIO_CONFIG_DIR", str(home / "config"))


def _pattern(kind: str, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """(height, width) floats, 0–1: the shape that tells the kinds apart; place and pace vary."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    pace, shift = rng.uniform(9, 14), rng.uniform(0, 10, 2)
    if kind == "stripes":
        return ((x + 0.5 * y + shift[0]) % pace < pace / 2).astype(np.float64)
    if kind == "dots":
        return (np.hypot((x + shift[0]) % pace - pace / 2, (y + shift[1]) % pace - pace / 2) < pace / 3.5).astype(np.float64)
    if kind == "checks":
        return (((x + shift[0]) // pace + (y + shift[1]) // pace) % 2).astype(np.float64)
    turn = rng.uniform(0, 2 * np.pi)
    slope = np.cos(turn) * x / width + np.sin(turn) * y / height
    return (slope - slope.min()) / (slope.max() - slope.min())


def _picture(kind: str, rng: np.random.Generator) -> Image.Image:
    width, height = (int(side) for side in rng.integers(48, 97, 2))
    pattern = _pattern(kind, height, width, rng)[..., None]
    ink = np.array(_TINTS[kind]) + rng.integers(-20, 21, 3)
    paper = rng.integers(20, 50, 3)
    pixels = paper + pattern * (ink - paper) + rng.normal(0, 4, (height, width, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


@pytest.fixture(scope="session")
def make_pictures() -> Callable[..., dict[str, str]]:
    """A function `(folder, per_kind=10, seed=0)` that fills a folder and returns path -> kind, in path order.

    The pictures lie in `day 1/` and `day 2/süd/`, half PNG and half JPEG, 48 to 96 pixels a side.
    """

    def make(folder: Path, per_kind: int = 10, seed: int = 0) -> dict[str, str]:
        rng = np.random.default_rng(seed)
        labels = {}
        for number in range(per_kind * len(KINDS)):
            kind = KINDS[number % len(KINDS)]
            place = "day 1" if number % 3 else "day 2/süd"
            path = f"{place}/img{number}.{'png' if number // len(KINDS) % 2 else 'jpg'}"
            (folder / place).mkdir(parents=True, exist_ok=True)
            _picture(kind, rng).save(folder / path, quality=92)
            labels[path] = kind
        return dict(sorted(labels.items()))

    return make


@pytest.fixture
def picture_folder(tmp_path: Path, make_pictures: Callable[..., dict[str, str]]) -> Path:
    """`tmp_path/pictures`: 40 pictures of 4 kinds. Their kinds lie beside it in `tmp_path/labels.csv` (`path,label`)."""
    folder = tmp_path / "pictures"
    labels = make_pictures(folder)
    with (tmp_path / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("path", "label"), *labels.items()])
    return folder


@pytest.fixture
def broken_folder(picture_folder: Path) -> Path:
    """`picture_folder` with three files that cannot be read: `empty.jpg`, `text.jpg` and `day 1/truncated.jpg`."""
    (picture_folder / "empty.jpg").write_bytes(b"")
    (picture_folder / "text.jpg").write_text("This is not a picture.\n", encoding="utf-8")
    whole = next(path for path in sorted(picture_folder.rglob("*.jpg")) if path.stat().st_size > 1000).read_bytes()
    (picture_folder / "day 1" / "truncated.jpg").write_bytes(whole[: len(whole) // 3])
    return picture_folder
