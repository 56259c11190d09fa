"""`geo-review db`: starts, stops, migrates and shows the PostGIS. Holds no SQL and no rule."""

from __future__ import annotations

import json

import click

from geo_review.settings import from_environment
from geo_review.store import cluster
from geo_review.wording import say


@click.group()
def db() -> None:
    """内置 PostGIS（或 GEO_REVIEW_DATABASE_URL 所指的数据库）：启动、停止、迁移、查看。"""


@db.command()
def up() -> None:
    """启动内置 PostGIS 并迁移到最新结构；已在运行则只做迁移。"""
    settings = from_environment()
    url = cluster.database_url(settings)
    _migrate(url)
    if settings.database_url is not None:
        click.echo(say("setup.given_database_ready"))
        return
    found = cluster.status(settings.home)
    click.echo(say("setup.cluster_ready", port=found.port, folder=found.folder))
    if found.moved:
        click.echo(say("setup.cluster_moved", home=settings.home))


@db.command()
@click.option("--if-idle", is_flag=True, help="还有别的程序连着时不停。")
def down(if_idle: bool) -> None:
    """停止内置 PostGIS；数据保留。"""
    settings = from_environment()
    if settings.database_url is not None:
        click.echo(say("setup.given_database_untouched"))
        return
    stopped = cluster.stop(settings.home, only_when_idle=if_idle)
    click.echo(say("setup.cluster_stopped" if stopped else "setup.cluster_not_stopped"))


@db.command()
def url() -> None:
    """启动数据库并打印它的地址（含口令），供 psql、QGIS 等使用。"""
    # Without the driver's name libpq reads it too, and SQLAlchemy still takes psycopg2.
    click.echo(cluster.database_url(from_environment()).replace("postgresql+psycopg2://", "postgresql://", 1))


@db.command()
def migrate() -> None:
    """把数据库迁移到最新结构。"""
    _migrate(cluster.database_url(from_environment()))
    click.echo(say("setup.migrated"))


@db.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def status(as_json: bool) -> None:
    """查看内置 PostGIS 是否在运行、在哪里；没有在运行时退出码为 1。"""
    settings = from_environment()
    if settings.database_url is not None:
        click.echo(json.dumps({"embedded": False}) if as_json else say("setup.given_database_untouched"))
        return
    found = cluster.status(settings.home)
    if as_json:
        folder = None if found.folder is None else str(found.folder)
        told = {"embedded": True, "running": found.running, "pid": found.pid, "port": found.port, "folder": folder}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif found.running:
        click.echo(say("setup.cluster_running", port=found.port, folder=found.folder, pid=found.pid))
    else:
        click.echo(say("setup.cluster_not_running"))
    if not found.running:
        raise SystemExit(1)


def _migrate(url: str) -> None:
    from geo_review.store.migrate import migrate as to_newest  # Alembic takes a while to load; only here is it needed

    to_newest(url)
