"""What rows of whole images and of pixels have in common: a folder for the run, its training, and what is told of it."""

import contextlib
import hashlib
import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from iic_studio import __version__, paths
from iic_studio.config import TrainSettings
from iic_studio.errors import ProjectError, StudioError
from iic_studio.events import Event, WarningRaised
from iic_studio.iic.networks import MAIN
from iic_studio.jobs.training import training_threads
from iic_studio.project.disk import lock_folder
from iic_studio.records import Assignments
from iic_studio.training.checkpoint import has_checkpoint
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.trainer import TrainingData, TrainingResult, train
from iic_studio.words import counted, duration

Lines = list[tuple[str, str]]


@contextlib.contextmanager
def row_folder(row: str, planned: TrainSettings, facts: list[Any], content: npt.NDArray[np.uint8] | None = None) -> Iterator[Path]:
    """A folder for this row with these settings on these images, for one process at a time.

    Args:
        facts: plain values that tell the images apart, and what is done with them.
        content: the images themselves, where the facts do not tell them apart.

    Raises:
        StudioError: another process has it.
    """
    digest = hashlib.blake2b(json.dumps([__version__, planned.as_dict(), *facts]).encode(), digest_size=6)
    if content is not None:
        digest.update(content.data)
    folder = paths.data_dir() / "reproduce" / f"{row}-{digest.hexdigest()}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = lock_folder(folder)
    except ProjectError as error:
        raise StudioError(f"The row {row} is being trained like this by another IIC Studio.", "Wait, or give another --seed.") from error
    try:
        yield folder
    finally:
        lock.release()


def train_row(data: TrainingData, planned: TrainSettings, folder: Path) -> Generator[Event, None, TrainingResult]:
    """Train, or go on with what lies in the folder."""
    on_cpu = planned.device == "cpu"
    if on_cpu:
        torch.set_num_threads(training_threads())
    resume = has_checkpoint(folder)
    if resume:
        yield WarningRaised(message="Going on with the run of this row that was interrupted.")
    with freed_memory_kept() if on_cpu else contextlib.nullcontext():
        for item in train(data, planned, folder, resume=resume):
            if isinstance(item, TrainingResult):
                return item
            if not isinstance(item, Assignments):
                yield item
    raise AssertionError("training ends with its result")


def run_facts(planned: TrainSettings, result: TrainingResult) -> dict[str, Any]:
    """What the summary of a row says of its run."""
    return {
        "settings": planned.as_dict(),
        "seed": planned.seed,
        "device": planned.device,
        "steps": result.joints.step,
        "ended_at_plateau": result.ended_at_plateau,
        "training_s": result.elapsed_s,
        "sub_head_losses": result.losses[MAIN],
        "sub_head": result.assignments.sub_head,
    }


def run_lines(summary: dict[str, Any], shown: tuple[str, ...]) -> Lines:
    """The same for people, with the settings of these names."""
    settings, early = summary["settings"], " (nothing new was learned)" if summary["ended_at_plateau"] else ""
    steps, length = counted(summary["steps"], "steps"), duration(summary["training_s"])
    took = f"{steps}{early} in {length} on {summary['device']}, seed {summary['seed']}"
    return [("training", took), ("settings", ", ".join(f"{name} {settings[name]}" for name in shown if name in settings))]


def as_columns(lines: Lines) -> str:
    """Names and values, one pair a line."""
    return "\n".join(f"{name:<24}{value}" for name, value in lines)
