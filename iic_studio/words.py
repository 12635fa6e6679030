"""Numbers, stages of jobs and methods as people say them, the same wherever they are said.

The command line says them in English, the window in its language; so they are marked for its catalogues.
"""

from dataclasses import dataclass


def later(text: str) -> str:
    """The text itself; marked for `pyside6-lupdate` as one to be translated where it is shown, by `gui.language.tr`."""
    return text


@dataclass(frozen=True)
class MethodWords:
    """A method that a run may be trained by: `title` in a list, `name` in a sentence, and what it `does` in a line."""

    title: str
    name: str
    does: str


STAGES = {
    "scan": later("Looking for pictures"),
    "index": later("Reading pictures"),
    "heads": later("Reading dates and cameras"),
    "duplicates": later("Comparing the pictures"),
    "load": later("Loading the pictures into memory"),
    "train": later("Training"),
    "neighbours": later("Comparing the pictures"),
    "pseudo-labels": later("Grouping the pictures"),
    "baselines": later("Comparing methods"),
    "baseline-steps": later("Training"),
    "repeats": later("Training with other seeds"),
    "download": later("Fetching weights"),
    "checkpoint": later("Saving a checkpoint"),
    "assign": later("Sorting the pictures into clusters"),
    "evaluate": later("Comparing masks"),
    "tiles": later("Cutting tiles"),
    "masks": later("Writing masks"),
    "areas": later("Measuring areas"),
    "forms": later("Writing other forms"),
    "csv": later("Writing the table"),
    "jsonl": later("Writing JSON Lines"),
    "coco": later("Writing COCO JSON"),
    "report": later("Making the report"),
    "onnx": later("Making the model"),
    "hugging_face": later("Making folders"),
    "folders": later("Making folders"),
    "copy": later("Copying pictures"),
    "features": later("Looking at the pictures"),
    "classes": later("Finding classes"),
    "points": later("Looking at labelled pixels"),
    "linear": later("Learning a linear classifier"),
    "k-nn": later("Comparing with labelled pictures"),
    "fine-tuned": later("Training on with the labels"),
    "fine-tuned+unlabelled": later("Training on with all pictures"),
    "umap-load": later("Preparing UMAP"),
    "umap-compare": later("Comparing the pictures"),
    "umap-arrange": later("Arranging the pictures"),
    "umap-place": later("Placing the pictures"),
}
"""What a job does, by `ProgressMade.stage`."""

METHODS = {
    "iic": MethodWords(
        "IIC", "IIC", later("Two changed views of a picture must fall into the same cluster, and all clusters must be used.")
    ),
    "iic+neighbours": MethodWords(
        later("IIC, with pictures that look alike"),
        "IIC with neighbours",
        later("As IIC; pictures that look alike count as views of each other, too."),
    ),
    "iic+contrast": MethodWords(
        later("IIC, with a contrastive loss"),
        "IIC with contrast",
        later("As IIC; beside it the network learns to tell each picture from all others."),
    ),
    "iic+contrast+neighbours": MethodWords(
        later("IIC, with contrast, then with pictures that look alike"),
        "IIC with contrast and neighbours",
        later("Both, one after the other; at the end the surest pictures teach the others. It takes the longest."),
    ),
    "deepcluster": MethodWords(
        "DeepCluster",
        "DeepCluster",
        later("Group the pictures by what the network sees, learn to tell these groups apart, and so on in turns."),
    ),
    "deepcluster-classic": MethodWords(
        later("DeepCluster, the form of 2018"),
        "DeepCluster in the form of 2018",
        later("The same with a new last layer in each turn, as it was published first."),
    ),
    "pmi": MethodWords(
        later("Heads on an encoder"),
        "pointwise mutual information",
        later("Small heads learn which pictures belong together from what an encoder with weights of its own sees; minutes."),
    ),
}
"""The methods that a run may be trained by, by their name in the settings; the window says them in its language."""


def file_size(num_bytes: float) -> str:
    """Bytes as people say them: `820 bytes`, `1.4 MB`, `12 GB`."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = 0
    while num_bytes >= 999.5 and power < len(units) - 1:
        num_bytes, power = num_bytes / 1000, power + 1
    return f"{num_bytes:.1f} {units[power]}" if power and num_bytes < 9.95 else f"{num_bytes:,.0f} {units[power]}"


def duration(seconds: float) -> str:
    """Seconds as a time span: `45 s`, `3 min 20 s`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def counted(number: float, things: str) -> str:
    """A number with its things: `1 file`, `1 class`, `1,797 files`; `things` is a regular plural."""
    return f"{number:,.0f} {numbered(number, things.removesuffix('es' if things.endswith('sses') else 's'), things)}"


def numbered(number: float, one: str, several: str) -> str:
    """`one` where the number is one, else `several`: for a verb, or a whole sentence."""
    return one if number == 1 else several


def percent(share: float) -> str:
    """A share of 0–1 as `31 %`, with a digit more where it is small: `2.4 %`, `< 0.1 %`."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 or share <= 0 else f"{100 * share:.1f} %"
