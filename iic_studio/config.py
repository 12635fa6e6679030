"""Settings of a run, declared once: defaults, ranges, plain-word errors, TOML presets.

`None` means "choose for me"; `training.plan` fills it in from the images and the device, and the filled-in settings are what is
recorded. Standard library only, so that a machine with torch and nothing else can train.
"""

import dataclasses
import json
import re
import tomllib
from dataclasses import dataclass, field
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, Self, get_args

from iic_studio.errors import StudioError, UsageError
from iic_studio.paths import config_dir, shipped

Method = Literal["auto", "iic", "iic+neighbours", "iic+contrast", "iic+contrast+neighbours", "deepcluster", "deepcluster-classic", "pmi"]
POINTWISE = "pmi"
Balance = Literal["auto", "none", "sampling", "weights"]
NeighboursBy = Literal["pixels", "features"]
Task = Literal["images", "pixels"]
Border = Literal["replicate", "zeros"]
Encoder = Literal["small", "vgg", "resnet34", "paper", "resnet18", "resnet50"]
# Networks that bring weights of their own: one of this program, torchvision's by name; behind the prefix any of timm's.
LITE = "efficientnet_lite0"
TIMM_PREFIX = "timm:"
PRETRAINED = (
    LITE,
    "resnet18",
    "resnet50",
    "resnet101",
    "efficientnet_b0",
    "efficientnet_v2_s",
    "convnext_tiny",
    "convnext_small",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "regnet_y_400mf",
    "swin_t",
    "vit_b_16",
    "vit_b_32",
)
Inputs = Literal["auto", "grey", "rgb", "sobel", "rgb+sobel", "all"]
Device = Literal["auto", "cpu", "cuda", "mps"]
MaskForm = Literal["labels", "overlay", "coco"]
Link = Literal["copy", "hard", "symbolic"]
DEFAULT_CLUSTERS = 10
PIXEL_PRESET = "street"
# What differs when pixels are clustered; the paper has one sub-head there.
PIXEL_DEFAULTS: dict[str, Any] = {"task": "pixels", "clusters": 5, "sub_heads": 1, "method": "iic"}
# What the demonstration on two photographs asks for: they share the clusters, and are looked at closely enough to tell walls from leaves.
SCENES_DEFAULTS: dict[str, Any] = {"clusters": 12, "short_side": 288}
OVERCLUSTER_FACTOR = 5
# Names of head schedules that are whole passes with one head after the other: m for the main head, o for the overclustering head.
_PASSES = {"both": "", "alternating": "mo"}

_MOST_PLAIN = 1e15


def _ranged(default: Any, low: float, high: float, words: str) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "words": words})


def _plain(number: float) -> str:
    """A number as people write it: no exponent for 100000, no trailing .0, and not three hundred digits."""
    is_whole = abs(number) < _MOST_PLAIN and number == int(number)
    return str(int(number)) if is_whole else f"{number:g}"


def _check_ranges(settings: Any) -> None:
    for item in dataclasses.fields(settings):
        value = getattr(settings, item.name)
        if item.type is bool and not isinstance(value, bool):
            raise UsageError(f"{item.name} must be true or false, not {value!r}.")
        if "low" not in item.metadata or (value is None and item.default is None):
            continue
        words, low, high = item.metadata["words"], item.metadata["low"], item.metadata["high"]
        whole = item.type in (int, int | None)
        if isinstance(value, bool) or not isinstance(value, Integral if whole else Real):
            raise UsageError(f"{words} must be a {'whole ' if whole else ''}number, not {value!r}.")
        if not low <= value <= high:
            given = str(value) if whole else _plain(float(value))
            raise UsageError(f"{words} must be between {_plain(low)} and {_plain(high)}, not {given}.")


