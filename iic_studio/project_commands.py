"""Commands that look at what a project holds, judge it or name it: evaluate, label, clusters, map, edits, runs, duplicates.

Beside `cli`, which registers them.
"""

import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from iic_studio.errors import EXIT_DONE, EXIT_SOME_UNREADABLE, UsageError
from iic_studio.options import JsonOption, ProjectArgument, QuietOption
from iic_studio.project.store import Project, project_in
from iic_studio.terminal import choose_output, follow, print_data, say
from iic_studio.tree_text import clusters_text, printable
from iic_studio.words import counted


def evaluate(
    source: Annotated[Path, typer.Argument(help="Project, a CSV with the columns path,cluster, or a folder of masks.")],
    labels: Annotated[Path, typer.Option(help="CSV with the columns path,label; or a folder of true masks.")],
    ignore: Annotated[list[int] | None, typer.Option(help="Id of pixels in true masks that do not count; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as one JSON object.")] = False,
) -> None:
    """Score clusters or masks against labels that training never saw."""
    from iic_studio import jobs

    if ignore and not labels.is_dir():
        raise UsageError("--ignore is for true masks.", "Name their folder after --labels, or leave it out.")
    job = jobs.evaluate_masks(source, labels, tuple(ignore or [])) if labels.is_dir() else jobs.evaluate(source, labels)
    ending = follow(job, choose_output(as_json=False, quiet=as_json), failure_as_json=as_json)
    if ending.exit_code in (EXIT_DONE, EXIT_SOME_UNREADABLE):
        print_data(ending.summary, lambda: _record_text(ending.summary), as_json=as_json)
    raise typer.Exit(ending.exit_code)


