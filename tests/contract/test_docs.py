"""The documents keep up with the code: codes, commands, options, settings, targets, links, and the README's session."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import click
import pytest
import sqlalchemy

from api.app import create_app
from api.problems import STATUS
from geo_review import errors
from geo_review.report import document
from geo_review.review.findings import Contact, Outcome, Verdict
from geo_review.rules.rulebook import RuleKind
from geo_review.settings import from_environment
from geo_review.wording import LANGUAGE, sentences

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))])
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
REWRITING = os.environ.get("GEO_REVIEW_GOLDEN") == "write"  # noqa: TID251 the tests' own switch
SESSION = re.compile(r"(?<=```console\n\$ )(?P<command>\S*geo-review review [^\n]+)\n(?P<printed>.*?)(?=\$ echo)", re.S)
ERROR_CLASSES = {name for name, kind in vars(errors).items() if isinstance(kind, type)}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def in_first_column(name: str) -> set[str]:
    """The code words of the first cells of a page's tables that hold nothing else."""
    cells = re.findall(r"^\|((?: `\w+`)+) \|", page(name), re.M)
    return {word for cell in cells for word in re.findall(r"\w+", cell)}


def test_boundaries_page_when_read_then_it_has_exactly_the_issue_codes() -> None:
    codes = {key.removeprefix("boundary.") for key in sentences(LANGUAGE) if key.startswith("boundary.")}
    assert in_first_column("docs/boundaries.md") == {code for code in codes if not code.startswith("place_")}


def test_errors_page_when_read_then_it_has_exactly_the_error_codes() -> None:
    found = {code for path in _modules() for code in _error_codes(path)}
    assert len(found) > 100
    assert in_first_column("docs/errors.md") - ERROR_CLASSES == found


def test_errors_page_when_read_then_it_has_every_status_of_the_api() -> None:
    text = page("docs/errors.md")
    for kind, status in STATUS.items():
        assert re.search(rf"^\| `{kind.__name__}` \|.*\| {status} \|", text, re.M), kind.__name__


def test_report_page_when_read_then_it_has_every_verdict_outcome_and_contact() -> None:
    assert {*Verdict, *Outcome, *Contact} <= set(re.findall(r"`(\w+)`", page("docs/report.md")))


def test_report_page_when_read_then_it_has_every_key_of_a_report() -> None:
    tree = ast.parse(Path(document.__file__).read_text(encoding="utf-8"))
    keys = {
        key.value
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in ("to_document", "boundary_document", "_result")
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    assert len(keys) > 50
    assert not keys - set(re.findall(r"`(\w+)(?:\[\])?`", page("docs/report.md")))


def test_every_rule_kind_has_a_page() -> None:
    assert set(RuleKind) <= in_first_column("docs/rulebook.md")


@pytest.mark.parametrize("entry", entry_points(group="geo_review.commands"), ids=lambda entry: entry.name)
def test_commands_page_when_read_then_it_has_every_command_with_its_options(entry: EntryPoint) -> None:
    section = re.search(rf"^## `{entry.name}`$(.*?)(?=^## |\Z)", page("docs/commands.md"), re.M | re.S)
    assert section, "a heading of its own"
    rows = [re.split(r"(?<!\\)\|", row) for row in re.findall(r"^\|.*$", section[1], re.M)]
    for name, command in _commands(entry.name, entry.load()):
        if name == entry.name:  # a table of options
            told = "".join(cells[1] for cells in rows)
        else:  # one row of the group's table
            told = "".join(cells[2] for cells in rows if re.match(rf" `{name}[ `]", cells[1]))
            assert told, name
        options = {
            option
            for given in command.params
            if isinstance(given, click.Option)
            for option in given.opts
            if option.startswith("--")
        }
        assert set(re.findall(r"--[a-z][a-z-]*", told)) == options, name


def test_api_page_when_read_then_it_has_exactly_the_calls_there_are() -> None:
    app = create_app(from_environment(), sqlalchemy.create_engine("postgresql+psycopg2://"))
    calls = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    assert set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", page("docs/api.md"), re.M)) == calls


def test_settings_page_when_read_then_it_has_every_variable_and_every_target_of_make() -> None:
    places = [*_modules(), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]
    # A name that ends in _ is a prefix.
    named = {name for path in places for name in re.findall(r"GEO_REVIEW_[A-Z_]*[A-Z]", path.read_text("utf-8"))}
    makefile = page("Makefile")
    text = page("docs/settings.md")
    assert not {name for name in named if f"`{name}`" not in text}
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, re.M)
    assert set(re.findall(r"^\| `make ([a-z-]+)` \|", text, re.M)) == set(targets)


