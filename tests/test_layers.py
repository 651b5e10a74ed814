"""The house rules on who may import whom, read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("monitor/**/*.py"), *ROOT.glob("db/**/*.py"), ROOT / "scheduler.py"])

# Everyone may use these: the vocabulary, and the arithmetic of its dates.
VOCABULARY = {"db.records", "monitor.items", "monitor.exceptions", "monitor.isoday"}
COLLECTING = (
    "monitor.spiders", "monitor.middlewares", "monitor.readers", "monitor.pipelines",
    "monitor.settings", "monitor.crawl", "monitor.resources", "monitor.archive", "monitor.pool",
    "monitor.importing",
)  # fmt: skip
# outside library: the only places that may import it
KEPT_IN = {
    "trafilatura": ("monitor.extract",),
    "pypdfium2": ("monitor.extract",),
    "py3langid": ("monitor.extract",),
    "dateparser": ("monitor.extract",),
    "sqlite_utils": ("db",),
    "scrapy": COLLECTING,
    "twisted": COLLECTING,
    "pebble": COLLECTING,
    "warcio": (*COLLECTING, "monitor.export.warc"),
    "playwright": ("monitor.rendering",),
    "pyarrow": ("monitor.export.parquet",),
    "apscheduler": ("scheduler",),
    "starlette": ("monitor.desk", "monitor.cli"),
    "uvicorn": ("monitor.desk", "monitor.cli"),
    "click": ("monitor.cli",),
}
PURE = ("monitor.detect", "monitor.decide")
PURE_LIBRARIES = {"rapidfuzz", "regex"}
# A clock, a file or a log: what pure code must not ask for. Packaged tables are read once.
IMPURE = {"time", "logging", "sqlite3", "os", "pathlib", "socket", "subprocess", "urllib.request"}


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports at run time, also inside functions."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


MODULES = [pytest.param(module_of(f), set(imports(f)), id=module_of(f)) for f in FILES]


@pytest.mark.parametrize(("module", "imported"), MODULES)
def test_an_outside_library_stays_in_its_layer(module: str, imported: set[str]) -> None:
    for library, places in KEPT_IN.items():
        if library in imported:
            assert lies_in(module, places), f"{module} imports {library}"


@pytest.mark.parametrize(("module", "imported"), MODULES)
def test_memory_knows_nothing_of_the_monitor_but_its_words(module: str, imported: set[str]) -> None:
    if not lies_in(module, ("db",)):
        return
    back = {name for name in imported if name.startswith(("monitor", "scheduler"))}
    assert all(lies_in(name, tuple(VOCABULARY)) for name in back), f"{module}: {back}"


@pytest.mark.parametrize(("module", "imported"), MODULES)
def test_nobody_imports_the_scheduler_but_the_command(module: str, imported: set[str]) -> None:
    if "scheduler" in imported:
        assert lies_in(module, ("monitor.cli",))


@pytest.mark.parametrize(("module", "imported"), MODULES)
def test_the_pure_core_takes_values_and_returns_values(module: str, imported: set[str]) -> None:
    if not lies_in(module, PURE):
        return
    assert not imported & IMPURE, f"{module} asks for {imported & IMPURE}"
    own = {name for name in imported if name.startswith(("monitor", "db"))}
    allowed = (*PURE, *VOCABULARY)
    assert all(lies_in(name, allowed) for name in own if name != "db"), f"{module}: {own}"


@pytest.mark.parametrize(("module", "imported"), MODULES)
def test_sql_stands_in_the_memory_only(module: str, imported: set[str]) -> None:
    if lies_in(module, ("db",)):
        return
    source = ROOT / (module.replace(".", "/") + ".py")
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    assert ".execute(" not in text, f"{module} speaks SQL"


def test_importing_a_pure_module_loads_neither_scrapy_nor_sqlite() -> None:
    import subprocess
    import sys

    code = (
        "import sys, db.records, monitor.decide.update, monitor.detect.names; "
        "print(sorted({'scrapy', 'sqlite3', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
