"""The command line: each command is one job; its events become a progress bar or JSON lines, its end the exit code.

Data goes to stdout, progress and messages to stderr. Torch and Qt are imported by the command that needs them.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from iic_studio import __version__, paths
from iic_studio.command_group import Commands
from iic_studio.compare_commands import baselines, stability
from iic_studio.config import SCENES_DEFAULTS, Device, Link, TrainSettings, pixel_settings
from iic_studio.errors import EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, StudioError, UsageError
from iic_studio.options import HuggingFaceOption, JsonOption, OnnxOption, ProjectArgument, QuietOption
from iic_studio.project.store import Project, project_in
from iic_studio.project_commands import clusters, duplicates, edits, evaluate, label, map_, runs
from iic_studio.terminal import choose_output, follow, print_data, print_failure, say
from iic_studio.weights_question import with_training_options

app = typer.Typer(
    name="iic-studio",
    cls=Commands,
    help="Find structure in a folder of unlabelled images by Invariant Information Clustering, trained on your own machine. "
    "Without a command: the window.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some files could not be read, 130 interrupted (a checkpoint is saved "
    "first).",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sample = Literal["digits", "scenes"]

FolderArgument = Annotated[Path, typer.Argument(help="Folder of images, searched with its sub-folders.")]
ProjectOption = Annotated[
    Path | None, typer.Option("--project", help="Project folder; by default one per folder of images, in your data directory.")
]
CsvOption = Annotated[Path, typer.Option("--csv", help="Table to write; a .meta.json is written beside it.")]
ProbabilitiesOption = Annotated[bool, typer.Option("--probabilities", help="Add a column p_0 … for each cluster.")]
OptionalCsvOption = Annotated[Path | None, typer.Option("--csv", help="Table to write; a .meta.json is written beside it.")]
OptionalMasksOption = Annotated[Path | None, typer.Option("--masks", help="New folder for the masks of a project trained on pixels.")]
MasksOption = Annotated[Path, typer.Option("--masks", help="New folder for the masks, one indexed PNG for each image.")]
MaskProbabilitiesOption = Annotated[
    bool, typer.Option("--probabilities", help="Beside each mask the probabilities (TIFF, a page for each cluster) and the entropy (PNG).")
]
AlsoOption = Annotated[
    list[str] | None,
    typer.Option("--also", help="Another form of the masks, may be repeated: labels (TIFF with 16 bits), overlay (PNG), coco (JSON)."),
]
ByClassOption = Annotated[
    bool, typer.Option("--by-class", help="Masks and report by the classes that labelled pixels make of the clusters.")
]


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 done but some files unreadable, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        app(args=given, obj=given, prog_name="iic-studio")
    except StudioError as error:
        say(str(error))
        print_failure(given, error.message, error.hint, error.exit_code)
        return error.exit_code
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_FAILED
    return EXIT_DONE


def leave(exit_code: int) -> NoReturn:
    """End a command with an exit code."""
    raise typer.Exit(exit_code)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Without a command: the window with its start page."""
    if version:
        print(f"iic-studio {__version__}")  # noqa: T201
        raise typer.Exit
    if context.invoked_subcommand is None:
        leave(_open_window(None))


@app.command("open")
def open_(target: Annotated[Path, typer.Argument(help="Folder of images or project.")]) -> None:
    """Open the window on a folder of images or a project."""
    if not target.exists():
        raise UsageError(f"There is no {target}.", "Name a folder of images or a project.")
    leave(_open_window(target))


