"""Reading whole folders in child processes: results, damaged files, crashes, stopping, and what must never happen to the files."""

import errno
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from iic_studio.errors import DiskFullError, StudioError
from iic_studio.images import worker
from iic_studio.images.cache import ImageCache
from iic_studio.images.decode import quick_hash, read_picture
from iic_studio.images.ingest import CRASHED, Ingested, IngestTask, ingest
from iic_studio.images.reduce import training_square

Tasks = Callable[[Path], list[IngestTask]]
Children = Callable[[], list[psutil.Process]]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ImageCache]:
    with ImageCache.open(tmp_path / "cache", 32, 500) as opened:
        yield opened


@pytest.fixture(autouse=True)
def children() -> Iterator[Children]:
    """Asks for the child processes of this one that the test started, save the helper that `multiprocessing` keeps until the end of the
    program; none may be left. What other tests left, if only to be waited for, is theirs.
    """
    before = psutil.Process().children()

    def ask() -> list[psutil.Process]:
        started = [one for one in psutil.Process().children() if one not in before]
        return [one for one in started if one.status() == psutil.STATUS_ZOMBIE or "resource_tracker" not in " ".join(one.cmdline())]

    yield ask
    assert ask() == []


def by_id(batches: Iterator[list[Ingested]]) -> dict[int, Ingested]:
    """All results; each id must come once."""
    found: dict[int, Ingested] = {}
    for batch in batches:
        for one in batch:
            assert one.image_id not in found
            found[one.image_id] = one
    return found


def write_many(folder: Path, count: int, side: int = 20) -> list[IngestTask]:
    folder.mkdir()
    rng = np.random.default_rng(0)
    tasks = []
    for number in range(1, count + 1):
        path = folder / f"{number}.png"
        Image.fromarray(rng.integers(0, 256, (side, side), np.uint8)).save(path)
        tasks.append(IngestTask(number, str(path)))
    return tasks


def test_facts_squares_and_thumbnails(picture_folder: Path, cache: ImageCache, tasks_of: Tasks) -> None:
    tasks = tasks_of(picture_folder)
    found = by_id(ingest(tasks, cache))
    assert sorted(found) == [task.image_id for task in tasks]
    for task in tasks:
        one, picture = found[task.image_id], read_picture(task.path)
        assert one.ok
        assert one.reason == ""
        assert (one.width, one.height, one.is_grey) == (picture.width, picture.height, picture.is_grey)
        assert one.quick_hash == quick_hash(task.path)
        wanted = training_square(Image.fromarray(picture.pixels), 32).astype(int)
        assert np.abs(cache.pixels()[task.image_id - 1] - wanted).max() <= 1
        with Image.open(io.BytesIO(cache.read_thumb(one.thumb_offset, one.thumb_length))) as thumb:
            assert thumb.size == (one.width, one.height)


def test_reduced_reading_gives_nearly_the_same_square(tmp_path: Path, cache: ImageCache) -> None:
    soft = Image.effect_noise((12, 9), 90).resize((1600, 1200), Image.Resampling.BICUBIC)
    Image.merge("RGB", [soft, soft.transpose(Image.Transpose.ROTATE_180), soft]).save(tmp_path / "a.jpg", quality=95)
    ((one,),) = ingest([IngestTask(1, str(tmp_path / "a.jpg"))], cache)
    assert (one.width, one.height) == (1600, 1200)
    wanted = training_square(Image.fromarray(read_picture(str(tmp_path / "a.jpg")).pixels), 32).astype(int)
    assert np.abs(cache.pixels()[0] - wanted).mean() < 2


def test_files_that_cannot_be_read_get_a_reason(broken_folder: Path, cache: ImageCache, tasks_of: Tasks) -> None:
    tasks = [*tasks_of(broken_folder), IngestTask(99, str(broken_folder / "gone.jpg"))]
    found = by_id(ingest(tasks, cache))
    reasons = {Path(task.path).name: found[task.image_id].reason for task in tasks if not found[task.image_id].ok}
    assert reasons == {
        "empty.jpg": "is empty",
        "text.jpg": "is not an image, although it is named .jpg",
        "truncated.jpg": "is cut off: the end of the file is missing",
        "gone.jpg": "is gone",
    }
    problem = next(one for one in found.values() if not one.ok)
    assert (problem.width, problem.thumb_length) == (0, 0)
    assert not cache.pixels()[problem.image_id - 1].any()