@dataclass(frozen=True, kw_only=True)
class TransformSettings:
    """How the two images of a pair are made: each parameter is drawn anew for each image.

    Crops are shares of the side of the square that lies in the cache; x itself is cropped at `base_crop`, at a random place or, with
    `base_centre_probability`, in the middle. `crop_choices` replaces the range `crop_min` to `crop_max` by a few sizes of equal chance.
    `scale_min` to `scale_max` zooms about the centre of the crop, `stretch` changes width against height by a factor of up to
    1 + value, `elastic` bends: the typical shift, as a share of the side. Brightness, contrast and saturation draw a factor from
    1 ± value; hue a turn from ± value of the colour circle. Cutout blanks a square of `cutout_min` to `cutout_max` of the side.
    """

    base_crop: float = _ranged(0.8, 0.2, 1.0, "base_crop")
    base_centre_probability: float = _ranged(0.0, 0.0, 1.0, "base_centre_probability")
    crop_min: float = _ranged(0.6, 0.2, 1.0, "crop_min")
    crop_max: float = _ranged(1.0, 0.2, 1.0, "crop_max")
    crop_choices: tuple[float, ...] = ()
    scale_min: float = _ranged(1.0, 0.25, 4.0, "scale_min")
    scale_max: float = _ranged(1.0, 0.25, 4.0, "scale_max")
    stretch: float = _ranged(0.0, 0.0, 1.0, "stretch")
    shear_deg: float = _ranged(0.0, 0.0, 45.0, "shear_deg")
    rotation_deg: float = _ranged(0.0, 0.0, 180.0, "rotation_deg")
    rotation_probability: float = _ranged(1.0, 0.0, 1.0, "rotation_probability")
    elastic: float = _ranged(0.0, 0.0, 0.2, "elastic")
    horizontal_flip: bool = False
    vertical_flip: bool = False
    brightness: float = _ranged(0.4, 0.0, 1.0, "brightness")
    contrast: float = _ranged(0.4, 0.0, 1.0, "contrast")
    saturation: float = _ranged(0.4, 0.0, 1.0, "saturation")
    hue: float = _ranged(0.125, 0.0, 0.5, "hue")
    grey_probability: float = _ranged(0.0, 0.0, 1.0, "grey_probability")
    cutout_probability: float = _ranged(0.0, 0.0, 1.0, "cutout_probability")
    cutout_min: float = _ranged(0.2, 0.0, 1.0, "cutout_min")
    cutout_max: float = _ranged(0.5, 0.0, 1.0, "cutout_max")

    def __post_init__(self) -> None:
        _check_ranges(self)
        object.__setattr__(self, "crop_choices", tuple(self.crop_choices))  # TOML and JSON give lists
        sides: tuple[Any, ...] = self.crop_choices
        for side in sides:
            if isinstance(side, bool) or not isinstance(side, int | float) or not 0.2 <= side <= 1.0:
                raise UsageError(f"crop_choices must be numbers between 0.2 and 1, not {side!r}.")
        for low, high in (("crop_min", "crop_max"), ("scale_min", "scale_max"), ("cutout_min", "cutout_max")):
            if getattr(self, low) > getattr(self, high):
                raise UsageError(f"{low} must not be above {high}.")


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """Everything that decides the result of a run. `None`: chosen by `training.plan`.

    The last thirteen are for pixels only. `displacement` counts cells of the network's map; of the displacements of its square, a step
    takes `displacements_drawn` at random, or all if that is 0. `is_collapsed` adds all displacements to one joint, instead of one for each.
    Images are brought to `short_side` pixels before tiles are cut, or, if that is 0, to `shrink` times their size; of each, at most
    `tiles_per_image` are cut. With a `border` of zeros instead of "replicate", the network learns where a piece of a picture ends. Until
    `guess_until` of the budget, k-means on colour and place, with a weight of `guess_place`, teaches the main head, less and less.
    `sees_place`: the network sees where in its picture a pixel lies, beside its colour. In both, a place along an axis on which pictures
    are mirrored means nothing. `standardised`: every picture is brought to the same mean and contrast before anything else. `channels`: of
    the files; found out with the inputs "all". `fine_tune`: a pretrained trunk learns too, instead of staying as it is.
    """

    task: str = "images"
    method: str = "auto"
    preset: str | None = None
    encoder: str = "small"
    inputs: str = "auto"
    head_schedule: str = "both"
    extra: str | None = None
    starts: int = _ranged(1, 1, 32, "--starts")
    weights: str | None = None
    clusters: int = _ranged(DEFAULT_CLUSTERS, 2, 10_000, "--clusters")
    overclusters: int | None = _ranged(None, 2, 50_000, "--overclusters")
    sub_heads: int | None = _ranged(None, 1, 100, "--sub-heads")
    minutes: float | None = _ranged(None, 0.01, 100_000, "--minutes")
    steps: int | None = _ranged(None, 1, 1_000_000_000, "--steps")
    batch_size: int | None = _ranged(None, 2, 65_536, "--batch-size")
    image_size: int | None = _ranged(None, 8, 1_024, "--image-size")
    num_repeats: int | None = _ranged(None, 1, 16, "--repeats")
    learning_rate: float = _ranged(2e-3, 1e-7, 1.0, "learning_rate")
    decay_from: float = _ranged(0.5, 0.0, 1.0, "decay_from")
    marginal_weight: float = _ranged(1.0, 0.0, 5.0, "--marginal-weight")
    overclustering_weight: float = _ranged(1.0, 0.0, 10.0, "overclustering_weight")
    contrastive_weight: float | None = _ranged(None, 0.0, 10.0, "contrastive_weight")
    neighbours: int | None = _ranged(None, 0, 100, "neighbours")
    neighbours_by: str | None = None
    balance: str = "auto"
    self_label_share: float | None = _ranged(None, 0.0, 1.0, "self_label_share")
    reseed: bool = True
    stop_on_plateau: bool = True
    seed: int = _ranged(0, 0, 2**31 - 1, "--seed")
    device: str = "auto"
    transforms: TransformSettings | None = None
    displacement: int | None = _ranged(None, 0, 64, "--displacement")
    displacements_drawn: int = _ranged(0, 0, 10_000, "displacements_drawn")
    is_collapsed: bool = False
    short_side: int | None = _ranged(None, 0, 4_096, "--short-side")
    shrink: float = _ranged(1.0, 0.05, 1.0, "shrink")
    tiles_per_image: int | None = _ranged(None, 1, 1_024, "tiles_per_image")
    guess_until: float = _ranged(0.0, 0.0, 1.0, "guess_until")
    guess_place: float = _ranged(1.0, 0.0, 10.0, "guess_place")
    sees_place: bool = False
    standardised: bool = False
    channels: int | None = _ranged(None, 1, 16, "channels")
    fine_tune: bool = False
    border: Border = "replicate"

    def __post_init__(self) -> None:
        _check_ranges(self)
        for name, value, known in (
            ("task", self.task, get_args(Task)),
            ("border", self.border, get_args(Border)),
            ("--method", self.method, get_args(Method)),
            ("--encoder", "small" if self.is_pretrained else self.encoder, get_args(Encoder) + PRETRAINED),
            ("--inputs", self.inputs, get_args(Inputs)),
            ("--balance", self.balance, get_args(Balance)),
            ("neighbours_by", self.neighbours_by or "pixels", get_args(NeighboursBy)),
            ("--device", self.device, get_args(Device)),
        ):
            if value not in known:
                raise UsageError(f"{name} {value} is not known.", f"Choose one of: {', '.join(dict.fromkeys(known))}.")
        if self.head_schedule not in _PASSES and set(self.head_schedule) != {"m", "o"}:
            raise UsageError(
                f"--heads {self.head_schedule} is not known.",
                "Choose both, alternating, or passes in turn such as mmo: m for the main head, o for the overclustering head.",
            )
        if self.minutes is not None and self.steps is not None:
            raise UsageError("--minutes and --steps exclude each other.", "Give one of them.")

    @property
    def passes(self) -> str:
        """Which head learns in each pass of a round, m or o; empty when both learn in every step."""
        return _PASSES.get(self.head_schedule, self.head_schedule)

    @property
    def is_pretrained(self) -> bool:
        """Whether a network that others trained looks at the images, and only heads are learned."""
        return self.task == "images" and (self.encoder in PRETRAINED or self.encoder.startswith(TIMM_PREFIX))

    @property
    def points(self) -> str:
        """How images become points for a method that learns groups of its own making (`iic.networks`); empty for the others."""
        return {"deepcluster": "projected", "deepcluster-classic": "whitened"}.get(self.method, "")

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        record = dataclasses.asdict(self)
        if self.transforms is not None:
            record["transforms"]["crop_choices"] = list(self.transforms.crop_choices)
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """Inverse of `as_dict`; unknown keys (of a newer version) are dropped."""
        known = {item.name for item in dataclasses.fields(cls)}
        values = {key: value for key, value in record.items() if key in known}
        if isinstance(values.get("transforms"), dict):
            values["transforms"] = transforms_from_dict(values["transforms"])
        return cls(**values)


