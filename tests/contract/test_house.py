"""The manners of the house that no linter knows: names, sizes, purposes, wording, addresses, status codes."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_review.errors import GeoReviewError
from geo_review.wording import LANGUAGE, sentences

ROOT = Path(__file__).parents[2]
PACKAGES = ("geo_review", "api", "layers", "sync")
DOORS = ("api", "layers", "sync")
LONGEST_MODULE_LINES = 400
BANNED_NAMES = {
    "base",
    "common",
    "core",
    "data",
    "factory",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "info",
    "manager",
    "managers",
    "misc",
    "processor",
    "service",
    "services",
    "util",
    "utils",
}
# Addresses that a page, a lock file or a program of a closed network must never name.
FOREIGN_ADDRESSES = re.compile(
    r"//[^\s\"')]*(?:unpkg|jsdelivr|cdnjs|cdn\.|googleapis|gstatic|bootstrapcdn|pypi\.|pythonhosted|npmjs|"
    r"npmmirror|tile\.openstreetmap|tsinghua|aliyun)"
)
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".sql",
    ".typ",
    ".json",
    ".lock",
    ".md",
    ".svg",
    ".ipynb",
    ".mako",
}
SQL_STATEMENT = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\b", re.DOTALL)


def modules(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=shown)
def test_module_has_a_telling_name_a_purpose_and_a_size_one_can_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in BANNED_NAMES, "name what it holds or what it does"
    assert path.parent.name not in BANNED_NAMES, "name what it holds or what it does"
    assert len(text.splitlines()) <= LONGEST_MODULE_LINES, "two rooms in one"
    assert ast.get_docstring(ast.parse(text)), "the first line says what the module owns and refuses"
    assert text.startswith(('"""', 'r"""')), "the docstring comes first"


@pytest.mark.parametrize("path", sorted((ROOT / "geo_review/store/sql").glob("*.sql")), ids=shown)
def test_sql_file_begins_with_its_purpose(path: Path) -> None:
    assert re.match(r"-- \w.{15,}", path.read_text(encoding="utf-8")), "a first line `-- what it answers and why so`"


@pytest.mark.parametrize("path", modules(*DOORS), ids=shown)
def test_door_holds_no_sql(path: Path) -> None:
    found = [text for text in _strings(path) if SQL_STATEMENT.search(text)]
    assert not found, "only the store speaks SQL"


def test_every_sentence_that_code_says_is_in_the_catalogue_with_its_placeholders() -> None:
    catalogue = sentences(LANGUAGE)
    wrong = []
    for path in modules(*PACKAGES):
        for key, given, line in _said(path):
            place = f"{shown(path)}:{line} {key}"
            if key not in catalogue:
                wrong.append(f"{place}: not in the catalogue")
            elif given is not None and (missing := _placeholders(catalogue[key]) - given):
                wrong.append(f"{place}: without {sorted(missing)}")
    assert not wrong


def test_wording_tables_are_flat_and_their_placeholders_have_names() -> None:
    for path in sorted((ROOT / "geo_review/wording").rglob("*.toml")):
        for name, sentence in tomllib.loads(path.read_text(encoding="utf-8")).items():
            assert isinstance(sentence, str), f"{shown(path)}: {name} is no sentence"
            assert all(word.isidentifier() for word in _placeholders(sentence)), f"{shown(path)}: {name}"


def test_nothing_names_a_foreign_address() -> None:
    folders = [ROOT / name for name in (*PACKAGES, "notebooks", "docs")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in TEXT_SUFFIXES]
    files += [ROOT / name for name in ("Makefile", "pyproject.toml", "requirements.lock", "README.md", ".ci/run")]
    found = {
        f"{shown(path)}: {hit[0]}"
        for path in files
        for hit in FOREIGN_ADDRESSES.finditer(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_lock_file_has_a_hash_for_every_package_and_no_option() -> None:
    entries = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry


def test_routes_are_plain_functions_because_the_driver_blocks() -> None:
    found = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in modules("api")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.AsyncFunctionDef) and (shown(path), node.name) != ("api/app.py", "lifespan")
    ]
    assert not found


def test_every_error_has_its_http_status() -> None:
    from api.problems import STATUS

    without = {
        leaf.__name__
        for leaf in _leaves(GeoReviewError)
        if leaf.__module__ == GeoReviewError.__module__ and not any(ancestor in STATUS for ancestor in leaf.__mro__)
    }
    assert not without
    assert set(STATUS.values()) <= {400, 401, 403, 404, 409, 413, 415, 422, 503}


def test_every_folder_of_tests_is_a_package() -> None:
    without = {
        shown(path.parent) for path in (ROOT / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()
    }
    assert not without, "two tests of one name in two folders would be one module"


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _said(path: Path) -> Iterator[tuple[str, set[str] | None, int]]:
    """Yield the keys said literally, the placeholders given (None when by ``**``), and the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("say", "_say")
            and node.args
        ):
            given = {word.arg for word in node.keywords if word.arg is not None}
            whole = given if len(given) == len(node.keywords) else None
            for key in _literal_keys(node.args[0]):
                yield key, whole, node.lineno


def _literal_keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literal_keys(node.body)
        yield from _literal_keys(node.orelse)


def _placeholders(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _leaves(root: type[GeoReviewError]) -> Iterator[type[GeoReviewError]]:
    for child in root.__subclasses__():
        if child.__subclasses__():
            yield from _leaves(child)
        yield child
