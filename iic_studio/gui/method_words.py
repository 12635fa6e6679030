"""Methods, encoders and baselines in plain words: what each is called, and what it does in one line."""

from iic_studio.config import LITE, POINTWISE, PRETRAINED, TIMM_PREFIX
from iic_studio.gui.language import later, tr

AUTOMATIC = later("Choose for me")
OWN = ("small", "vgg", "resnet34")
METHODS = {
    "auto": (AUTOMATIC, later("Plain IIC for few pictures, IIC with help for many, heads where an encoder is chosen.")),
    "iic": ("IIC", later("Two changed views of a picture must fall into the same cluster, and all clusters must be used.")),
    "iic+neighbours": (
        later("IIC, with pictures that look alike"),
        later("As IIC; pictures that look alike count as views of each other, too."),
    ),
    "iic+contrast": (
        later("IIC, with a contrastive loss"),
        later("As IIC; beside it the network learns to tell each picture from all others."),
    ),
    "iic+contrast+neighbours": (
        later("IIC, with contrast, then with pictures that look alike"),
        later("Both, one after the other; at the end the surest pictures teach the others. It takes the longest."),
    ),
    "deepcluster": (
        "DeepCluster",
        later("Group the pictures by what the network sees, learn to tell these groups apart, and so on in turns."),
    ),
    "deepcluster-classic": (
        later("DeepCluster, the form of 2018"),
        later("The same with a new last layer in each turn, as it was published first."),
    ),
    POINTWISE: (
        later("Heads on an encoder"),
        later("Small heads learn which pictures belong together from what an encoder with weights of its own sees; minutes."),
    ),
}
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
_ON_ENCODERS = ("auto", POINTWISE, "iic", "iic+neighbours")


def method_name(method: str) -> str:
    """What a method is called; of one that is not known its own name."""
    return tr(METHODS[method][0]) if method in METHODS else method


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