def clusters(
    project: ProjectArgument,
    run: Annotated[str | None, typer.Option("--run", help="Id of the run; the newest finished one if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
) -> None:
    """Say which clusters are used, how they merge, and how many there seem to be."""
    from iic_studio import jobs

    with Project.open(project_in(project), writable=False) as opened:
        ending = follow(jobs.clusters(opened, run), choose_output(as_json=False, quiet=True), failure_as_json=as_json)
    if ending.exit_code == EXIT_DONE:
        print_data(ending.summary, lambda: clusters_text(ending.summary), as_json=as_json)
    raise typer.Exit(ending.exit_code)


def map_(
    project: ProjectArgument,
    of: Annotated[
        Literal["features", "probabilities"],
        typer.Option(help="Compare images by the network's features, or by all sub-heads' probabilities."),
    ] = "features",
    method: Annotated[Literal["umap", "pca"], typer.Option(help="umap, or pca alone, which is quick.")] = "umap",
    csv: Annotated[Path | None, typer.Option("--csv", help="Table to write, with the columns path,x,y.")] = None,
    run: Annotated[str | None, typer.Option("--run", help="Id of the run; the newest finished one if not given.")] = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Make the map again; otherwise only new images are placed on it.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Lay the images out on a plane, like beside like; the map is kept with the run and shown in the window."""
    from iic_studio import jobs

    with Project.open(project_in(project)) as opened:
        job = jobs.make_map(opened, of=of, method=method, run=run, afresh=afresh, target=csv)
        raise typer.Exit(follow(job, choose_output(as_json=as_json, quiet=quiet)).exit_code)


def edits(
    project: ProjectArgument,
    undo: Annotated[int, typer.Option("--undo", min=0, help="Take so many edits back.")] = 0,
    redo: Annotated[int, typer.Option("--redo", min=0, help="Do so many of those again that were undone.")] = 0,
    accept: Annotated[bool, typer.Option("--accept", help="Accept the newest run for all clusters.")] = False,
) -> None:
    """List what people changed in a project, the newest last; undo or redo it, or accept a new run."""
    if (undo > 0) + (redo > 0) + accept > 1:
        raise UsageError("Only one of --undo, --redo and --accept can be done at a time.", "Leave out the others.")
    from iic_studio.curation import Curator, accept_newest

    with Project.open(project_in(project), writable=bool(undo or redo or accept)) as opened:
        curator = Curator.of(opened)
        if accept:
            say(accept_newest(opened, curator))
        for step, words, none, times in ((curator.undo, "Undone", "undo", undo), (curator.redo, "Done again", "redo", redo)):
            for number in range(times):
                sentence = step()
                if not sentence:
                    say(f"There is {'nothing more' if number else 'nothing'} to {none}.")
                    break
                say(f"{words}: {sentence}")
        entries = opened.edits.entries()
        if not entries:
            say("Nobody has changed anything in this project yet.")
        for entry in entries:
            moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.created))
            print(printable(f"{moment}  {entry.sentence}{'  (undone)' if entry.undone else ''}", sys.stdout.encoding))  # noqa: T201


def runs(
    project: ProjectArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print the runs as one JSON list.")] = False,
) -> None:
    """List the runs of a project: settings that differ from the defaults, seed, loss, information."""
    from iic_studio import jobs

    with Project.open(project_in(project), writable=False) as opened:
        found = jobs.runs(opened)
    print_data(found, lambda: jobs.runs_table(found), as_json=as_json)


def duplicates(
    project: ProjectArgument,
    csv: Annotated[Path | None, typer.Option("--csv", help="Table to write: group, path, width, height.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find groups of pictures that are nearly the same: saved again, scaled, or a little brighter."""
    from iic_studio import jobs

    with Project.open(project_in(project)) as opened:
        ending = follow(jobs.duplicates(opened, csv), choose_output(as_json=as_json, quiet=quiet))
    found = ending.summary
    if found and not as_json:
        groups, pictures = counted(found["num_groups"], "groups"), counted(found["num_in_groups"], "pictures")
        words = f"{groups} with {pictures}; {found['num_to_spare']:,} could go."
        print(words if found["num_groups"] else "No two pictures are nearly the same.")  # noqa: T201
    raise typer.Exit(ending.exit_code)


def label(
    project: ProjectArgument,
    labels: Annotated[Path | None, typer.Option("--labels", help="CSV with the columns path,label; of pixels path,x,y,label.")] = None,
    from_folders: Annotated[bool, typer.Option("--from-folders", help="Take the folder a picture lies in for its label.")] = False,
    truth: Annotated[bool, typer.Option("--truth", help="The labels only judge; nothing learns from them.")] = False,
    classes: Annotated[str, typer.Option("--classes", help="Names with commas between; label files may then name no others.")] = "",
    corrections: Annotated[
        list[str] | None, typer.Option("--correct", help="Map a cluster by hand, as 3=cat; 3= lets the labels decide again.")
    ] = None,
    method: Annotated[
        str | None,
        typer.Option("--map", help="auto, bayes-both, bayes, many-to-one, one-to-one, overclusters, or what --fine-tune learned."),
    ] = None,
    prior: Annotated[str | None, typer.Option("--prior", help="Of the classes: even, or labels for as often as each was labelled.")] = None,
    fine_tune: Annotated[
        bool, typer.Option("--fine-tune", help="Also train on the labels, compare by cross-validation, use what is best.")
    ] = False,
    consistency: Annotated[
        float,
        typer.Option(
            min=0, help="With --fine-tune: also learn from the other pictures, which count so much beside the labels; 1 is a good start."
        ),
    ] = 0.0,
    next_count: Annotated[int, typer.Option("--next", min=0, help="List so many pictures to label next, with the reason for each.")] = 0,
    queue: Annotated[
        Path | None, typer.Option("--queue", help="Table for the pictures of --next; fill in its labels and give it back with --labels.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
) -> None:
    """Turn clusters into classes by a few labels, and say how right the classes are. Without options: how things stand."""
    from iic_studio import jobs
    from iic_studio.jobs.label_words import label_text
    from iic_studio.jobs.pixel_label_words import pixel_label_text

    names = [one.strip() for one in classes.split(",") if one.strip()]
    if classes and not names:
        raise UsageError("--classes names none.", "Write names with commas between.")
    request = jobs.LabelRequest(
        labels, from_folders, truth, names, tuple(corrections or ()), method, prior, fine_tune, next_count, queue, seed, consistency
    )
    with Project.open(project_in(project), writable=request.writes) as opened:
        ending = follow(jobs.label(opened, request), choose_output(as_json=False, quiet=as_json), failure_as_json=as_json)
    if ending.exit_code == EXIT_DONE:
        text = pixel_label_text if ending.summary.get("of") == "pixels" else label_text
        print_data(ending.summary, lambda: text(ending.summary), as_json=as_json)
    raise typer.Exit(ending.exit_code)


def _record_text(record: dict[str, Any]) -> str:
    return "\n".join(f"{name:<22} {value:.4f}" if isinstance(value, float) else f"{name:<22} {value}" for name, value in record.items())
