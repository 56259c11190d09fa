"""`geo-review review FILE`: a red line in, a verdict out. With ``--layers`` it needs no database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import companion_paths
from geo_review.commands.project_values import parse_as_of, parse_values
from geo_review.commands.red_line_reading import asked_options, read_red_line, received_path
from geo_review.commands.report_outputs import Outputs, deliver, output_options
from geo_review.control.layers_toml import FILE_NAME as LAYERS_TOML
from geo_review.report.document import to_document
from geo_review.rules.load import DEFAULT_RULEBOOK, load_rulebook
from geo_review.rules.rulebook import Rulebook
from geo_review.settings import from_environment
from geo_review.usecases.folder_review import review_with_folder
from geo_review.usecases.judge_red_line import review_file
from geo_review.wording import say


@click.command(help=say("cli.review_help"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layers", "layers_folder", type=click.Path(path_type=Path), help=say("cli.option_layers"))
@click.option(
    "--rulebook", "rulebook_name", default=DEFAULT_RULEBOOK, show_default=True, help=say("cli.option_rulebook")
)
@click.option("--as-of", metavar="DATE", help=say("cli.option_as_of"))
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help=say("cli.option_set"))
@asked_options
@output_options
def review(
    file: Path,
    layers_folder: Path | None,
    rulebook_name: str,
    as_of: str | None,
    pairs: tuple[str, ...],
    asked: Asked,
    **outputs: str | None,
) -> None:
    """Review a red line that is stored nowhere, against a folder of layers or the published layers of the store."""
    settings = from_environment()
    legal_date, values = parse_as_of(as_of), parse_values(pairs)
    rulebook = load_rulebook(rulebook_name)
    received = received_path(file)
    wanted = Outputs(**outputs)
    wanted.refuse_clashes(_inputs(file, layers_folder, rulebook_name, rulebook))
    boundary = read_red_line(received, city=settings.city, asked=asked)
    if layers_folder is not None:
        report, context = review_with_folder(layers_folder, boundary, rulebook, legal_date, values)
    else:
        # The database's libraries take half a second to import: only for who asks it.
        from geo_review.commands.store_session import transaction
        from geo_review.usecases.run_review import map_context, published_near

        with transaction(settings) as session:
            layers_of = published_near(session, boundary, rulebook, legal_date)
            report = review_file(layers_of, boundary, rulebook, legal_date, values)
            context = map_context(session, boundary, rulebook, legal_date)
    sys.exit(deliver(to_document(report), wanted, context))


def _inputs(file: Path, layers_folder: Path | None, rulebook_name: str, rulebook: Rulebook) -> list[Path]:
    """Every file the review reads: an output may not be one of them."""
    stems = {stem for code in rulebook.layer_codes for stem in (code, f"{code}.coverage")}
    layers = layers_folder.iterdir() if layers_folder is not None and layers_folder.is_dir() else ()
    return [
        file,
        *companion_paths(file),
        *(path for path in layers if path.stem in stems or path.name == LAYERS_TOML),
        *([Path(rulebook_name)] if Path(rulebook_name).is_file() else []),
    ]