def test_rows_are_written_where_they_belong_whatever_the_order(tmp_path: Path, cache: ImageCache) -> None:
    tasks = write_many(tmp_path / "in", 60, side=32)
    rng = np.random.default_rng(3)
    shuffled = [tasks[at] for at in rng.permutation(60) if at % 7]
    by_id(ingest(shuffled, cache, workers=1))
    for task in tasks:
        row = cache.pixels()[task.image_id - 1]
        if task in shuffled:
            assert (row == np.asarray(Image.open(task.path))).all()
        else:
            assert not row.any()


def test_heif_names_of_any_bytes_and_high_bit_range(tmp_path: Path, cache: ImageCache, heif: bytes) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    Image.fromarray(np.full((8, 8), 500, np.uint16)).save(tmp_path / "b.png")
    odd = tmp_path / os.fsdecode(b"caf\xe9.heic")
    try:
        (tmp_path / "a.heic").rename(odd)
    except OSError:
        odd = tmp_path / "a.heic"
    found = by_id(ingest([IngestTask(1, str(odd)), IngestTask(2, str(tmp_path / "b.png"))], cache, high_bit_range=(0, 1000)))
    assert found[1].ok
    assert (found[1].width, found[1].height) == (96, 64)
    assert found[2].is_grey
    assert set(np.unique(cache.pixels()[1])) == {128}


def test_codecs_print_nothing(tmp_path: Path, cache: ImageCache, capfd: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    tasks = []
    for number in range(1, 21):
        path = tmp_path / f"{number}.tif"
        Image.fromarray(rng.integers(0, 9, (60, 80, 3), np.uint8)).save(path, compression="tiff_lzw")
        data = bytearray(path.read_bytes())
        data[100:300] = rng.bytes(200)
        path.write_bytes(data)
        tasks.append(IngestTask(number, str(path)))
    found = by_id(ingest(tasks, cache, workers=1))
    assert not all(one.ok for one in found.values())
    assert capfd.readouterr() == ("", "")


def test_the_users_files_are_not_touched(broken_folder: Path, cache: ImageCache, tasks_of: Tasks) -> None:
    def state() -> dict[Path, tuple[bytes, int]]:
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in broken_folder.rglob("*") if path.is_file()}

    before = state()
    by_id(ingest(tasks_of(broken_folder), cache))
    assert state() == before


def test_nothing_to_do_starts_nothing(cache: ImageCache, children: Children) -> None:
    assert list(ingest([], cache)) == []
    assert children() == []


# Crashes ------------------------------------------------------------------------------------------------------------------------------