def transforms_from_dict(record: dict[str, Any]) -> TransformSettings:
    """Transform settings from plain values, unknown keys dropped."""
    known = {item.name for item in dataclasses.fields(TransformSettings)}
    return TransformSettings(**{key: value for key, value in record.items() if key in known})


@dataclass(frozen=True)
class Preset:
    """A named starting point for a kind of pictures: how pairs are made, and other settings for those that nobody asked for.

    `task` is "images" or "pixels"; only presets for pixels have other settings.
    """

    name: str
    description: str
    transforms: TransformSettings
    settings: dict[str, Any] = field(default_factory=dict)
    task: str = "images"


def preset_names(task: str = "images") -> list[str]:
    """Names of the presets that come with the program for a task, in alphabetical order."""
    table = "pixels" if task == "pixels" else "transforms"
    return sorted(path.stem for path in shipped("models", "presets").glob("*.toml") if table in _read_preset(path))


def own_presets() -> Path:
    """Folder of the presets that people saved; it may not exist."""
    return config_dir() / "presets"


def own_preset_names(task: str = "images") -> list[str]:
    """Names of the presets that people saved and that fit a task, in alphabetical order; those for images fit pixels too."""
    shipped_names = _shipped_names()
    return sorted(path.stem for path in own_presets().glob("*.toml") if path.stem not in shipped_names and _fits(path, task))


