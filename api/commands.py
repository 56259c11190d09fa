"""`geo-review serve` and `geo-review demo`: the commands of this door. Each puts rooms together and decides nothing."""

from __future__ import annotations

import click

from geo_review.wording import say

_host = click.option("--host", default="127.0.0.1", show_default=True, help=say("serving.option_host"))
_port = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=say("serving.option_port")
)


@click.command(help=say("serving.serve_help"))
@_host
@_port
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=say("serving.option_workers"))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site and the API until a signal ends it."""
    from api.standing import serve_site  # the web half takes a second to load: only for who starts it

    serve_site(host, port, workers=workers)


@click.command(help=say("serving.demo_help"))
@_host
@_port
@click.option("--once", is_flag=True, help=say("serving.option_once"))
def demo(host: str, port: int, once: bool) -> None:
    """Load the sample city, show one review, then serve; with ``--once`` check the site instead and leave."""
    from api.demo import run_demo

    run_demo(host, port, once=once)