def test_readme_when_read_then_it_names_both_commands_and_every_exit_status() -> None:
    text = page("README.md")
    assert all(f"make {name}" in text for name in ("demo", "test"))
    for status, verdict in {
        0: "通过 pass",
        10: "需征询 consult",
        20: "不通过 fail",
        30: "未完成检测 incomplete",
    }.items():
        assert f"| {status} | {verdict} |" in text


@pytest.mark.parametrize("name", ["README.md", "docs/zh/quick-start.md"])
def test_golden_session_when_run_again_then_it_prints_what_the_page_shows(name: str) -> None:
    shown = SESSION.search(page(name))
    assert shown, "a session"
    words = [str(Path(sys.executable).parent / "geo-review"), *shlex.split(shown["command"])[1:]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"})
    assert done.returncode == 20, done.stderr
    printed = "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())
    if REWRITING:
        text = page(name)
        (ROOT / name).write_text(text[: shown.start("printed")] + printed + text[shown.end("printed") :], "utf-8")
        return
    assert printed == shown["printed"], "`make golden` writes it anew"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        led = (path.parent / file).resolve() if file else path
        assert led.exists(), target
        if anchor:
            assert anchor in _anchors(led), target


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        links = re.findall(r"\]\(([^)#\s:]+)", path.read_text(encoding="utf-8"))
        waiting += [(path.parent / link).resolve() for link in links]
    assert set(PAGES) <= seen


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decision_has_its_number_and_the_parts_of_a_decision(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.stem[:4])}. ")
    parts = re.findall(r"^## (.+)$", text, re.M)
    assert parts == ["Status", "Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def _modules() -> list[Path]:
    return [
        path for package in ("geo_review", "api", "layers", "sync") for path in sorted((ROOT / package).rglob("*.py"))
    ]


def _anchors(path: Path) -> set[str]:
    """Headings as GitHub and most renderers turn them into anchors."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands that can be run, with their full names."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    for child, member in sorted(command.commands.items()):
        yield from _commands(f"{name} {child}", member)


_REFUSING = ("_refused", "refused", "_damaged", "choice_needed")


def _error_codes(path: Path) -> Iterator[str]:
    """Yield the code of every error and problem that a module makes; see how each room refuses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    room = path.relative_to(ROOT).parts[:2]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "_refusal":
            yield from (word.value for word in node.args.kw_defaults if isinstance(word, ast.Constant))
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in ERROR_CLASSES | {"_refusal", "Problem", "FaultyBoundary"}:
            for word in node.keywords:
                if word.arg == "code":
                    yield from _words(word.value, tree)
        elif room in (("geo_review", "boundary"), ("geo_review", "sandbox")) and called in _REFUSING:
            yield from _words(node.args[0], tree)
        elif room == ("geo_review", "control") and called in ("unreadable", "_unknown", "_refuse"):
            yield from (f"layer_{code}" for code in _words(node.args[called == "unreadable"], tree))
        elif room == ("geo_review", "store") and called == "_unavailable":
            yield from _words(node.args[0], tree)


def _words(node: ast.expr | None, tree: ast.Module) -> Iterator[str]:
    """Yield the texts an expression can be: itself, either branch, what is assigned to its name, a table's values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, tree)
        yield from _words(node.orelse, tree)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _words(value, tree)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        yield from _words(node.func.value, tree)
        for word in node.args[1:]:
            yield from _words(word, tree)
    elif isinstance(node, ast.Name):
        for other in ast.walk(tree):
            targets = (
                other.targets
                if isinstance(other, ast.Assign)
                else [other.target]
                if isinstance(other, ast.AnnAssign)
                else []
            )
            if any(isinstance(target, ast.Name) and target.id == node.id for target in targets):
                yield from _words(other.value, tree)  # type: ignore[attr-defined]  # an assignment
