"""What can be checked without running the program: style, types, the direction of imports, and calls that are never safe."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "iic_studio"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 50

# Why a file or function may be longer: path, or path::function -> the reason.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

NETWORK = {"socket", "socketserver", "http", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "xmlrpc"}
NETWORK |= {"PySide6.QtNetwork", "torch.hub", "torch.utils.model_zoo", "huggingface_hub"}
# The one place that fetches something, and only after a person said yes.
FETCHES = {"iic_studio/training/download.py": {"urllib.request"}}
CODE_IN_DATA = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
# External names of the import contracts that need not be installed.
OPTIONAL = {"umap", "rawpy"}
# What a part may reach, however indirectly, beyond the standard library: a machine that has only these can run it.
# `paths` looks the user's directories up with platformdirs when it is asked for them.
REACH = {
    "iic": {"torch", "torchvision", "numpy", "scipy", "platformdirs"},
    # threadpoolctl comes with scikit-learn. timm is imported where an encoder of its is asked for by name, and nowhere else.
    "training": {"torch", "torchvision", "numpy", "scipy", "sklearn", "threadpoolctl", "safetensors", "platformdirs", "timm"},
    "evaluation": {"numpy", "scipy", "sklearn", "platformdirs"},
}
DISTRIBUTIONS = {
    "PIL": "pillow",
    "PySide6": "PySide6-Essentials",
    "shiboken6": "PySide6-Essentials",
    "sklearn": "scikit-learn",
    "pi_heif": "pi-heif",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression, with `?` for what is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def calls(path: Path) -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of a file: its dotted name, the node, and where it stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node, f"{name_of(path)}:{node.lineno}"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every module a file imports, `from a import b` as `a.b`, and where."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, f"{name_of(path)}:{node.lineno}"
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", f"{name_of(path)}:{node.lineno}"


def keyword(call: ast.Call, name: str) -> object:
    """The literal value of a keyword of a call, or None."""
    for item in call.keywords:
        if item.arg == name and isinstance(item.value, ast.Constant):
            return item.value.value
    return None


def repository_files() -> list[Path]:
    """Files that are tracked or would be; every file outside hidden folders when there is no git."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
        paths = [ROOT / name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]


def run_tool(*command: str) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout[-8000:]}{done.stderr[-4000:]}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    run_tool("-m", "ruff", "check", "--output-format=concise", ".")


def test_ruff_would_format_nothing() -> None:
    run_tool("-m", "ruff", "format", "--check", ".")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_types_are_right() -> None:
    run_tool("-m", "mypy")


def test_imports_keep_the_contracts() -> None:
    run_tool("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")


def contracts() -> list[dict[str, object]]:
    record = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = record["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


def test_contracts_name_packages_that_exist() -> None:
    """A contract that forbids a misspelt package forbids nothing."""
    named = {str(name) for contract in contracts() for name in contract.get("forbidden_modules", [])}  # type: ignore[attr-defined]
    assert {name for name in named - OPTIONAL if importlib.util.find_spec(name) is None} == set()


def test_contracts_speak_of_every_part_of_the_package() -> None:
    """Every module except the front end with windows is a source of the contract that keeps Qt out."""
    parts = {f"iic_studio.{path.stem}" for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    no_qt = next(contract for contract in contracts() if "Qt" in str(contract["name"]))
    assert parts - set(no_qt["source_modules"]) <= {"iic_studio.gui", "iic_studio.__init__", "iic_studio.__main__"}  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("iic_studio", include_external_packages=True, cache_dir=None)


def external(graph: grimp.ImportGraph, modules: set[str]) -> set[str]:
    """Packages outside the standard library that some modules import themselves."""
    named = {name.partition(".")[0] for module in modules for name in graph.find_modules_directly_imported_by(module)}
    return named - sys.stdlib_module_names - {"iic_studio"}


@pytest.mark.parametrize("part", sorted(REACH))
def test_part_reaches_only_what_it_may(graph: grimp.ImportGraph, part: str) -> None:
    """The contracts name what is forbidden; this names what is allowed, so that a new package is not forgotten."""
    modules = {f"iic_studio.{part}"} | graph.find_descendants(f"iic_studio.{part}")
    reached = modules.union(*(graph.find_upstream_modules(module) for module in modules))
    assert external(graph, {module for module in reached if module.startswith("iic_studio")}) - REACH[part] == set()


def test_every_imported_package_is_a_declared_dependency(graph: grimp.ImportGraph) -> None:
    record = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*record["dependencies"], *(one for extra in record["optional-dependencies"].values() for one in extra)]
    declared = {re.split(r"[<>=!~; ]", one)[0].lower() for one in wanted}
    used = external(graph, {module for module in graph.modules if module.startswith("iic_studio")})
    assert {name for name in used if DISTRIBUTIONS.get(name, name).lower() not in declared} == set()


def test_tensors_are_loaded_without_code() -> None:
    bad = [
        where for path in MODULES for name, call, where in calls(path) if name == "torch.load" and keyword(call, "weights_only") is not True
    ]
    assert bad == []


def test_arrays_are_loaded_without_code() -> None:
    loads = ("np.load", "numpy.load")
    bad = [where for path in MODULES for name, call, where in calls(path) if name in loads and keyword(call, "allow_pickle") is not False]
    assert bad == []


@pytest.mark.parametrize("forbidden", [NETWORK, CODE_IN_DATA], ids=["network", "code in data"])
def test_no_module_imports(forbidden: set[str]) -> None:
    bad = [
        f"{where} {name}"
        for path in MODULES
        for name, where in imports(path)
        if any(name == other or name.startswith(f"{other}.") for other in forbidden - FETCHES.get(name_of(path), set()))
    ]
    assert bad == []


def test_loads_cannot_hide_behind_another_name() -> None:
    """The two tests above know `torch.load` and `np.load` by these names only."""
    hidden = {"torch.load", "numpy.load", "torch.hub"}
    assert [where for path in MODULES for name, where in imports(path) if name in hidden] == []
    assert [where for path in MODULES for name, _, where in calls(path) if name.startswith("torch.hub.")] == []
    usual = {"torch": (None, "torch"), "numpy": ("np",)}
    renamed = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in usual and alias.asname not in usual[alias.name]
    ]
    assert renamed == []


