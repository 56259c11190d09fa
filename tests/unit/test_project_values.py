"""`--set` and `--as-of`: what is taken, and what is refused in words."""

from __future__ import annotations

import pytest

from geo_review.commands.project_values import parse_values
from geo_review.errors import InvalidOption


def test_pairs_become_values() -> None:
    assert parse_values([" flow = industrial ", "RJL=1.8=x"]) == {"flow": "industrial", "RJL": "1.8=x"}


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        (["RJL"], "invalid_set"),
        (["=1"], "invalid_set"),
        (["RJL="], "invalid_set"),
        (["RJL=1", "RJL=2"], "invalid_set"),
        (["RJL=\udcba"], "invalid_text"),  # a byte of GBK on a command line in UTF-8
        (["RJL=1\x1b[2J"], "invalid_text"),
    ],
)
def test_what_is_no_value_is_refused(pairs: list[str], code: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse_values(pairs)
    assert refused.value.code == code
