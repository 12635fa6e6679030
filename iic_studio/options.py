"""The training options of the command line, declared once for every command that trains."""

import functools
import inspect
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from iic_studio.config import DEFAULT_CLUSTERS, Balance, Device, Encoder, Inputs, Method, TrainSettings, preset_names


def training_settings(
    preset: Annotated[
        str | None,
        typer.Option(help=f"Kind of pictures: {', '.join(preset_names())}, a saved one, or a .toml file; from the images if not given."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="iic, alone or with neighbours or a contrast; deepcluster; auto: by the pictures.")
    ] = "auto",
    encoder: Annotated[Encoder, typer.Option(help="Trunk of the network: small for a CPU, vgg and resnet34 as in the paper.")] = "small",
    inputs: Annotated[Inputs, typer.Option(help="What the network sees: colours, grey, edges (sobel), or colours and edges.")] = "auto",
    weights: Annotated[Path | None, typer.Option(help="Start from the trunk of a model this program trained (model.safetensors).")] = None,
    clusters: Annotated[int, typer.Option(help="K, the number of clusters sought.")] = DEFAULT_CLUSTERS,
    overclusters: Annotated[
        int | None, typer.Option(help="Clusters of the overclustering head; 5 × K if not given, fewer for few images.")
    ] = None,
    heads: Annotated[str, typer.Option(help="both in every step, alternating by passes, or turns such as mmo: main, main, over.")] = "both",
    repeats: Annotated[int, typer.Option(help="Transformed copies of each image in a step.")] = 1,
    marginal_weight: Annotated[float, typer.Option(help="Above 1 pushes to clusters of equal size, below 1 allows uneven ones.")] = 1.0,
    balance: Annotated[
        Balance, typer.Option(help="DeepCluster: groups weigh the same by sampling, by weights, or do not (none).")
    ] = "auto",
    extra: Annotated[Path | None, typer.Option(help="Folder of more images that teach the overclustering head only.")] = None,
    starts: Annotated[int, typer.Option(help="Short beginnings from different weights; the one of lowest loss goes on.")] = 1,
    sub_heads: Annotated[int, typer.Option(help="Parallel copies within each head; the one of lowest loss is used.")] = 5,
    minutes: Annotated[float | None, typer.Option(help="Budget in minutes of training.")] = None,
    steps: Annotated[int | None, typer.Option(help="Budget in optimiser steps; then the same seed gives the same clusters.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Pairs in each step.")] = None,
    image_size: Annotated[int | None, typer.Option(help="Side in pixels of what the network sees.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
) -> TrainSettings:
    """The training options, declared once for every command that trains."""
    return TrainSettings(
        preset=preset,
        method=method,
        encoder=encoder,
        inputs=inputs,
        head_schedule=heads,
        num_repeats=repeats,
        marginal_weight=marginal_weight,
        balance=balance,
        extra=None if extra is None else str(extra),
        starts=starts,
        weights=None if weights is None else str(weights),
        clusters=clusters,
        overclusters=overclusters,
        sub_heads=sub_heads,
        minutes=minutes,
        steps=steps,
        batch_size=batch_size,
        image_size=image_size,
        seed=seed,
        device=device,
    )


def with_training_options(command: Callable[..., None]) -> Callable[..., None]:
    """Replace a command's parameter `settings` by the options of `training_settings`."""
    own = [item for item in inspect.signature(command).parameters.values() if item.name != "settings"]
    shared = list(inspect.signature(training_settings).parameters.values())

    @functools.wraps(command)
    def with_options(**values: Any) -> None:
        settings = training_settings(**{item.name: values.pop(item.name) for item in shared})
        command(settings=settings, **values)

    parameters = sorted(own + shared, key=lambda item: item.default is not inspect.Parameter.empty)
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # typer reads it
    hints = typing.get_type_hints(command, include_extras=True) | typing.get_type_hints(training_settings, include_extras=True)
    with_options.__annotations__ = {item.name: hints[item.name] for item in parameters}
    return with_options
