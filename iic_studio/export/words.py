"""What an export will make and what it has made, as sentences; the same in the terminal and in the window."""

from pathlib import Path
from typing import Any

from iic_studio.words import counted, file_size, numbered

_TITLES = {"csv": "A table", "jsonl": "JSON Lines", "coco": "COCO JSON", "report": "A report"}
_FORMS = {"labels": "labels of 16 bits", "overlay": "overlays", "coco": "COCO JSON"}
_LINKS = {"copy": ("copy", "copies"), "hard": ("hard link", "hard links"), "symbolic": ("symbolic link", "symbolic links")}
_MOST_FAILURES_TOLD = 50
_ONE_CLUSTER_EACH = {"csv", "jsonl", "coco", "folders", "hugging_face"}


def planned_words(record: dict[str, Any]) -> str:
    """A record of `request.planned_record` as a sentence or two."""
    replaced = ", which is there already and will be replaced" if record["exists"] else ""
    if record["format"] == "onnx":
        return f"The model as {record['path']}{replaced}, and {', '.join(Path(other).name for other in record['others'])} beside it."
    if record["format"] == "masks":
        taken_out = numbered(record["left_out"], "that was taken out gets", "that were taken out get")
        left_out = f" {_pictures(record['left_out'])} {taken_out} none." if record["left_out"] else ""
        beside = ["probabilities"] * record["probabilities"] + [_FORMS[form] for form in record["also"]]
        with_them = f" with {' and '.join(filter(None, [', '.join(beside[:-1]), beside[-1]]))}" if beside else ""
        return f"Masks of {_pictures(record['files'])}{with_them}: {record['path']}.{left_out}"
    if "folders" not in record:
        return f"{_TITLES[record['format']]} of {_pictures(record['rows'])}: {record['path']}{replaced}."
    room = f", {file_size(record['bytes'])}," if record["bytes"] else ""
    files, folders = record["files"], counted(len(record["folders"]), "folders")
    words = f"{files:,} {numbered(files, *_LINKS[record['link']])}{room} in {folders}: {record['path']}."
    if record["left_out"]:
        words += f" {_pictures(record['left_out'])} without a cluster {numbered(record['left_out'], 'is', 'are')} left out."
    return f"{words} {record['note']}".strip()


def done_words(summary: dict[str, Any]) -> list[str]:
    """The summary of an export as sentences; none for a dry run, whose findings are the command's data."""
    if "planned" in summary:
        return []
    lines = []
    for name, target in summary["written"].items():
        if name == "masks":
            lines.append(masks_words(summary))
            continue
        lines.append(f"Written: {target}" + (f" ({counted(summary['rows'], 'rows')})." if name in ("csv", "jsonl") else "."))
    if summary.get("of") == "pixels" and _ONE_CLUSTER_EACH & set(summary["written"]):
        lines.append("The clusters are of pixels; each picture is listed with the one that covers most of it.")
    if summary.get("copied_instead_of_linked"):
        count = summary["copied_instead_of_linked"]
        copied = numbered(count, "file was copied, because its link", "files were copied, because links")
        lines.append(f"{count:,} {copied} could not be made there.")
    if summary.get("left_out"):
        lines.append(f"{_pictures(summary['left_out'])} without a cluster {numbered(summary['left_out'], 'is', 'are')} in no folder.")
    failed = summary["failed"]
    lines += [f"{'Not copied' if 'target' in one else 'No mask'}: {one['path']} {one['reason']}." for one in failed[:_MOST_FAILURES_TOLD]]
    if len(failed) > _MOST_FAILURES_TOLD:
        lines.append(f"And {len(failed) - _MOST_FAILURES_TOLD:,} more; the .json in the folder names each.")
    if summary["num_unreadable"]:
        files = counted(summary["num_unreadable"], "files")
        lines.append(f"{files} could not be read and took no part; the project's list of problems names each.")
    return lines


def masks_words(summary: dict[str, Any]) -> str:
    """What came of writing masks."""
    shares = ", ".join(f"{share:.0%}" for share in summary["area_shares"])
    masks = counted(summary["num_masks"], "masks")
    what = ("class covers", "classes cover") if summary.get("mask_kind") == "class" else ("cluster covers", "clusters cover")
    return f"Written: {masks} in {summary['masks']}; the {numbered(len(summary['area_shares']), *what)} {shares} of all pixels."


def _pictures(count: int) -> str:
    return counted(count, "pictures")
