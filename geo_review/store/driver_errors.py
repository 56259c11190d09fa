"""What a broken constraint means to a caller, by its name: the one place that reads driver errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from geo_review.errors import Conflict, GeoReviewError, LayerVersionExists, ProjectExists
from geo_review.wording import say


def _project_exists(values: Mapping[str, object]) -> GeoReviewError:
    return ProjectExists(
        code="project_exists",
        message=say("store.project_exists", **values),
        remedy=say("store.project_exists_remedy", **values),
    )


def _layer_version_exists(values: Mapping[str, object]) -> GeoReviewError:
    return LayerVersionExists(
        code="layer_version_exists",
        message=say("store.layer_version_exists", **values),
        remedy=say("store.layer_version_exists_remedy"),
    )


def _published_meanwhile(values: Mapping[str, object]) -> GeoReviewError:
    return Conflict(code="layer_published_meanwhile", message=say("store.layer_published_meanwhile", **values))


# Never by the text of the error: it is translated by the server's locale.
MEANING: Mapping[str, Callable[[Mapping[str, object]], GeoReviewError]] = {
    "pk_project": _project_exists,
    "uq_control_layer_version_layer_code_version": _layer_version_exists,
    "ex_control_layer_tenure_one_in_force": _published_meanwhile,
}


@contextmanager
def translated(**values: object) -> Iterator[None]:
    """Raise the error that a broken constraint means; ``values`` fill its sentence. Others pass unchanged.

    The transaction is lost either way: who opened the session rolls it back.
    """
    try:
        yield
    except IntegrityError as error:
        meaning = MEANING.get(constraint_of(error) or "")
        if meaning is None:
            raise
        raise meaning(values) from error


def constraint_of(error: IntegrityError) -> str | None:
    """Return the name of the constraint that was broken, when the driver tells it."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    return str(name) if name else None
