"""What part of a map is seen, and how large: plain arithmetic between places on the map and pixels. No Qt."""

from dataclasses import dataclass, replace

from iic_studio.gui.raster import Place

LARGEST_ZOOM = 400.0
_MARGIN = 0.09


@dataclass(frozen=True)
class Camera:
    """A view of the map.

    Attributes:
        width, height: of the view, in logical pixels.
        x, y: the place on the map in its middle; y grows upwards.
        zoom: 1 shows the square from -1 to 1 with a little room around it.
    """

    width: int = 1
    height: int = 1
    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0

    @property
    def scale(self) -> float:
        """Logical pixels for a step of 1 on the map."""
        return self.zoom * max(min(self.width, self.height), 1) / (2 + 4 * _MARGIN)

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """Where a place on the map is seen."""
        return self.width / 2 + (x - self.x) * self.scale, self.height / 2 - (y - self.y) * self.scale

    def to_map(self, across: float, down: float) -> tuple[float, float]:
        """The place on the map under a pixel."""
        return self.x + (across - self.width / 2) / self.scale, self.y - (down - self.height / 2) / self.scale

    def resized(self, width: int, height: int) -> "Camera":
        """The same middle and zoom in a view of another size."""
        return replace(self, width=width, height=height)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Camera":
        """Closer (factor above 1) or farther; the place under the pixel `at`, or the middle, stays where it is."""
        across, down = at or (self.width / 2, self.height / 2)
        x, y = self.to_map(across, down)
        closer = replace(self, zoom=min(max(self.zoom * factor, 0.5), LARGEST_ZOOM))
        share = self.scale / closer.scale
        return replace(closer, x=x - (x - self.x) * share, y=y - (y - self.y) * share)

    def moved(self, across: float, down: float) -> "Camera":
        """The map shifted by pixels; its middle never leaves the view."""
        x, y = self.x - across / self.scale, self.y + down / self.scale
        return replace(self, x=min(max(x, -1.2), 1.2), y=min(max(y, -1.2), 1.2))

    def reset(self) -> "Camera":
        """The whole map."""
        return Camera(self.width, self.height)

    def place(self, ratio: float) -> Place:
        """For the raster, in device pixels: `ratio` of them for a logical one."""
        scale = self.scale * ratio
        width, height = max(round(self.width * ratio), 1), max(round(self.height * ratio), 1)
        return Place(width, height, scale, self.width * ratio / 2 - self.x * scale, self.height * ratio / 2 + self.y * scale)
