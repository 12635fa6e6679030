"""The command `label`: labels in, classes and how right they are out. Beside `cli`, which registers it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from iic_studio.errors import EXIT_DONE, UsageError
from iic_studio.project.store import Project, project_in
from iic_studio.terminal import choose_output, follow
from iic_studio.tree_text import printable


def label(
    project: Annotated[Path, typer.Argument(help="Project folder, ends in .iicproj.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="CSV with the columns path,label.")] = None,
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

    names = [one.strip() for one in classes.split(",") if one.strip()]
    if classes and not names:
        raise UsageError("--classes names none.", "Write names with commas between.")
    request = jobs.LabelRequest(
        labels, from_folders, truth, names, tuple(corrections or ()), method, prior, fine_tune, next_count, queue, seed
    )
    with Project.open(project_in(project), writable=request.writes) as opened:
        ending = follow(jobs.label(opened, request), choose_output(as_json=False, quiet=as_json))
    if ending.exit_code == EXIT_DONE:
        text = json.dumps(ending.summary) if as_json else printable(label_text(ending.summary), sys.stdout.encoding)
        print(text)  # noqa: T201
    raise typer.Exit(ending.exit_code)
