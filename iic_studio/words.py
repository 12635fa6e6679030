"""Numbers, stages of jobs and methods as people say them, the same wherever they are said."""

STAGES = {
    "scan": "Looking for pictures",
    "index": "Reading pictures",
    "heads": "Reading dates and cameras",
    "duplicates": "Comparing the pictures",
    "load": "Loading the pictures into memory",
    "train": "Training",
    "neighbours": "Comparing the pictures",
    "pseudo-labels": "Grouping the pictures",
    "baselines": "Comparing methods",
    "baseline-steps": "Training",
    "repeats": "Training with other seeds",
    "download": "Fetching weights",
    "checkpoint": "Saving a checkpoint",
    "assign": "Sorting the pictures into clusters",
    "evaluate": "Comparing masks",
    "tiles": "Cutting tiles",
    "masks": "Writing masks",
    "areas": "Measuring areas",
    "forms": "Writing other forms",
    "csv": "Writing the table",
    "jsonl": "Writing JSON Lines",
    "coco": "Writing COCO JSON",
    "report": "Making the report",
    "onnx": "Making the model",
    "hugging_face": "Making folders",
    "folders": "Making folders",
    "copy": "Copying pictures",
    "features": "Looking at the pictures",
    "classes": "Finding classes",
    "points": "Looking at labelled pixels",
    "linear": "Learning a linear classifier",
    "k-nn": "Comparing with labelled pictures",
    "fine-tuned": "Training on with the labels",
    "umap-load": "Preparing UMAP",
    "umap-compare": "Comparing the pictures",
    "umap-arrange": "Arranging the pictures",
    "umap-place": "Placing the pictures",
}
"""What a job does, by `ProgressMade.stage`."""

METHODS = {
    "iic": "IIC",
    "iic+neighbours": "IIC with neighbours",
    "iic+contrast": "IIC with contrast",
    "iic+contrast+neighbours": "IIC with contrast and neighbours",
    "deepcluster": "DeepCluster",
    "deepcluster-classic": "DeepCluster in the form of 2018",
    "pmi": "pointwise mutual information",
}
"""What a method that a run may be trained by is called in sentences, by its name in the settings."""


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
    """A number with its things: `1 file`, `1,797 files`; `things` is a regular plural."""
    return f"{number:,.0f} {things.removesuffix('s') if number == 1 else things}"


def percent(share: float) -> str:
    """A share of 0–1 as `31 %`, with a digit more where it is small: `2.4 %`, `< 0.1 %`."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 or share <= 0 else f"{100 * share:.1f} %"
