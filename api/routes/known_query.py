"""A query parameter that a route does not know is refused: a misspelt filter must not answer with everything."""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from fastapi.routing import APIRoute

from geo_review.errors import InvalidOption
from geo_review.wording import say


def only_known_query(request: Request) -> None:
    """Refuse a parameter that the route has not declared, and one that is given twice."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = [field.alias for field in route.dependant.query_params]
    for name, count in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name not in known:
            shown = "、".join(known) or say("api.no_parameters")
            message = say("api.unknown_parameter", field=name, known=shown)
            raise InvalidOption(code="unknown_parameter", message=message)
        if count > 1:
            raise InvalidOption(code="parameter_twice", message=say("api.parameter_twice", field=name))
