"""The palette keeps what its docstring promises."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geo_review.report import palette

SWATCHES = {"pass": palette.PASS, "consult": palette.CONSULT, "fail": palette.FAIL, "incomplete": palette.INCOMPLETE}

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


@pytest.mark.parametrize("swatch", [*SWATCHES.values(), palette.NOTIFY])
def test_text_is_legible_on_white_paper_and_its_own_tint(swatch):
    for ground in ("#FFFFFF", palette.PAPER, swatch.tint):
        assert contrast(swatch.ink, ground) >= 4.5
    assert contrast("#FFFFFF", swatch.ink) >= 4.5


@pytest.mark.parametrize("colour", [palette.INK, palette.MUTED])
def test_plain_text_is_legible(colour):
    assert contrast(colour, "#FFFFFF") >= 4.5
    assert contrast(colour, palette.PAPER) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("pair", list(combinations(SWATCHES, 2)))
def test_verdicts_stay_apart_when_red_and_green_look_alike(deficiency, pair):
    seen = [lab(np.array(DEFICIENCIES[deficiency]) @ linear(SWATCHES[name].ink)) for name in pair]
    assert np.linalg.norm(seen[0] - seen[1]) >= 15  # CIE76; 2.3 is just noticeable


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(left: str, right: str) -> float:
    light, dark = sorted((linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (left, right)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