def _shipped_names() -> set[str]:
    return {path.stem for path in shipped("models", "presets").glob("*.toml")}


def _fits(path: Path, task: str) -> bool:
    try:
        record = _read_preset(path)
    except UsageError:
        return True  # it is listed, and what is wrong with it is said when it is used
    return task == "pixels" or "transforms" in record or "pixels" not in record


def load_preset(name: str, task: str = "images") -> Preset:
    """Read a preset by its name, the program's own first, or a TOML file anywhere when `name` ends in .toml.

    For pixels, its table `pixels` holds settings, and `pixels.transforms` stands in the place of `transforms`.

    Raises:
        UsageError: unknown name, not TOML, or an unknown or out-of-range parameter.
    """
    if name.endswith(".toml"):
        path = Path(name)
    else:
        path = (shipped("models", "presets") if name in _shipped_names() else own_presets()) / f"{name}.toml"
    if not path.is_file():
        names = ", ".join(preset_names(task) + own_preset_names(task))
        raise UsageError(f"There is no preset {name}.", f"Choose one of: {names}; or name a .toml file.")
    record = _read_preset(path)
    if task == "images" and "transforms" not in record and "pixels" in record:
        raise UsageError(f"The preset {name} is for pixels.", f"Choose one of: {', '.join(preset_names())}; or use `iic-studio segment`.")
    settings = dict(_table(record, "pixels", name)) if task == "pixels" else {}
    values = _table(settings, "transforms", name) if "transforms" in settings else _table(record, "transforms", name)
    settings.pop("transforms", None)
    _check_known(name, values, TransformSettings)
    _check_known(name, settings, TrainSettings)
    return Preset(path.stem, str(record.get("description", "")), TransformSettings(**values), settings, task)


def pixel_settings(**asked: Any) -> TrainSettings:
    """Settings for pixels: what was asked for, else what the preset says, else the defaults."""
    preset = load_preset(str(asked.get("preset") or PIXEL_PRESET), "pixels")
    return TrainSettings(**(PIXEL_DEFAULTS | preset.settings | asked))


def _read_preset(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"The preset {path.name} cannot be read: {error}.") from error


def _table(record: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    values = record.get(key, {})
    if not isinstance(values, dict):
        raise UsageError(f"The preset {name} cannot be used: {key} is a table.", f"Begin it with a line [{key}].")
    return values


def _check_known(name: str, values: dict[str, Any], settings: type) -> None:
    known = [item.name for item in dataclasses.fields(settings)]
    if unknown := sorted(set(values) - set(known)):
        raise UsageError(f"The preset {name} sets {', '.join(unknown)}, which is not known.", f"Known are: {', '.join(known)}.")


def save_preset(preset: Preset) -> Path:
    """Keep a preset under its name for `--preset` and the window; one of that name that was saved before is replaced.

    Raises:
        UsageError: the name cannot be a file's, or belongs to a preset of the program.
        StudioError: the file cannot be written.
    """
    if not re.fullmatch(r"\w[\w -]{0,59}", preset.name) or preset.name != preset.name.strip():
        raise UsageError("The name of a preset is made of letters, digits, spaces and hyphens.", "Choose another name.")
    if preset.name in _shipped_names():
        raise UsageError(f"{preset.name} is the name of a preset of the program.", "Choose another name.")
    about = "".join(one for one in preset.description if one.isprintable())
    lines = [f"description = {json.dumps(about, ensure_ascii=False)}", ""]
    if preset.task == "pixels":
        lines += ["[pixels]", *(_assignment(*item) for item in preset.settings.items()), "", "[pixels.transforms]"]
    else:
        lines += ["[transforms]"]
    lines += [_assignment(item.name, getattr(preset.transforms, item.name)) for item in dataclasses.fields(TransformSettings)]
    path = own_presets() / f"{preset.name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise StudioError(f"The preset cannot be saved: {error.strerror}.", f"Look whether {path.parent} can be written.") from error
    return path


def _assignment(name: str, value: Any) -> str:
    """A line of TOML, which writes text, numbers, true and false, and lists of them as JSON does."""
    return f"{name} = {json.dumps(list(value) if isinstance(value, tuple) else value)}"
