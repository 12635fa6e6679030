"""Commands that put a result beside others: simple methods on the same images, the same method with other seeds. `cli` registers them."""

from pathlib import Path
from typing import Annotated

import typer

from iic_studio.errors import EXIT_DONE
from iic_studio.options import ProjectArgument, QuietOption
from iic_studio.project.store import Project, project_in
from iic_studio.terminal import choose_output, follow, print_data


def baselines(
    project: ProjectArgument,
    labels: Annotated[
        Path | None, typer.Option(help="CSV with the columns path,label; without it the labels that the project knows are used, if any.")
    ] = None,
    clusters: Annotated[
        int | None, typer.Option(help="K; the number of different labels if not given, without labels that of the newest run.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    steps: Annotated[int, typer.Option(min=1, help="Optimiser steps of each method that learns.")] = 1_000,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="Only this method, may be repeated: random-network, pixels (k-means on them), spectral, autoencoder, denoising, "
            "variational, dec.",
        ),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep each as a run of the project, to compare with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as one JSON object.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Run simple methods on the same images (k-means, spectral, autoencoders, DEC) and print accuracy, NMI, ARI and time of each."""
    from iic_studio import jobs

    with Project.open(project_in(project)) as opened:
        job = jobs.baselines(opened, labels, clusters=clusters, seed=seed, steps=steps, only=tuple(only or ()), keep=keep)
        ending = follow(job, choose_output(as_json=False, quiet=quiet or as_json), failure_as_json=as_json)
    if ending.exit_code == EXIT_DONE:
        print_data(ending.summary, lambda: jobs.baselines_table(ending.summary), as_json=as_json)
    raise typer.Exit(ending.exit_code)


def stability(
    project: ProjectArgument,
    run: Annotated[str | None, typer.Option("--run", help="Id of the run; the newest with clusters if not given.")] = None,
    runs: Annotated[
        int, typer.Option("--runs", min=0, help="Train with other seeds until there are so many other runs; 0 takes those that are there.")
    ] = 0,
    steps: Annotated[int | None, typer.Option(min=1, help="Optimiser steps of each of these; as many as the run had if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Say of each cluster in how many other runs, with the same settings and other seeds, it came back."""
    from iic_studio import jobs

    with Project.open(project_in(project), writable=runs > 0) as opened:
        ending = follow(
            jobs.stability(opened, run, runs=runs, steps=steps),
            choose_output(as_json=False, quiet=quiet or as_json),
            failure_as_json=as_json,
        )
    if ending.exit_code == EXIT_DONE:
        print_data(ending.summary, lambda: jobs.stability_text(ending.summary), as_json=as_json)
    raise typer.Exit(ending.exit_code)
