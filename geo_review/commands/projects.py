"""`geo-review projects`: projects and their red lines in the store, and their reviews. Holds no rule and no SQL."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from geo_review.boundary.asked import Asked
from geo_review.commands.origin_options import origin_options
from geo_review.commands.project_export import export
from geo_review.commands.project_import import FolderOptions, folder_options, import_folder, needed
from geo_review.commands.project_relations import drift, lineage, neighbours, standing, told_lines
from geo_review.commands.project_rerun import rerun
from geo_review.commands.project_values import parse_as_of, parse_values
from geo_review.commands.project_words import listed, print_project, print_projects, project_document, stored_lines
from geo_review.commands.red_line_reading import asked_options, read_red_line, received_path
from geo_review.commands.report_outputs import Outputs, deliver, output_options
from geo_review.commands.store_session import transaction
from geo_review.identifiers import unusual_xmdm
from geo_review.report.document import issue_document
from geo_review.review.findings import Verdict
from geo_review.review.lineage import Origin
from geo_review.rules.flows import flow_slug
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_rulebook
from geo_review.settings import from_environment, moment_now
from geo_review.store.boundaries import get_boundary, list_boundaries
from geo_review.store.projects import get_project, list_projects
from geo_review.store.reviews import list_reviews
from geo_review.usecases.run_review import map_context, review_project
from geo_review.usecases.submission_told import ToldSubmission, origin_document, told_submission
from geo_review.usecases.submit_project import submit_boundary, submit_project
from geo_review.wording import say

_json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")


@click.group()
def projects() -> None:
    """项目与用地红线：入库、列出、查看、审查。"""


@projects.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|DIR")
@click.option("--code", metavar="XMDM", help="项目代码，单个文件必给。")
@click.option("--name", help="项目名称，单个文件必给。")
@click.option("--flow", metavar="TYPE", help="项目类型，如 industrial；规则按它适用。")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="项目的规划指标，如 RJL=1.8，可多次给出。")
@asked_options
@origin_options
@folder_options
@_json_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    code: str | None,
    name: str | None,
    flow: str | None,
    pairs: tuple[str, ...],
    asked: Asked,
    origin: Origin,
    of_folder: FolderOptions,
    as_json: bool,
) -> None:
    """把一个新项目和它的用地红线文件 FILE 存入数据库；或把文件夹 DIR 中的红线逐个存入，一个有错不影响其余。

    单个文件有错则以 2 退出，什么也不存。文件夹中有文件被拒绝的以 2 退出，其余照存。
    """
    settings = from_environment()
    if file.is_dir() and file.suffix.lower() != ".gdb":  # the folder of a geodatabase is one file
        given: dict[str, object] = {"--code": code, "--name": name, "--set": pairs, "--layer": asked.layer}
        given |= {
            "--parcel": asked.parcels,
            "--relation": origin.relation,
            "--parent": origin.parents,
            "--stage": origin.stage,
        }
        import_folder(
            file,
            settings=settings,
            flow=flow_slug(flow) if flow else None,
            asked=asked,
            options=of_folder,
            only_for_one_file=[option for option, value in given.items() if value],
            as_json=as_json,
        )
        return
    of_folder.refuse_for_one_file()
    code, name = needed(context, "code", code), needed(context, "name", name)
    values, received = parse_values(pairs), received_path(file)
    red_line = read_red_line(received, city=settings.city, asked=asked)
    with transaction(settings) as session:
        stored = submit_project(
            session,
            code=code,
            name=name,
            flow=flow_slug(flow) if flow else None,
            attributes=values,
            file=received,
            boundary=red_line,
            origin=origin,
            now=moment_now(),
        )
        told = told_submission(session, stored)
    _tell_stored(told, as_json=as_json)


@projects.command()
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@asked_options
@origin_options
@_json_option
def boundary(code: str, file: Path, asked: Asked, origin: Origin, as_json: bool) -> None:
    """为已入库的项目 CODE 提交新一版用地红线；以前的版本原样保留。"""
    settings = from_environment()
    received = received_path(file)
    red_line = read_red_line(received, city=settings.city, asked=asked)
    with transaction(settings) as session:
        stored = submit_boundary(
            session,
            code,
            received,
            red_line,
            origin=origin,
            now=moment_now(),
        )
        told = told_submission(session, stored)
    _tell_stored(told, as_json=as_json)


@projects.command("list")
@click.option("--verdict", type=click.Choice([str(verdict) for verdict in Verdict]), help="只列最近结论为此的项目。")
@click.option("--unreviewed", is_flag=True, help="只列最新红线尚未审查的项目。")
@click.option("--search", help="项目代码或名称中的一段。")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="最多列出几个。")
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过前面几个。")
@_json_option
def list_(verdict: str | None, unreviewed: bool, search: str | None, limit: int, offset: int, as_json: bool) -> None:
    """列出项目与最近结论，最近入库的在前。"""
    with transaction(from_environment()) as session:
        page = list_projects(
            session,
            limit=limit,
            offset=offset,
            verdict=Verdict(verdict) if verdict else None,
            unreviewed=unreviewed,
            search=search,
        )
    if as_json:
        _echo_json({"total": page.total, "projects": [listed(line) for line in page.lines]})
    else:
        print_projects(page)


@projects.command()
@click.argument("code")
@_json_option
def show(code: str, as_json: bool) -> None:
    """查看一个项目：红线的各个版本，和历次审查。"""
    with transaction(from_environment()) as session:
        project = get_project(session, code)
        boundaries, reviews = list_boundaries(session, code), list_reviews(session, code)
    if as_json:
        _echo_json(project_document(project, boundaries, reviews))
    else:
        print_project(project, boundaries, reviews)


@projects.command()
@click.argument("code")
@click.option("--version", type=click.IntRange(1), metavar="N", help="红线的版本，默认最新。")
@click.option(
    "--rulebook", "rulebook_name", default=DEFAULT_RULEBOOK, show_default=True, help=say("cli.option_rulebook")
)
@click.option("--as-of", metavar="DATE", help=say("cli.option_as_of"))
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help=say("cli.option_set"))
@output_options
def review(
    code: str,
    version: int | None,
    rulebook_name: str,
    as_of: str | None,
    pairs: tuple[str, ...],
    **outputs: str | None,
) -> None:
    """按已发布的图层审查一个项目的用地红线，并留存报告。退出码同 geo-review review。"""
    legal_date, values = parse_as_of(as_of), parse_values(pairs)
    content = read_rulebook(rulebook_name)
    rulebook = parse_rulebook(content, name=rulebook_name)
    # The files are written inside the transaction: where one cannot be, no review is left behind either.
    with transaction(from_environment()) as session:
        made = review_project(
            session,
            code=code,
            version=version,
            rulebook=rulebook,
            rulebook_content=content,
            as_of=legal_date,
            set_values=values,
            now=moment_now(),
        )
        red_line = get_boundary(session, code, made.boundary_version).boundary
        status = deliver(made.document, Outputs(**outputs), map_context(session, red_line, rulebook, legal_date))
    sys.exit(status)


for command in (export, drift, lineage, neighbours, rerun, standing):
    projects.add_command(command)


def _tell_stored(told: ToldSubmission, *, as_json: bool) -> None:
    stored = told.stored
    warning = unusual_xmdm(stored.project_code)
    if warning is not None:
        click.echo(warning, err=True)
    if as_json:
        _echo_json(
            {
                "code": stored.project_code,
                "version": stored.version,
                "is_new": stored.is_new,
                "sha256": stored.boundary.file.sha256,
                "crs": {"epsg": stored.boundary.crs.epsg, "how": str(stored.boundary.crs.how)},
                "area_planar_m2": stored.boundary.planar_area_m2,
                "area_ellipsoidal_m2": stored.boundary.ellipsoidal_area_m2,
                "issues": [issue_document(issue) for issue in stored.boundary.issues],
                **origin_document(told),
            }
        )
        return
    for line in (*stored_lines(stored), *told_lines(told)):
        click.echo(line)


def _echo_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
