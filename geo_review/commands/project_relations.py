"""`geo-review projects drift|lineage|neighbours|standing`: red lines beside and after others. Holds no rule, no SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from geo_review.commands.project_values import parse_as_of
from geo_review.commands.store_session import transaction
from geo_review.errors import InvalidOption
from geo_review.report.neighbour_document import lineage_finding_document, neighbour_document
from geo_review.review.drift import drift_sentence
from geo_review.review.lineage import ParentNamed
from geo_review.review.neighbours import Neighbour, Standing
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_rulebook
from geo_review.settings import from_environment, moment_now
from geo_review.store.boundaries import BoundaryName
from geo_review.store.lineage import FamilyMember, family
from geo_review.store.neighbours import list_neighbours
from geo_review.usecases.drift_report import (
    DriftReport,
    before,
    drift_report,
    named_version,
    report_document,
    stage_drifts,
)
from geo_review.usecases.keep_neighbours import change_standing
from geo_review.usecases.lineage_of import family_document, findings_in_force
from geo_review.usecases.submission_told import ToldSubmission
from geo_review.wording import say
from geo_review.wording.figures import square_metres

_json_option = click.option("--json", "as_json", is_flag=True, help=say("lineage.option_json"))


@click.command(help=say("drift.help"))
@click.argument("code")
@click.argument("first", required=False, metavar="[V1]")
@click.argument("second", required=False, metavar="[V2]")
@click.option("--stages", is_flag=True, help=say("drift.option_stages"))
@click.option(
    "--rulebook", "rulebook_name", default=DEFAULT_RULEBOOK, show_default=True, help=say("drift.option_rulebook")
)
@click.option("--as-of", metavar="DATE", help=say("drift.option_as_of"))
@_json_option
def drift(
    code: str,
    first: str | None,
    second: str | None,
    stages: bool,
    rulebook_name: str,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Tell what changed between two red lines, the last two when none is named."""
    if stages and first:
        raise InvalidOption(code="versions_and_stages", message=say("drift.versions_and_stages"))
    day = parse_as_of(as_of)
    rulebook = parse_rulebook(read_rulebook(rulebook_name), name=rulebook_name)
    with transaction(from_environment()) as session:
        if stages:
            reports = stage_drifts(session, code, rulebook=rulebook, as_of=day)
        else:
            last = second or first
            later = named_version(code, last) if last else ParentNamed(code=code)
            earlier = named_version(code, first) if first and second else before(session, later)
            reports = (drift_report(session, earlier, later, rulebook=rulebook, as_of=day),)
    if as_json:
        documents = [report_document(report) for report in reports]
        _echo_json({"code": code, "drifts": documents} if stages else documents[0])
        return
    for report in reports:
        for line in _drift_lines(report):
            click.echo(line)


@click.command(help=say("lineage.help"))
@click.argument("code")
@_json_option
def lineage(code: str, as_json: bool) -> None:
    """Tell which red line was drawn from which, over all projects."""
    with transaction(from_environment()) as session:
        members = family(session, code)
        findings = findings_in_force(session, code)
    if as_json:
        _echo_json(
            {
                "code": code,
                "versions": [family_document(member) for member in members],
                "findings": [lineage_finding_document(finding) for finding in findings],
            }
        )
        return
    if not members:
        click.echo(say("lineage.none", code=code))
        return
    for tree in _trees(members):
        Console(width=None if Console().is_terminal else 180).print(tree)
    for finding in findings:
        click.echo(say("lineage.finding", message=finding.message))


@click.command(help=say("neighbours.help"))
@click.argument("code")
@_json_option
def neighbours(code: str, as_json: bool) -> None:
    """Tell how a project's red line in force lies to the others in force."""
    with transaction(from_environment()) as session:
        found = list_neighbours(session, code)
    if as_json:
        _echo_json({"code": code, "neighbours": [neighbour_document(one) for one in found]})
        return
    for line in neighbour_lines(found):
        click.echo(line)


@click.command(help=say("neighbours.help_standing"))
@click.argument("code")
@click.argument("standing", type=click.Choice([str(standing) for standing in Standing]))
def standing(code: str, standing: str) -> None:
    """Store how a project stands, and hold its red line against the others anew."""
    with transaction(from_environment()) as session:
        change_standing(session, code, Standing(standing), now=moment_now())
        found = list_neighbours(session, code)
    click.echo(say("neighbours.standing_stored", code=code, standing=say(f"neighbours.standing_{standing}")))
    for one in found:
        click.echo(say("neighbours.line", message=one.message))


def told_lines(told: ToldSubmission) -> Iterator[str]:
    """Say where a red line that was submitted comes from, and what lies beside it."""
    stored = told.stored
    if stored.parents or stored.stage:
        yield say(
            "lineage.of_submission",
            relation=say(f"lineage.relation_{stored.relation}"),
            parents="、".join(str(parent) for parent in stored.parents) or say("lineage.no_parent"),
            stage=_stage(stored.stage),
        )
    for finding in told.findings:
        yield say("lineage.finding", message=finding.message)
    yield from neighbour_lines(told.neighbours)


def neighbour_lines(found: Iterable[Neighbour]) -> Iterator[str]:
    """Say a sentence a neighbour, or that there is none."""
    lines = [say("neighbours.line", message=one.message) for one in found]
    yield from lines or [say("neighbours.none")]


def _drift_lines(report: DriftReport) -> Iterator[str]:
    earlier, later = (
        BoundaryName(code=stored.project_code, version=stored.version) for stored in (report.earlier, report.later)
    )
    yield say(
        "drift.heading",
        earlier=earlier,
        earlier_stage=_stage(report.earlier.stage),
        later=later,
        later_stage=_stage(report.later.stage),
    )
    yield say("drift.line", message=drift_sentence(report.drift))
    for layer in report.layers:
        yield say("drift.line", message=layer.message)
    if not report.layers:
        yield say("drift.line", message=say("drift.layers_none"))
    if report.missing_layers:
        yield say("drift.line", message=say("drift.layers_missing", codes="、".join(report.missing_layers)))


def _trees(members: tuple[FamilyMember, ...]) -> Iterator[Tree]:
    """One tree a red line without parents; what was merged stands below each of its parents, once in full."""
    by_name = {member.name: member for member in members}
    shown: set[BoundaryName] = set()

    def grow(tree: Tree, member: FamilyMember) -> None:
        for name in member.children:
            child = by_name[name]
            if name in shown:
                tree.add(Text(say("lineage.shown_above", name=name)))
                continue
            shown.add(name)
            grow(tree.add(Text(_member(child))), child)

    for member in members:
        if not member.parents:
            tree = Tree(Text(_member(member)))
            grow(tree, member)
            yield tree


def _member(member: FamilyMember) -> str:
    return say(
        "lineage.member",
        name=member.name,
        relation=say(f"lineage.relation_{member.relation}"),
        project=member.project_name,
        area=square_metres(member.planar_area_m2),
        moment=member.submitted_at.strftime("%Y-%m-%d %H:%M"),
        stage=_stage(member.stage),
        standing=say(f"neighbours.standing_{member.standing}"),
    )


def _stage(stage: int | None) -> str:
    return say("lineage.stage_not_said") if stage is None else say(f"lineage.stage_{stage}")


def _echo_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