@app.command()
@with_training_options()
def cluster(
    folder: FolderArgument,
    csv: CsvOption,
    settings: TrainSettings,
    project: ProjectOption = None,
    probabilities: ProbabilitiesOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find groups in a folder of images and write them to a CSV: index, train, assign, export in one go."""
    _require_folder(folder)
    from iic_studio import jobs

    _help_if_asked()
    with Project.open_or_create(project or paths.default_project_path(folder), folder) as opened:
        job = jobs.cluster(opened, settings, csv, probabilities=probabilities)
        leave(follow(job, choose_output(as_json=as_json, quiet=quiet)).exit_code)


@app.command()
@with_training_options(is_pixels=True)
def segment(
    folder: FolderArgument,
    masks: MasksOption,
    settings: TrainSettings,
    project: ProjectOption = None,
    probabilities: MaskProbabilitiesOption = False,
    also: AlsoOption = None,
    report: Annotated[Path | None, typer.Option("--report", help="One HTML file with pictures and their masks, areas and curves.")] = None,
    by_class: ByClassOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Give every pixel of a folder of images a cluster and write masks: index, train, predict, write in one go."""
    _require_folder(folder)
    from iic_studio import jobs

    _help_if_asked()
    with Project.open_or_create(project or paths.default_project_path(folder), folder) as opened:
        forms = jobs.mask_forms(also or [])
        job = jobs.segment(opened, settings, masks, probabilities=probabilities, forms=forms, report=report, by_class=by_class)
        leave(follow(job, choose_output(as_json=as_json, quiet=quiet)).exit_code)


@app.command()
@with_training_options(is_pixels=lambda values: bool(values["pixels"]))
def train(
    source: Annotated[Path, typer.Argument(help="Project, or a folder of images.")],
    settings: TrainSettings,
    project: ProjectOption = None,
    pixels: Annotated[bool, typer.Option("--pixels", help="Cluster pixels, as `segment` does.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Train a new run in a project; of a folder of images, in its project, which is made if need be."""
    from iic_studio import jobs

    _help_if_asked()
    with Project.open_or_create(project, source) if project else jobs.open_project(source) as opened:
        leave(follow(jobs.train(opened, settings), choose_output(as_json=as_json, quiet=quiet)).exit_code)


@app.command()
def resume(project: ProjectArgument, as_json: JsonOption = False, quiet: QuietOption = False) -> None:
    """Go on with a run that was stopped or cut off, from its last checkpoint."""
    from iic_studio import jobs

    _help_if_asked()
    with Project.open(project_in(project)) as opened:
        leave(follow(jobs.resume(opened), choose_output(as_json=as_json, quiet=quiet)).exit_code)


@app.command()
def assign(
    project: ProjectArgument,
    folder: FolderArgument,
    csv: OptionalCsvOption = None,
    masks: OptionalMasksOption = None,
    by_class: ByClassOption = False,
    probabilities: ProbabilitiesOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Apply a trained project to the images of another folder: a table, or masks if it was trained on pixels."""
    _require_folder(folder)
    _require_one(csv, masks)
    if by_class and masks is None:
        raise UsageError("Classes of pixels go into masks.", "Name a new folder after --masks, or leave out --by-class.")
    from iic_studio import jobs

    _help_if_asked()
    with Project.open(project_in(project)) as opened:
        if masks is not None:
            job = jobs.segment_more(opened, folder, masks, probabilities=probabilities, by_class=by_class)
        else:
            assert csv is not None
            job = jobs.assign(opened, folder, csv, probabilities=probabilities)
        leave(follow(job, choose_output(as_json=as_json, quiet=quiet)).exit_code)


for command in (evaluate, label, baselines, stability, clusters, edits, runs, duplicates):
    app.command()(command)
app.command("map")(map_)


@app.command()
def suggest(
    folder: FolderArgument,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print the sentence, its reason and the settings as one JSON object.")] = False,
) -> None:
    """Say in one sentence what to begin with in a folder: method, encoder, number of clusters, budget, and why."""
    _require_folder(folder)
    from iic_studio import jobs

    ending = follow(jobs.suggest(folder, device), choose_output(as_json=False, quiet=True), failure_as_json=as_json)
    if ending.exit_code == EXIT_DONE:
        found = ending.summary
        command = f"iic-studio cluster FOLDER --csv OUT.csv {' '.join(found['options'])}"
        print_data(found, lambda: "\n".join(filter(None, (found["sentence"], found["unreadable"], command))), as_json=as_json)
    leave(ending.exit_code)


@app.command()
def export(
    project: ProjectArgument,
    csv: Annotated[Path | None, typer.Option("--csv", help="Table; a .meta.json is written beside it.")] = None,
    jsonl: Annotated[Path | None, typer.Option("--jsonl", help="JSON Lines: the columns of the table; a .meta.json beside it.")] = None,
    folders: Annotated[Path | None, typer.Option("--folders", help="New folder that gets a folder with pictures for each cluster.")] = None,
    hugging_face: HuggingFaceOption = None,
    coco: Annotated[Path | None, typer.Option("--coco", help="COCO JSON: a category for each cluster, a box for each picture.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="One HTML file with pictures, curves and words.")] = None,
    masks: OptionalMasksOption = None,
    also: AlsoOption = None,
    by_class: ByClassOption = False,
    onnx: OnnxOption = None,
    link: Annotated[Link, typer.Option("--link", help="How pictures get into the folders.")] = "copy",
    clusters: Annotated[list[int] | None, typer.Option("--cluster", help="Only this cluster; may be given several times.")] = None,
    ids: Annotated[Path | None, typer.Option("--ids", help="Only the pictures in this file: a path or an id on each line.")] = None,
    probabilities: ProbabilitiesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, write nothing.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take the newest clusters of a project away, in one or more formats."""
    from iic_studio import jobs
    from iic_studio.export.request import ExportRequest
    from iic_studio.export.words import planned_words

    _check_targets(bool(also), masks, link, folders or hugging_face)
    with Project.open(project_in(project), writable=False) as opened:
        request = ExportRequest(
            csv=csv,
            jsonl=jsonl,
            coco=coco,
            report=report,
            onnx=onnx,
            hugging_face=hugging_face,
            folders=folders,
            masks=masks,
            also=jobs.mask_forms(also or []),
            by_class=by_class,
            link=link,
            probabilities=probabilities,
            clusters=tuple(clusters) if clusters else None,
            image_ids=None if ids is None else jobs.listed_ids(opened, ids),
            dry_run=dry_run,
        )
        ending = follow(jobs.export(opened, request), choose_output(as_json=as_json, quiet=quiet))
    if dry_run and not as_json:
        for record in ending.summary.get("planned", []):
            print(planned_words(record))  # noqa: T201
    leave(ending.exit_code)


@app.command()
@with_training_options(is_pixels=lambda values: values["sample"] == "scenes", defaults=lambda _: SCENES_DEFAULTS)
def demo(
    settings: TrainSettings,
    sample: Annotated[Sample, typer.Argument(help="Which pictures.")] = "digits",
    headless: Annotated[bool, typer.Option("--headless", help="In the terminal, without a window.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the sample, the project and the CSV or the masks.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """The whole job on handwritten digits, or pixels of two photographs, that come with scikit-learn; nothing is downloaded."""
    if not headless and _has_display():
        if as_json:
            raise UsageError("--json is for the demonstration in the terminal.", "Add --headless.")
        usual = pixel_settings(**SCENES_DEFAULTS) if sample == "scenes" else TrainSettings()
        leave(_open_window(None, demo=sample, place=out, settings=None if settings == usual else settings))
    if not headless:
        say("There is no display here, so the demonstration runs in the terminal.")
    from iic_studio import jobs

    job = (jobs.demo_scenes if sample == "scenes" else jobs.demo)(out or paths.data_dir() / "demo", settings)
    leave(follow(job, choose_output(as_json=as_json, quiet=quiet)).exit_code)


@app.command()
def reproduce(
    row: Annotated[
        str,
        typer.Argument(help="mnist, cifar10, stl10-no-repeats, overclustering, coco-stuff-3, potsdam-6 …; a wrong name lists them all."),
    ],
    data: Annotated[Path, typer.Option(help="Folder of the data set as it was published, or an .npz with x_train, y_train, ….")],
    budget: Annotated[
        Literal["quick", "full"], typer.Option(help="quick: minutes; full: the paper's training, for a GPU and patience.")
    ] = "quick",
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
    steps: Annotated[int | None, typer.Option(help="Optimiser steps, instead of the budget's.")] = None,
    all_pixels: Annotated[
        bool, typer.Option("--all-pixels", help="COCO-Stuff: pixels of other classes train too; the paper left them out by their labels.")
    ] = False,
    labels: Annotated[str, typer.Option(help="Of overclustering: shares of the labels, as 1%,10%,100%.")] = "",
    clusters: Annotated[str, typer.Option(help="Of overclustering: numbers of clusters, with commas between.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Repeat a row of the IIC paper's tables and print its score beside the paper's."""
    from iic_studio import jobs

    if row == jobs.OVERCLUSTERING:
        if all_pixels:
            raise UsageError(f"The row {row} is of whole images.", "Use --all-pixels with a row of pixels, such as coco-stuff-3.")
        shares = jobs.read_shares(labels)
        counts = jobs.read_counts(clusters)
        job = jobs.reproduce_overclustering(data, shares=shares, clusters=counts, budget=budget, seed=seed, device=device, steps=steps)
    elif labels or clusters:
        raise UsageError(f"The row {row} has no curve.", "Use --labels and --clusters with the row overclustering.")
    else:
        job = jobs.reproduce_row(row, data, budget=budget, seed=seed, device=device, steps=steps, all_pixels=all_pixels)
    ending = follow(job, choose_output(as_json=False, quiet=quiet), failure_as_json=as_json)
    if ending.exit_code == EXIT_DONE:
        print_data(ending.summary, lambda: jobs.table_of(ending.summary), as_json=as_json)
    leave(ending.exit_code)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False) -> None:
    """Say what is installed, which device is used, what is wrong and how to mend it."""
    from iic_studio.doctor import collect

    findings = collect()
    if as_json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))  # noqa: T201
    else:
        marks = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}
        for finding in findings:
            print(f"{marks[finding.state]}  {finding.name}: {finding.value}")  # noqa: T201
            if finding.hint:
                print(f"         {finding.hint}")  # noqa: T201
    leave(EXIT_FAILED if any(finding.state == "problem" for finding in findings) else EXIT_DONE)


def _help_if_asked() -> None:
    """End here with a share of the work when `torchrun` started this process beside another one that runs the job."""
    from iic_studio import jobs

    if jobs.is_helper():
        jobs.help_out()
        leave(EXIT_DONE)


def _open_window(target: Path | None, *, demo: str = "", place: Path | None = None, settings: TrainSettings | None = None) -> int:
    if not _has_display():
        raise StudioError("There is no display here, so no window can be opened.", "Use `iic-studio cluster FOLDER --csv OUT.csv`.")
    from iic_studio.gui.app import run

    return run(target, demo=demo, place=place, settings=settings)


def _has_display() -> bool:
    """Whether a window can be shown; only Linux and the like can lack a display."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        what = f"{folder} is a file, not a folder." if folder.exists() else f"There is no folder {folder}."
        raise UsageError(what, "Name the folder that holds your images.")


def _check_targets(has_forms: bool, masks: Path | None, link: Link, folders: Path | None) -> None:
    if has_forms and masks is None:
        raise UsageError("--also is for masks.", "Name a new folder after --masks, or leave it out.")
    if link != "copy" and folders is None:
        raise UsageError("--link is for folders of pictures.", "Name a new folder after --folders, or leave it out.")


def _require_one(csv: Path | None, masks: Path | None) -> None:
    if (csv is None) == (masks is None):
        raise UsageError("Say what to write: --csv or --masks.", "Give one of them.")