def test_no_call_blocks_or_kills() -> None:
    """No event loop inside an event loop, no pauses in place of signals, and only child processes are terminated."""
    bad = []
    for path in MODULES:
        for name, _, where in calls(path):
            last = name.rpartition(".")[2]
            receiver = name.split(".")[-2] if "." in name else ""
            if last == "processEvents" or name in ("time.sleep", "sleep"):
                bad.append(f"{where} {name}")
            elif last == "installEventFilter" and receiver.lower() in ("app", "qapp", "application", "instance()"):
                bad.append(f"{where} {name}: Python would be asked about every event of every widget")
            elif last in ("terminate", "kill") and not receiver.endswith(("process", "child")):
                bad.append(f"{where} {name}: only a process or child may be ended from outside")
    assert bad == []


def test_threads_are_python_s_own() -> None:
    """The wrapper of a QRunnable is destroyed in the thread that ran it, and the program ended there; see `gui/threads.py`."""
    assert [where for path in MODULES for name, where in imports(path) if name.rpartition(".")[2] in ("QRunnable", "QThreadPool")] == []


def test_a_computed_property_locks_no_other() -> None:
    """That of `functools` has one lock for all instances in Python 3.11; see `iic_studio/cached.py`."""
    assert "functools.cached_property" not in {name for path in MODULES for name, _ in imports(path)}
    named = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and dotted(node) == "functools.cached_property"
    ]
    assert named == []


def test_what_loads_slowly_is_loaded_where_it_is_used() -> None:
    """Each of these takes a tenth to half a second, and the window or a command would wait for all of them."""
    slow = (
        "sklearn",
        "scipy.optimize",
        "scipy.special",
        "scipy.stats",
        "scipy.sparse",
        "scipy.cluster",
        "umap",
        "onnx",
        "onnxruntime",
        "jinja2",
    )
    at_the_top = [
        f"{name_of(path)}:{node.lineno} {name}"
        for path in MODULES
        for node in tree_of(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.startswith(slow)
    ]
    assert at_the_top == []
    page = tree_of(PACKAGE / "gui" / "curves.py")
    early = {node.module for node in page.body if isinstance(node, ast.ImportFrom)} & {"iic_studio.gui.chart", "iic_studio.gui.curve_lines"}
    assert early == set(), "pyqtgraph is loaded when the curves are first looked at"


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES and name not in LONG_FILES} == {}
    assert [name for name in LONG_FILES if lengths.get(name, 0) <= MAX_FILE_LINES] == [], "no longer long: take it out of LONG_FILES"


def test_functions_are_short() -> None:
    lengths = {}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{name_of(path)}::{node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES and name not in LONG_FUNCTIONS} == {}


def test_main_window_stays_small() -> None:
    for path in PACKAGE.rglob("main_window.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 250


def test_every_module_says_what_it_is_for() -> None:
    trees = {name_of(path): tree_of(path) for path in MODULES}
    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    place = re.compile(rb"(?<![\w.~-])/(work|tmp|home|root|Users)/")
    bad = []
    for path in repository_files():
        data = path.read_bytes()
        if b"\0" in data[:1024]:
            continue
        found = {match.group(1).decode() for match in place.finditer(data)}
        if path.is_relative_to(ROOT / "tests"):
            found -= {"tmp", "home"}
        bad += [f"{name_of(path)}: /{name}/" for name in sorted(found)]
    assert bad == []
