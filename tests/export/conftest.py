"""Rows of results without a project, and the `meta` that goes with them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from iic_studio.curation import Curation, Group, Pins, curate
from iic_studio.export.result_rows import ResultRows, build_rows
from iic_studio.records import Assignments

META: dict[str, Any] = {
    "program": "iic-studio",
    "version": "1.0",
    "written": "2026-01-02T03:04:05+0000",
    "folder": "/pictures/garden",
    "run": "20260102-030405-01",
    "settings": {"clusters": 3, "encoder": "small", "seed": 0},
    "device": "cpu",
    "versions": {"python": "3.11"},
    "data_fingerprint": "0123",
    "sub_head": 0,
    "summary": {},
    "num_problems": 0,
    "problems": [],
}


def made_rows(
    paths: Sequence[str],
    *,
    clusters: Sequence[int] | None = None,
    names: Mapping[int, str] | None = None,
    num_clusters: int = 3,
    num_seen: int | None = None,
    sizes: Sequence[int] | None = None,
    width: Sequence[int] | None = None,
    height: Sequence[int] | None = None,
    pins: Pins | None = None,
) -> ResultRows:
    """Images 1, 2 … with these paths; 0.7, 0.2 and 0.1 as probabilities, the highest for their cluster, which is 0 if not given.

    Args:
        num_seen: how many of them a model has seen; all if not given.
        pins: what people said of single images.
    """
    count = len(paths)
    seen = count if num_seen is None else num_seen
    assignment = np.array(clusters if clusters is not None else [0] * count, dtype=np.int64)[:seen]
    probabilities = np.array(
        [np.roll(np.array([0.7, 0.2, *[0.1] * (num_clusters - 2)], np.float32), one) for one in assignment], np.float32
    ).reshape(seen, num_clusters)
    votes = np.stack([assignment, assignment], axis=1)
    assignments = Assignments(np.arange(seen) + 1, probabilities, assignment, votes, np.ones(seen, np.float32), 0)
    known = {uid: Group(uid, (names or {}).get(uid, "")) for uid in range(num_clusters)}
    curation = Curation("1.0", "run", groups=known, maps={"run": {uid: uid for uid in known}}, pins=pins or Pins())
    ones = [1] * count
    return build_rows(
        np.arange(count) + 1,
        paths,
        np.array(sizes or ones),
        [b"hash"] * count,
        np.array(width or ones),
        np.array(height or ones),
        curate(assignments, curation, "run"),
    )
