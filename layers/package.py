"""`geo-review layers package CODE V`: what the province would be sent of a version, as a file to look at."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from geo_review.commands.file_outputs import write_all
from geo_review.commands.store_session import transaction
from geo_review.exchange.package_profile import DEFAULT_PROFILE, load_profile
from geo_review.settings import from_environment
from geo_review.usecases.control_line_package import package_of_version
from geo_review.wording import say


@click.command()
@click.argument("code")
@click.argument("version", metavar="V")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help=say("package.option_out"))
@click.option(
    "--profile",
    "profile_name",
    default=DEFAULT_PROFILE,
    show_default=True,
    metavar="NAME|FILE",
    help=say("package.option_profile"),
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def package(code: str, version: str, out: Path, profile_name: str, as_json: bool) -> None:
    """把图层的一个版本打成上报省里的规划控制线数据包（zip），供查看；不发送，不改库。"""
    profile = load_profile(profile_name)
    with tempfile.TemporaryFile() as packed:
        with transaction(from_environment()) as session:
            built = package_of_version(session, code, version, profile, into=packed)
        packed.seek(0)
        write_all({str(out): packed.read()})
    if as_json:
        click.echo(json.dumps(built.manifest, ensure_ascii=False, indent=2))
        return
    click.echo(
        say(
            "package.written",
            path=str(out),
            code=code,
            version=version,
            features=f"{built.manifest['feature_count']:,}",
            files=len(built.manifest["files"]) + 1,
        )
    )
    if not profile.confirmed:
        click.echo(say("package.unconfirmed", profile=profile.id))
