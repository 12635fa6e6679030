"""The ways that `bench_encoder` compares."""

import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import torch
import torchvision  # type: ignore[import-untyped]
from torch import Tensor

from iic_studio.images.ingest import usable_cores
from iic_studio.images.worker import Facts
from iic_studio.jobs.encoding import BATCH, NUM_VIEWS, look_through, scale_for, views_of
from iic_studio.jobs.indexing import index_folder
from iic_studio.jobs.pictures import pixels_of, read_pictures
from iic_studio.project.records import OK, ImageRow
from iic_studio.project.store import SUFFIX, Project
from iic_studio.training.encoders import AT_ONCE, Encoder, load_encoder


def measure(folder: Path, name: str, threads: int, rounds: int, device: str) -> None:
    """Make weights and a project of a folder, and print how long each way takes."""
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as place:
        weights = Path(place) / "weights.pth"
        torch.save(torchvision.models.get_model(name, weights=None).state_dict(), weights)
        encoder = load_encoder(name, weights, torch.device(device))
        with Project.create(Path(place) / f"pictures{SUFFIX}", folder) as project:
            for _ in index_folder(project):
                pass
            compare(project, encoder, rounds)


def compare(project: Project, encoder: Encoder, rounds: int) -> None:
    """Print the median of each way, and how the program stands to the bare forward pass."""
    rows = project.images(OK)
    views = [cut for _, cut in pictures_of(project, encoder, rows[: 4 * BATCH])]
    ways: dict[str, Callable[[], float]] = {
        "decoding alone": lambda: timed(lambda: list(read(project, encoder, rows))),
        "cutting alone": lambda: cutting(project, encoder, rows),
        "forward alone": lambda: forward(encoder, views, len(rows), AT_ONCE.get(encoder.device.type, BATCH * NUM_VIEWS)),
        "in large batches": lambda: forward(encoder, views, len(rows), BATCH * NUM_VIEWS),
        "program": lambda: timed(lambda: program(project, encoder, rows)),
    }
    forward(encoder, views, len(views), BATCH)  # whatever is made ready at the first call
    taken = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(way())
    seconds = {name: statistics.median(values) for name, values in taken.items()}
    precision = "bfloat16" if encoder.mixed_precision else "float32"
    print(
        f"{platform.machine()}, {usable_cores()} core(s), {torch.get_num_threads()} thread(s), torch {torch.__version__}, {encoder.device}"
    )
    print(f"{encoder.name}, {precision}, {len(rows)} pictures in {NUM_VIEWS} views of {encoder.preprocessing.size} pixels, {rounds} rounds")
    for name, value in seconds.items():
        spread = ", ".join(f"{one:.2f}" for one in sorted(taken[name]))
        print(
            f"  {name:<16} {value:7.2f} s   {1000 * value / len(rows):7.2f} ms a picture   {len(rows) / value:8.1f} pictures/s   ({spread})"
        )
    bare, both = seconds["forward alone"], seconds["forward alone"] + seconds["decoding alone"]
    print(
        f"  program at {bare / seconds['program']:.0%} of the speed of forward alone, {both / seconds['program']:.0%} of that of their sum"
    )


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def read(project: Project, encoder: Encoder, rows: list[ImageRow]) -> Generator[Facts, None, None]:
    """Every file at the encoder's size, from child processes."""
    return read_pictures(project, rows, scale_for(encoder.preprocessing), encoder.preprocessing.short_side)


def pictures_of(project: Project, encoder: Encoder, rows: list[ImageRow]) -> list[tuple[int, Tensor]]:
    """Ids and views of some pictures."""
    found = []
    for facts in read(project, encoder, rows):
        with pixels_of(facts) as planes:
            found.append((facts.image_id, views_of(planes, encoder.preprocessing, facts.image_id)))
    return found


def cutting(project: Project, encoder: Encoder, rows: list[ImageRow]) -> float:
    """Seconds to make the views of pictures in memory."""
    held = []
    for facts in read(project, encoder, rows):
        with pixels_of(facts) as planes:
            held.append((facts.image_id, planes.copy()))
    return timed(lambda: [views_of(planes, encoder.preprocessing, number) for number, planes in held])


@torch.inference_mode()
def forward(encoder: Encoder, views: list[Tensor], count: int, at_once: int) -> float:
    """Seconds of the bare network for the views of so many pictures, some of which come again, so many views at once."""
    known = torch.cat([(one.float() / 255 - 0.45).div_(0.225) for one in views]).to(encoder.device, memory_format=torch.channels_last)
    whole = [known[start : start + at_once] for start in range(0, len(known) - at_once + 1, at_once)]
    batches = [whole[number % len(whole)] for number in range(count * NUM_VIEWS // at_once)]
    with torch.autocast(encoder.device.type, torch.bfloat16, enabled=encoder.mixed_precision):
        return timed(lambda: [encoder.network(batch).float().cpu() for batch in batches])


def program(project: Project, encoder: Encoder, rows: list[ImageRow]) -> None:
    """The features of all pictures, none of which was looked at before."""
    shutil.rmtree(project.cache / "encoded", ignore_errors=True)
    for _ in look_through(project, encoder, rows):
        pass
