"""The parameters of a pair as people set them: grouped, with the field's names and a short tip each. Data only, no Qt."""

import dataclasses
from dataclasses import dataclass

from iic_studio.config import TransformSettings


@dataclass(frozen=True)
class PairField:
    """One parameter.

    Attributes:
        name: in `TransformSettings`.
        label, tip: for people.
        step: smallest change; 0 for one that is on or off.
    """

    name: str
    label: str
    tip: str
    step: float = 0.0

    @property
    def is_switch(self) -> bool:
        return not self.step

    @property
    def decimals(self) -> int:
        return 0 if self.step >= 1 else 2 if self.step >= 0.01 else 3

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value."""
        found = next(item for item in dataclasses.fields(TransformSettings) if item.name == self.name)
        return float(found.metadata["low"]), float(found.metadata["high"])


GROUPS: tuple[tuple[str, tuple[PairField, ...]], ...] = (
    (
        "Crop",
        (
            PairField("base_crop", "Picture", "Side of what is seen of the picture itself; 1 is all of it", 0.01),
            PairField("base_centre_probability", "Centred", "Share of the pictures that are cropped in the middle", 0.05),
            PairField("crop_min", "Copy, smallest", "Side of the smallest part that the copy may show", 0.01),
            PairField("crop_max", "Copy, largest", "Side of the largest part that the copy may show", 0.01),
        ),
    ),
    (
        "Shape",
        (
            PairField("scale_min", "Scale, smallest", "Below 1 the copy may be shrunk so far", 0.05),
            PairField("scale_max", "Scale, largest", "Above 1 the copy may be enlarged so far", 0.05),
            PairField("rotation_deg", "Rotation", "Degrees by which the copy may be turned, either way", 1.0),
            PairField("rotation_probability", "Rotated share", "Share of the copies that are turned at all", 0.05),
            PairField("shear_deg", "Shear", "Degrees by which upright lines may lean", 1.0),
            PairField("stretch", "Stretch", "How much wider or narrower the copy may be made", 0.01),
            PairField("elastic", "Bending", "How far lines are bent, as a share of the side", 0.005),
            PairField("horizontal_flip", "Mirror left and right", "Half of the copies are mirrored: not for letters and digits"),
            PairField("vertical_flip", "Mirror up and down", "Half of the copies are upside down: for pictures from above"),
        ),
    ),
    (
        "Colour",
        (
            PairField("brightness", "Brightness", "How much lighter or darker the copy may be", 0.01),
            PairField("contrast", "Contrast", "How much harder or softer the copy may be", 0.01),
            PairField("saturation", "Saturation", "How much stronger or paler colours may be", 0.01),
            PairField("hue", "Hue", "How far colours may turn; weaken it where colour tells kinds apart", 0.005),
            PairField("grey_probability", "Grey share", "Share of the copies that lose their colour", 0.05),
        ),
    ),
    (
        "Cutout",
        (
            PairField("cutout_probability", "Cutout share", "Share of the copies in which a square is blanked", 0.05),
            PairField("cutout_min", "Square, smallest", "Side of the smallest blank square", 0.01),
            PairField("cutout_max", "Square, largest", "Side of the largest blank square", 0.01),
        ),
    ),
)

_ENDS = (("crop_min", "crop_max"), ("scale_min", "scale_max"), ("cutout_min", "cutout_max"))


def as_range(settings: TransformSettings) -> TransformSettings:
    """Settings in which crops of a few sizes are the range from the smallest to the largest."""
    sizes = settings.crop_choices
    return dataclasses.replace(settings, crop_choices=(), crop_min=min(sizes), crop_max=max(sizes)) if sizes else settings


def changed(settings: TransformSettings, name: str, value: float | bool) -> TransformSettings:
    """Settings with one value changed. The other end of a range gives way; crops of a few sizes become a range if it is changed."""
    if name in ("crop_min", "crop_max"):
        settings = as_range(settings)
    changes: dict[str, float | bool] = {name: value}
    for low, high in _ENDS:
        if name == low:
            changes[high] = max(float(value), getattr(settings, high))
        elif name == high:
            changes[low] = min(float(value), getattr(settings, low))
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
