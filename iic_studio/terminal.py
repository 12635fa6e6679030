"""Events in a terminal: a progress bar for people, JSON lines for programs, an exit code for scripts.

Ctrl-C and SIGTERM close the job between two events, so that it can save a checkpoint; a second Ctrl-C does not wait.
"""

import contextlib
import json
import shlex
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from iic_studio import events
from iic_studio.config import TrainSettings
from iic_studio.errors import EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_SOME_UNREADABLE
from iic_studio.events import (
    DiagnosisChanged,
    Event,
    ProgressMade,
    RunFailed,
    RunFinished,
    RunStarted,
    SettingsChosen,
    StartTried,
    StepsFinished,
    WarningRaised,
)
from iic_studio.tree_text import printable
from iic_studio.words import METHODS, STAGES, counted, duration, file_size

_PLAIN_INTERVAL_S = 15.0


class Output(Protocol):
    """Shows events as they come."""

    def show(self, event: Event) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Ending:
    """How a job ended."""

    exit_code: int
    summary: dict[str, Any] = field(default_factory=dict)


def choose_output(*, as_json: bool, quiet: bool) -> Output:
    """The output for the options `--json` and `--quiet`."""
    if as_json:
        return JsonLines()
    return ErrorsOnly() if quiet else ProgressBar()


def follow(job: Iterator[Event], output: Output, *, failure_as_json: bool = False) -> Ending:
    """Run a job to its end, show its events, obey signals.

    Args:
        failure_as_json: a failure is also a JSON event on stdout, for commands whose `--json` prints one object and no events.
    """
    ending, go_on = Ending(EXIT_FAILED), ""
    with _Signals() as signals, contextlib.closing(output):
        for event in job:
            output.show(event)
            if isinstance(event, RunStarted):
                go_on = _how_to_go_on(event)
            elif isinstance(event, RunFinished):
                ending = Ending(EXIT_SOME_UNREADABLE if event.num_problems else EXIT_DONE, event.summary)
            elif isinstance(event, RunFailed):
                ending = Ending(event.exit_code)
                if failure_as_json:
                    _print_event(event)
            if signals.received and not isinstance(event, RunFinished | RunFailed):
                if isinstance(job, Generator):
                    job.close()
                say(f"Stopped. {go_on}")
                return Ending(EXIT_INTERRUPTED)
    return ending


def _how_to_go_on(started: RunStarted) -> str:
    if started.run:
        return f"What was learned is saved; go on with: iic-studio resume {shlex.quote(started.project or 'PROJECT')}"
    return "Give the same command again to go on."


def say(message: str) -> None:
    """A sentence on stderr."""
    Console(stderr=True, soft_wrap=True).print(Text(message))


def print_data(record: Any, text: Callable[[], str], *, as_json: bool) -> None:
    """The findings of a command on stdout: as JSON, or as text in characters that stdout has."""
    print(json.dumps(record) if as_json else printable(text(), sys.stdout.encoding))  # noqa: T201


def print_failure(arguments: list[str], message: str, hint: str, exit_code: int) -> None:
    """A command that ended before it had a job, as the JSON event that `--json` promises; nothing without that option."""
    if "--json" in arguments:
        _print_event(RunFailed(run="", job=arguments[0], message=message, hint=hint, exit_code=exit_code))


def _print_event(event: Event) -> None:
    sys.stdout.write(events.to_json(event) + "\n")
    sys.stdout.flush()


class ErrorsOnly:
    """`--quiet`."""

    def show(self, event: Event) -> None:
        if isinstance(event, RunFailed):
            say(f"{event.message} {event.hint}".strip())

    def close(self) -> None:
        """Nothing is held."""


class JsonLines:
    """`--json`: each event a line on stdout; failures also as a sentence on stderr."""

    def show(self, event: Event) -> None:
        _print_event(event)
        if isinstance(event, RunFailed):
            say(f"{event.message} {event.hint}".strip())

    def close(self) -> None:
        """Nothing is held."""


