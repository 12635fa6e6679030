"""What every job has in common: one first and one last event, a log of the run, states that tell the truth after a crash.

A job is a generator of events. Its body yields events and returns an `Outcome`; `run_job` puts the frame around it. A person's mistake
(`StudioError`) becomes `RunFailed`; a bug is not caught. Closing the generator cancels.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from iic_studio import events
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, RunStarted, StepsFinished
from iic_studio.project.store import Project, disk_errors

TELL_INTERVAL_S = 0.1
_LOGGED_STEPS_INTERVAL_S = 1.0


@dataclass(frozen=True)
class Outcome:
    """What a job's body returns; becomes `RunFinished`."""

    num_images: int = 0
    num_problems: int = 0
    stopped_early: bool = False
    summary: dict[str, Any] = field(default_factory=dict)


JobBody = Generator[Event, None, Outcome]


def run_job(
    job: str, body: JobBody, *, project: Project | None = None, run: str = "", settings: TrainSettings | None = None
) -> Iterator[Event]:
    """Run a body between `RunStarted` and `RunFinished` or `RunFailed`.

    Args:
        job: name, as on the command line.
        body: does the work.
        project: where the run is kept; its state and `events.jsonl` follow the events.
        run: id of the training run, or empty for a job that trains nothing.
        settings: as asked for.
    """
    log = _RunLog(project.run_dir(run) / "events.jsonl") if project is not None and run else None
    started = time.monotonic()
    state = "stopped"
    place, device, asked = str(project.path) if project else "", settings.device if settings else "", settings.as_dict() if settings else {}
    try:
        yield _logged(log, RunStarted(run=run, job=job, project=place, device=device, settings=asked))
        try:
            with disk_errors("working"):
                outcome = yield from _logged_body(body, log)
        except StudioError as error:
            state = "failed"
            yield _logged(log, RunFailed(run=run, job=job, message=error.message, hint=error.hint, exit_code=error.exit_code))
        else:
            state = "finished"
            yield _logged(log, RunFinished(run=run, job=job, elapsed_s=time.monotonic() - started, **vars(outcome)))
    finally:
        body.close()
        if log is not None:
            log.close()
        if project is not None and run and project.writable:
            project.update_run(run, state=state)


def _logged_body(body: JobBody, log: "_RunLog | None") -> JobBody:
    while True:
        try:
            event = next(body)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return] # the value of a JobBody is an Outcome
        yield _logged(log, event)


def _logged(log: "_RunLog | None", event: Event) -> Event:
    if log is not None:
        log.add(event)
    return event


class _RunLog:
    """`events.jsonl` of a run: every event, but steps at most once a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self._last_steps = float("-inf")

    def add(self, event: Event) -> None:
        if isinstance(event, StepsFinished):
            if event.time - self._last_steps < _LOGGED_STEPS_INTERVAL_S:
                return
            self._last_steps = event.time
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a", encoding="utf-8")
        self._file.write(events.to_json(event) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Throttle:
    """Says yes at most ten times a second."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def is_due(self) -> bool:
        now = time.monotonic()
        if now - self._last < TELL_INTERVAL_S:
            return False
        self._last = now
        return True


class Pace:
    """Tells how far a stage is, how fast it goes and how long it still takes: ten times a second at most, and at its end."""

    def __init__(self, stage: str, total: int, unit: str = "images") -> None:
        self._stage, self._total, self._unit = stage, total, unit
        self._began, self._told = time.monotonic(), Throttle()

    def at(self, done: int) -> Iterator[ProgressMade]:
        """One event, or none when there was one just now."""
        if self._told.is_due() or done == self._total:
            rate = done / max(time.monotonic() - self._began, 1e-9)
            left = (self._total - done) / rate if done else None
            yield ProgressMade(stage=self._stage, done=done, total=self._total, unit=self._unit, rate_per_s=rate, eta_s=left)


def read_run_log(path: Path) -> list[Event]:
    """Events of a run's log, oldest first. Lines cut off by a crash and events of newer versions are left out."""
    if not path.is_file():
        return []
    found = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                event = events.from_json(line)
            except ValueError:
                continue
            if event is not None:
                found.append(event)
    return found
