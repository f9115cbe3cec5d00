"""Relative risk beside a sampler that reckons in another way: bench/relative_risk_oracle.py wrote down what it says."""

import json
from pathlib import Path

import numpy as np
import pytest

from alongside.methods.spatial.relative import relative_risk

SAMPLER = json.loads((Path(__file__).parent / "data" / "numpyro_relative_risk.json").read_text())


@pytest.mark.parametrize("case", SAMPLER["cases"], ids=lambda case: case["name"])
def test_the_answer_is_that_of_a_sampler(case):
    """The middle to 3 % of the sampler's interval; its limits lie in tails that 800 draws know less well."""
    asked = {name: np.array(case[name]) for name in ("events", "at_risk", "beside")}
    ours = relative_risk(**asked, dispersion=case["dispersion"], threshold=SAMPLER["provenance"]["threshold"])
    width = np.log(np.array(case["high"]) / case["low"])
    for name, far in (("relative", 0.03), ("low", 0.18), ("high", 0.15)):
        assert np.abs(np.log(getattr(ours, name) / case[name]) / width).max() < far
    for name in ("p_above", "p_high"):
        assert np.abs(getattr(ours, name) - case[name]).max() < 0.03
    assert ours.spread == pytest.approx(case["spread"], abs=0.03)
    assert ours.mixing == pytest.approx(case["mixing"], abs=0.06)
