"""Encoders, baselines and methods in plain words: what each is called, and what it does. The words of methods are `words.METHODS`."""

from iic_studio.config import LITE, POINTWISE, PRETRAINED, TIMM_PREFIX
from iic_studio.gui.language import later, tr
from iic_studio.words import METHODS

AUTOMATIC = later("Choose for me")
_AUTOMATIC_DOES = later("Plain IIC for few pictures, IIC with help for many, heads where an encoder is chosen.")
OWN = ("small", "vgg", "resnet34")
ENCODERS = {
    "small": later("A small network of its own, from nothing"),
    "vgg": later("The paper's VGG, from nothing"),
    "resnet34": later("The paper's ResNet-34, from nothing"),
    LITE: later("EfficientNet-Lite0, from a file"),
}
BASELINES = {
    "random-network": (later("Network before training"), later("k-means on the features of a network that has learned nothing")),
    "pixels": (later("k-means on pixels"), later("Groups by brightness and colour at each place")),
    "spectral": (later("Spectral clustering"), later("Groups in a graph of pictures whose pixels are alike")),
    "autoencoder": (later("Autoencoder"), later("A network that learns to redraw pictures, then k-means on its short form")),
    "denoising": (later("Denoising autoencoder"), later("The same, from pictures with noise")),
    "variational": (later("Variational autoencoder"), later("The same, with a short form that varies")),
    "dec": (later("DEC"), later("Deep embedded clustering, which begins with the autoencoder")),
}
AUTO = "auto"
_ON_ENCODERS = (AUTO, POINTWISE, "iic", "iic+neighbours")


def method_name(method: str) -> str:
    """What a method is called in a list; of one that is not known its own name."""
    if method == AUTO:
        return tr(AUTOMATIC)
    return tr(METHODS[method].title) if method in METHODS else method


def method_does(method: str) -> str:
    """What a method that can be chosen does."""
    return tr(_AUTOMATIC_DOES if method == AUTO else METHODS[method].does)


def baseline_name(baseline: str) -> str:
    """What a simple method is called."""
    return tr(BASELINES[baseline][0]) if baseline in BASELINES else baseline


def encoder_name(encoder: str) -> str:
    """What an encoder is called."""
    return tr(ENCODERS[encoder]) if encoder in ENCODERS else encoder


def is_pretrained(encoder: str) -> bool:
    """Whether an encoder has weights that others trained."""
    return encoder in PRETRAINED or encoder.startswith(TIMM_PREFIX)


def fits(method: str, encoder: str) -> bool:
    """Whether a method works with an encoder."""
    return method in _ON_ENCODERS if is_pretrained(encoder) else method != POINTWISE
