"""Options that several commands share, declared once: those of training, for every command that trains, and a few small ones."""

import functools
import inspect
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from iic_studio.config import (
    DEFAULT_CLUSTERS,
    PIXEL_DEFAULTS,
    PIXEL_PRESET,
    PRETRAINED,
    Balance,
    Device,
    Inputs,
    Method,
    TrainSettings,
    load_preset,
    pixel_settings,
    preset_names,
)
from iic_studio.errors import UsageError

DownloadOption = Annotated[
    bool, typer.Option("--download", help="Fetch the encoder's weights if they are not on this machine, without asking.")
]
ProjectArgument = Annotated[Path, typer.Argument(help="Project folder, ends in .iicproj.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One event a line on stdout, as JSON.")]
OnnxOption = Annotated[Path | None, typer.Option("--onnx", help="The model, with preprocessing.json, labels.txt and predict.py beside it.")]
HuggingFaceOption = Annotated[
    Path | None,
    typer.Option("--hugging-face", help="As --folders, with a metadata.csv, as Hugging Face's imagefolder reads it."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, errors only.")]

MinutesOption = Annotated[float | None, typer.Option(help="Budget in minutes of training; in steps if not given.")]
StepsOption = Annotated[
    int | None,
    typer.Option(
        help="Budget in optimiser steps; then the same seed gives the same clusters. If neither is given, steps for some minutes, by the "
        "images and the device."
    ),
]
BatchOption = Annotated[
    int | None, typer.Option(help="Images in each step, of pixels tiles; by the images, --clusters and the device if not given.")
]
ImageSizeOption = Annotated[
    int | None, typer.Option(help="Side in pixels of what the network sees; by the images, for pixels by the device, if not given.")
]
SubHeadsOption = Annotated[
    int | None,
    typer.Option(help="Parallel copies within each head; the one of lowest loss is used. Of images 5 if not given, for pmi 20."),
]
ShortSideOption = Annotated[
    int | None,
    typer.Option(help="For pixels: bring pictures to this short side first; the larger, the finer the detail; 0 leaves them as they are."),
]

# Settings that have another name than their option.
_FIELDS = {"heads": "head_schedule", "repeats": "num_repeats"}


def _preset_help(images: bool, pixels: bool) -> str:
    kinds = [", ".join(preset_names(task)) for task, is_meant in (("images", images), ("pixels", pixels)) if is_meant]
    default = ", for pixels ".join(["from the images"] * images + [PIXEL_PRESET] * pixels)
    return f"Kind of pictures: {'; for pixels '.join(kinds)}; a saved one, or a .toml file; {default} if not given."


def training_settings(
    preset: Annotated[str | None, typer.Option(help=_preset_help(images=True, pixels=False))] = None,
    method: Annotated[
        Method, typer.Option(help="iic, alone or with neighbours or a contrast; deepcluster; pmi on an encoder; auto: by the pictures.")
    ] = "auto",
    encoder: Annotated[
        str,
        typer.Option(
            help=f"Trunk of the network: small for a CPU; as in the paper vgg and resnet34, or paper for pixels. With weights of its own: "
            f"{', '.join(PRETRAINED)}, or timm:NAME."
        ),
    ] = "small",
    inputs: Annotated[Inputs, typer.Option(help="What the network sees: colours, grey, edges (sobel), or colours and edges.")] = "auto",
    weights: Annotated[
        Path | None, typer.Option(help="Weights to start from: model.safetensors of a run, or an encoder's .safetensors or .pth.")
    ] = None,
    clusters: Annotated[int, typer.Option(help="K, the number of clusters sought.")] = DEFAULT_CLUSTERS,
    overclusters: Annotated[
        int | None, typer.Option(help="Clusters of the overclustering head; 5 × K if not given, fewer for few images.")
    ] = None,
    heads: Annotated[str, typer.Option(help="both in every step, alternating by passes, or turns such as mmo: main, main, over.")] = "both",
    repeats: Annotated[
        int | None, typer.Option(help="Transformed copies of each image in a step; 2 with neighbours, else 1, if not given.")
    ] = None,
    marginal_weight: Annotated[float, typer.Option(help="Above 1 pushes to clusters of equal size, below 1 allows uneven ones.")] = 1.0,
    balance: Annotated[
        Balance, typer.Option(help="DeepCluster: groups weigh the same by sampling, by weights, or do not (none).")
    ] = "auto",
    extra: Annotated[Path | None, typer.Option(help="Folder of more images that teach the overclustering head only.")] = None,
    starts: Annotated[int, typer.Option(help="Short beginnings from different weights; the one of lowest loss goes on.")] = 1,
    sub_heads: SubHeadsOption = None,
    minutes: MinutesOption = None,
    steps: StepsOption = None,
    batch_size: BatchOption = None,
    image_size: ImageSizeOption = None,
    fine_tune: Annotated[bool, typer.Option("--fine-tune", help="For pixels: let a pretrained trunk learn too.")] = False,
    displacement: Annotated[
        int | None, typer.Option(help="For pixels: how far apart pixels of a pair may lie, in cells of the network's map of 2 × 2 pixels.")
    ] = None,
    short_side: ShortSideOption = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
) -> TrainSettings:
    """The training options, declared once for every command that trains."""
    values: dict[str, Any] = {_FIELDS.get(name, name): value for name, value in locals().items()}
    for name, value in values.items():
        values[name] = str(value) if isinstance(value, Path) else value
    _check_there(weights, extra)
    return TrainSettings(**values)


def _check_there(weights: Path | None, extra: Path | None) -> None:
    """What is named is told to be missing before the pictures are read, which may take long."""
    if weights is not None and not weights.is_file():
        raise UsageError(f"There is no file {weights}.", "Name a file with weights after --weights.")
    if extra is not None and not extra.is_dir():
        raise UsageError(f"There is no folder {extra}.", "Name a folder of images after --extra.")


def with_training_options(
    is_pixels: Callable[[dict[str, Any]], bool] | bool = False,
    *,
    defaults: Callable[[dict[str, Any]], dict[str, Any]] = lambda _: {},
    prepare: Callable[[TrainSettings, bool], None] = lambda *_: None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Replace a command's parameter `settings` by the options of `training_settings`.

    Args:
        is_pixels: whether pixels are clustered, which has defaults and presets of its own; or what says so from the command's other values.
        defaults: of the command with these other values, where it clusters pixels and nobody gave something else.
        prepare: called before the command with the settings, and whether something may be fetched unasked.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [item for item in inspect.signature(command).parameters.values() if item.name != "settings"]
        shared = [_for_task(item, is_pixels) for item in inspect.signature(training_settings).parameters.values()]
        download = inspect.Parameter("download", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation=DownloadOption)

        @functools.wraps(command)
        def with_options(context: typer.Context, **values: Any) -> None:
            asked, may_download = {item.name: values.pop(item.name) for item in shared}, values.pop("download")
            settings = training_settings(**asked)
            if is_pixels if isinstance(is_pixels, bool) else is_pixels(values):
                settings = _for_pixels(settings, _given(context, list(asked)), defaults(values))
            elif settings.preset is not None:
                load_preset(settings.preset)  # a wrong name is told before the pictures are read, which may take long
            prepare(settings, may_download)
            command(settings=settings, **values)

        first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
        parameters = [first, *sorted([*own, *shared, download], key=lambda item: item.default is not inspect.Parameter.empty)]
        with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # typer reads it
        hints = typing.get_type_hints(command, include_extras=True)
        with_options.__annotations__ = {"context": typer.Context, "download": DownloadOption}
        with_options.__annotations__ |= {item.name: hints[item.name] for item in own} | {item.name: item.annotation for item in shared}
        return with_options

    return decorate


def _for_task(option: inspect.Parameter, is_pixels: Callable[[dict[str, Any]], bool] | bool) -> inspect.Parameter:
    """An option of training whose help tells the presets and defaults of the task; of both where the task is not known before."""
    if is_pixels is False:
        return option
    default, told = PIXEL_DEFAULTS.get(option.name, option.default), option.annotation.__metadata__[0]
    kind = typing.get_args(option.annotation)[0]
    if option.name == "preset":
        return option.replace(annotation=Annotated[kind, typer.Option(help=_preset_help(images=is_pixels is not True, pixels=True))])
    if default == option.default:
        return option
    if is_pixels is True:
        return option.replace(default=default)
    shown = f"{option.default}; for pixels {default}" if option.default is not None else f"for pixels {default}"
    return option.replace(annotation=Annotated[kind, typer.Option(help=told.help, show_default=shown)])


def _given(context: typer.Context, options: list[str]) -> list[str]:
    """Which of some options a person wrote on the command line."""
    sources = {name: context.get_parameter_source(name) for name in options}
    return [name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]


def _for_pixels(settings: TrainSettings, given: list[str], defaults: dict[str, Any]) -> TrainSettings:
    """Settings for pixels with what a person gave, and only that, before what the command would have."""
    return pixel_settings(**defaults | {field: getattr(settings, field) for field in (_FIELDS.get(name, name) for name in given)})