class DeadlyTask(IngestTask):
    """A file whose arrival ends the child at once, as a crash in a decoder does."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (11,)


def test_a_killed_worker_loses_no_file(tmp_path: Path, cache: ImageCache) -> None:
    tasks = write_many(tmp_path / "in", 400)
    batches = ingest(tasks, cache, workers=2)
    first = next(batches)
    workers = multiprocessing.active_children()
    assert len(workers) == 2
    assert workers[0].pid is not None
    os.kill(workers[0].pid, signal.SIGKILL)
    found = by_id(iter([first, *batches]))
    assert sorted(found) == list(range(1, 401))
    assert all(one.ok for one in found.values())


def test_files_that_kill_their_worker_are_named_and_the_rest_is_read(tmp_path: Path, cache: ImageCache) -> None:
    tasks: list[IngestTask] = write_many(tmp_path / "in", 60)
    for deadly in (1, 17, 18):
        tasks[deadly] = DeadlyTask(deadly + 1, tasks[deadly].path)
    found = by_id(ingest(tasks, cache, workers=2))
    assert sorted(found) == list(range(1, 61))
    assert {image_id for image_id, one in found.items() if not one.ok} == {2, 18, 19}
    assert found[18].reason == CRASHED


def test_children_that_cannot_start_are_an_error_not_a_problem_of_each_file(
    tmp_path: Path, cache: ImageCache, capfd: pytest.CaptureFixture[str]
) -> None:
    tasks = write_many(tmp_path / "in", 5)
    cache.path.unlink()
    with pytest.raises(StudioError, match="cannot be started"):
        list(ingest(tasks, cache, workers=1))
    capfd.readouterr()


def test_a_full_disk_is_said(tmp_path: Path, cache: ImageCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Sequence[bytes]) -> list[tuple[int, int]]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache._thumbs, "append", full)
    with pytest.raises(DiskFullError):
        list(ingest(write_many(tmp_path / "in", 5), cache, workers=1))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_in_a_worker_is_said(tmp_path: Path, cache: ImageCache) -> None:
    tasks = write_many(tmp_path / "in", 5)
    cache.path.unlink()
    cache.path.symlink_to("/dev/full")
    with pytest.raises(DiskFullError):
        list(ingest(tasks, cache, workers=1))


# Stopping -----------------------------------------------------------------------------------------------------------------------------


def test_closing_stops_early_and_cleanly(tmp_path: Path, cache: ImageCache, children: Children) -> None:
    tasks = write_many(tmp_path / "in", 400)
    batches = ingest(tasks, cache, workers=2)
    seen = next(batches)
    assert 0 < len(seen) < 400
    assert len(children()) == 2
    batches.close()
    assert children() == []
    assert by_id(ingest(tasks, cache, workers=2)).keys() == set(range(1, 401))


SCRIPT = """
    import os, signal, sys, time
    from pathlib import Path
    from iic_studio.images.cache import ImageCache
    from iic_studio.images.ingest import IngestTask, ingest

    def main():
        cache = ImageCache.open(Path(sys.argv[1]), 32, 4000)
        tasks = [IngestTask(number, sys.argv[2]) for number in range(1, 4001)]
        batches = ingest(tasks, cache, workers=2)
        next(batches)
        try:
            print("started", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            batches.close()
            print("interrupted", flush=True)

    if __name__ == "__main__":
        main()
"""


@pytest.fixture
def job(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program in a process group of its own that waits in the middle of a job."""
    script = tmp_path / "job.py"
    script.write_text(textwrap.dedent(SCRIPT))
    Image.new("RGB", (64, 64), "red").save(tmp_path / "a.png")
    command = [sys.executable, str(script), str(tmp_path / "cache"), str(tmp_path / "a.png")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


def test_interrupt_from_the_terminal_reaches_the_parent_only(job: subprocess.Popen[str]) -> None:
    os.killpg(job.pid, signal.SIGINT)
    out, err = job.communicate(timeout=30)
    assert (out, err, job.returncode) == ("interrupted\n", "", 0)


def test_children_end_when_their_parent_is_killed(job: subprocess.Popen[str]) -> None:
    family = psutil.Process(job.pid).children(recursive=True)
    assert len(family) >= 2
    job.kill()
    job.wait(timeout=30)
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_a_child_imports_neither_torch_nor_qt() -> None:
    heavy = ("torch", "PySide6", "sklearn", "scipy", "tifffile")
    code = f"import sys, iic_studio.images.worker; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Inside the child ---------------------------------------------------------------------------------------------------------------------


def test_one_file_in_this_process(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), (9, 99, 199)).save(tmp_path / "a.png")
    square = np.zeros((3, 16, 16), np.uint8)
    facts = worker.read_one(IngestTask(5, str(tmp_path / "a.png")), square, None)
    assert (facts.image_id, facts.reason, facts.width, facts.height, facts.is_grey) == (5, "", 40, 30, False)
    assert (square == np.array([9, 99, 199])[:, None, None]).all()
    gone = worker.read_one(IngestTask(6, str(tmp_path / "b.png")), square, None)
    assert (gone.reason, gone.quick_hash, gone.thumb) == ("is gone", None, b"")