class ProgressBar:
    """A bar on stderr; without a terminal, a plain line for each stage and every 15 seconds."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, soft_wrap=True)
        columns = (
            TextColumn("{task.description:<20}"),
            BarColumn(40),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[words]}"),
        )
        self._progress = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._progress.add_task("", words="", visible=False)
        self._stage = self._state = self._project = ""
        self._plain_at = 0.0
        self._progress.start()

    def show(self, event: Event) -> None:
        if isinstance(event, ProgressMade):
            self._advance(event.stage, event.done, event.total, _progress_words(event))
        elif isinstance(event, StepsFinished):
            self._advance("train", event.fraction_done, 1.0, _training_words(event))
        elif isinstance(event, RunStarted):
            self._project = event.project
        elif isinstance(event, DiagnosisChanged):
            # Its numbers are in the bar all the time; a line only when the state is another.
            if event.state != self._state:
                self._state = event.state
                self._tell(f"{event.message} {event.action}".strip())
        elif isinstance(event, WarningRaised):
            self._tell(f"{event.message} {event.hint}".strip(), style="yellow")
        elif isinstance(event, SettingsChosen):
            self._tell(_settings_words(event))
        elif isinstance(event, StartTried):
            best = ", the lowest so far" if event.is_best else ""
            self._tell(f"Beginning {event.start + 1} of {event.num_starts}: loss {event.loss:.3f}{best}.")
        elif isinstance(event, RunFailed):
            self._tell(f"{event.message} {event.hint}".strip(), style="red")
        elif isinstance(event, RunFinished):
            for line in result_words(event, self._project):
                self._tell(line)

    def close(self) -> None:
        self._progress.stop()

    def _advance(self, stage: str, done: float, total: float | None, words: str) -> None:
        now = time.monotonic()
        title = STAGES.get(stage, stage)
        self._progress.update(self._task, description=title, completed=done, total=total, words=words, visible=True)
        if not self._console.is_terminal and stage != self._stage:  # nothing is known yet of how fast it goes
            self._plain_at = now
            self._console.print(Text(f"{title}…"))
        elif not self._console.is_terminal and now - self._plain_at > _PLAIN_INTERVAL_S:
            self._plain_at = now
            share = f" {done / total:.0%}" if total else ""
            self._console.print(Text(f"{title}{share} {words}".rstrip()))
        self._stage = stage

    def _tell(self, words: str, style: str = "") -> None:
        self._progress.console.print(Text(words, style=style))


def _progress_words(event: ProgressMade) -> str:
    if event.total is None:
        return counted(event.done, event.unit)
    if event.unit == "bytes":
        left = f" · {duration(event.eta_s)} left" if event.eta_s else ""
        return f"{file_size(event.done)} of {file_size(event.total)}{left}"
    rate = f" · {event.rate_per_s:,.0f} {event.unit}/s" if event.rate_per_s else ""
    eta = f" · {duration(event.eta_s)} left" if event.eta_s else ""
    return f"{event.done:,.0f} of {counted(event.total, event.unit)}{rate}{eta}"


def _training_words(event: StepsFinished) -> str:
    eta = f" · {duration(event.eta_s)} left" if event.eta_s is not None else ""
    share = event.mutual_information / event.ceiling if event.ceiling else 0.0
    return f"step {event.step:,} · {event.images_per_s:,.0f} images/s · information {share:.0%} of its ceiling{eta}"


def _settings_words(event: SettingsChosen) -> str:
    chosen = event.settings
    budget = counted(chosen["steps"], "steps") if chosen.get("steps") else duration(60 * chosen["minutes"])
    seen = f"{chosen['image_size']} pixels"
    if TrainSettings.from_dict(chosen).is_pretrained:
        seen = f"encoder {chosen['encoder']}"
    return (
        f"{counted(event.num_images, 'images')}, {counted(chosen['clusters'], 'clusters')} "
        f"({counted(chosen['overclusters'], 'overclusters')}), "
        f"{budget} on {chosen['device']}, preset {chosen['preset']}, {seen}, seed {chosen['seed']}."
    )


def result_words(event: RunFinished, project: str = "") -> list[str]:
    """What a person wants to know at the end, as sentences; `project` is the path other commands want, if the job had one."""
    summary, lines = event.summary, []
    place = shlex.quote(project or "PROJECT")
    if event.job == "assign" and "masks" not in summary:
        lines.append(f"{counted(event.num_images, 'images')} assigned.")
    elif "cluster_sizes" in summary and "masks" not in summary:
        sizes = sorted(summary["cluster_sizes"], reverse=True)
        used = [size for size in sizes if size]
        spread = f" of {min(used):,} to {max(used):,}" if len(used) > 1 else ""
        images, clusters = counted(sum(sizes), "images"), counted(len(used), "clusters")
        lines.append(f"{images} in {clusters}{spread}, after {duration(summary['training_s'])}.")
        lines.append(
            f"Information {summary['mutual_information_share']:.0%} of its ceiling; "
            f"sub-heads agree on {summary['mean_agreement']:.0%} of the images."
        )
    if "kmeans_ari" in summary:
        lines.append(
            f"k-means on the same features makes groups with which these agree by an adjusted Rand index of {summary['kmeans_ari']:.2f}."
        )
    if "kmeans_accuracy_one_to_one" in summary:
        lines.append(
            f"Accuracy against the sample's labels: {METHODS[summary['method']].name} {summary['accuracy_one_to_one']:.1%}, "
            f"k-means on the same pixels {summary['kmeans_accuracy_one_to_one']:.1%}."
        )
    if "masks" in summary and event.job != "export":
        from iic_studio.export.words import masks_words

        lines.append(masks_words(summary))
        if "report" in summary:
            lines.append(f"Written: {summary['report']}.")
    if event.job in ("train", "resume"):
        pixels = summary.get("task") == "pixels"
        lines.append(
            f"Write the {'masks' if pixels else 'table'} with: iic-studio export {place} {'--masks DIR' if pixels else '--csv OUT.csv'}"
        )
    if event.job == "export":
        from iic_studio.export.words import done_words

        return done_words(summary)
    if "csv" in summary:
        lines.append(f"Written: {summary['csv']}" + (f" ({counted(summary['rows'], 'rows')})." if "rows" in summary else "."))
    if event.job in ("cluster", "segment", "demo") and project:
        lines.append(f"The project, for all other commands: {place}")
    if event.job == "map":
        how = f"{summary['method'].upper()} of the {summary['of']}"
        lines.append(f"{counted(event.num_images, 'images')} on the map ({how}), {summary['num_placed']:,} of them new.")
    if event.num_problems:
        lines.append(_problem_words(event))
    return lines


def _problem_words(event: RunFinished) -> str:
    """What went wrong with files, and where each is named: only jobs that write results leave a `.meta.json`."""
    files = counted(event.num_problems, "files")
    if event.job == "evaluate":
        return f"{files} could not be scored; the warnings above say why."
    place = "the .meta.json" if event.job in ("cluster", "segment", "assign", "demo") else "the project's list of problems"
    return f"{files} could not be read; {place} names each with its reason."


class _Signals:
    """Remembers the first Ctrl-C or SIGTERM; the second Ctrl-C interrupts at once."""

    def __init__(self) -> None:
        self.received = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "_Signals":
        for number in (signal.SIGINT, signal.SIGTERM):
            # Only the main thread may set handlers; elsewhere (tests, embedding) the caller closes the job.
            with contextlib.suppress(ValueError):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.received:
            raise KeyboardInterrupt
        self.received = True
