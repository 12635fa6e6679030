"""The summary of the job `clusters` as lines for a terminal: counts, the suggested number with its reason, the merge tree."""

from typing import Any

from iic_studio.words import counted

_MARK = "●"
_PLAIN = str.maketrans({"●": "*", "├": "|", "└": "`", "│": "|", "─": "-", "→": "->", "±": "+/-", "—": "-"})
_SURE = {"clear": "clearly", "weak": "a little", "none": "no more than by chance"}


def printable(text: str, encoding: str) -> str:
    """The text as it is, or in plainer characters where the encoding of a terminal or pipe lacks those of a tree."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return text


def clusters_text(summary: dict[str, Any]) -> str:
    """All of it.

    Args:
        summary: of `jobs.clusters`.
    """
    heads = {"Clusters": summary["main"]} | ({"Overclusters": summary["overclustering"]} if summary["overclustering"] else {})
    lines = [f"Run {summary['run']}: {counted(summary['num_images'], 'images')}.", *(_use(title, use) for title, use in heads.items())]
    if summary["of"] == "pixels":
        lines.insert(1, "The clusters are of pixels; an image counts for the one that covers most of it.")
    if any(use["num_tiny"] for use in heads.values()):
        lines.append("Tiny: below a tenth of an even share, or a single image; outliers or scraps rather than a kind of picture.")
    lines += ["", summary["reason"]]
    if summary["suggested_k"] not in (None, summary["num_clusters"]):
        lines.append(f"Train with it: iic-studio train PROJECT --clusters {summary['suggested_k']}")
    lines += _candidates(summary["candidates"])
    parts = "overclusters" if summary["overclustering"] else "clusters"
    lines += ["", f"How the {parts} merge. Beside a fork: the share of the information lost by joining its two parts, and what is left."]
    if summary["suggested_k"] is not None:
        lines.append(f"{_MARK} marks the {counted(summary['suggested_k'], 'groups')} that are suggested.")
    return "\n".join([*lines, "", *_tree(summary["tree"], parts, "", "")])


def _use(title: str, use: dict[str, Any]) -> str:
    others = [f"{use[key]} {words}" for key, words in (("num_tiny", "tiny"), ("num_unused", "without images")) if use[key]]
    counts = ", ".join([f"{use['num_used']} of {use['num_clusters']} in ordinary use", *others])
    return f"{title + ':':<13} {counts}; the largest holds {use['largest_share']:.0%}."


def _candidates(candidates: list[dict[str, Any]]) -> list[str]:
    if not candidates:
        return []
    lines = [
        "",
        "Best candidates, and what a merge costs there (100% = the information were spread evenly):",
        "    K   down to it   on from it   information kept   stands out",
    ]
    for one in candidates:
        spread = f" ± {one['spread']:.2f}" if one["spread"] else ""
        lines.append(
            f"{one['num_clusters']:>5} {one['cost_above']:>12.0%} {one['cost_below']:>12.0%} {one['information_kept']:>18.0%}   "
            f"{_SURE[one['certainty']]} ({one['drop']:.2f}{spread})"
        )
    return lines


def _tree(node: dict[str, Any], parts: str, start: str, indent: str) -> list[str]:
    """A node and all below it; `start` stands before its own line, `indent` before the others."""
    mark = f"{_MARK} " if node["is_suggested"] else ""
    lines = [f"{start}{mark}{counted(node['images'], 'images')}{_fork(node) if 'parts' in node else _leaf(node, parts)}"]
    below = node.get("parts", [])
    for number, part in enumerate(below):
        last = number == len(below) - 1
        lines += _tree(part, parts, indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  "))
    return lines


def _fork(node: dict[str, Any]) -> str:
    return f" — {node['cost_share']:.1%}, {node['clusters_left'] + 1} → {node['clusters_left']}"


def _leaf(node: dict[str, Any], parts: str) -> str:
    words = f" of {len(node['members'])} {parts}" if len(node["members"]) > 1 else f" of {parts[:-1]} {node['members'][0]}"
    if parts == "clusters":
        # The tree is of the main clusters themselves.
        named = [one["name"] for one in node["main_clusters"] if one["name"]]
        return words + (f" ({', '.join(named)})" if named else "")
    if node["main_clusters"]:
        first = node["main_clusters"][0]
        name = f" {first['name']}" if first["name"] else ""
        words += f"; {first['images'] / node['images']:.0%} in cluster {first['cluster']}{name}"
    return words
