"""A package named `umap` that needs no compiling, for tests of everything around UMAP: processes, progress, places.

`install` puts it first on the path, which spawned children inherit. `kind` is what it does: `turn` turns the start by a quarter, `hang`
never ends, `die` ends its process, `broken` lacks what it needs.
"""

from pathlib import Path

import pytest

_UMAP = """
import os, threading
if KIND == "broken":
    import a_package_that_is_not_there

class UMAP:
    def __init__(self, n_neighbors, init, random_state, n_jobs, precomputed_knn, tqdm_kwds):
        self.start, self.bar = init, tqdm_kwds["file"]
        rows, distances, _ = precomputed_knn
        assert rows.shape == distances.shape == (len(init), n_neighbors)
        assert random_state is not None and n_jobs == 1

    def fit_transform(self, vectors):
        assert len(vectors) == len(self.start)
        for done in range(1, 6):
            self.bar.write(f"\\\\r{done}/5")
            self.bar.flush()
        if KIND == "hang":
            threading.Event().wait()
        if KIND == "die":
            os._exit(9)
        return self.start[:, ::-1] * [1, -1]
"""
_TQDM = """
class tqdm:
    @classmethod
    def set_lock(cls, lock):
        cls.lock = lock
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str = "turn") -> None:
    """Make it the UMAP that is found."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "umap.py").write_text(f"KIND = {kind!r}\n{_UMAP}".replace("\\\\r", "\\r"), encoding="utf-8")
    (folder / "tqdm.py").write_text(_TQDM, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
