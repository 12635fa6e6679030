"""Settings asked for on the command line that have no field in the window: they go into the training beside what the fields say."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from iic_studio.config import TrainSettings

# What says the same thing in another way, or belongs to it: when that field is changed, this no longer holds.
_GO_WITH = {"steps": "minutes", "weights": "encoder"}
_ROUNDED = ("minutes",)


@dataclass(frozen=True)
class OtherSettings:
    """Settings without a field, and what the fields said when they were asked for."""

    values: dict[str, Any] = field(default_factory=dict)
    beside: TrainSettings = field(default_factory=TrainSettings)

    @classmethod
    def of(cls, asked: TrainSettings, shown: TrainSettings) -> Self:
        """What was asked for and the fields cannot say."""
        names = [one.name for one in fields(TrainSettings) if one.name not in _ROUNDED]
        return cls({name: getattr(asked, name) for name in names if getattr(asked, name) != getattr(shown, name)}, shown)

    def added_to(self, shown: TrainSettings) -> TrainSettings:
        """What the fields say, and the others, but for those whose field somebody has changed since.

        Raises:
            UsageError: they do not go together.
        """
        if shown.task != self.beside.task:
            return shown
        changed = {one.name for one in fields(TrainSettings) if getattr(shown, one.name) != getattr(self.beside, one.name)}
        return replace(shown, **{name: value for name, value in self.values.items() if not changed & {name, _GO_WITH.get(name)}})
