"""Spatial: where involvement is higher than elsewhere, for the people there, said with its doubt.

Offers: extent (where a city without boundaries ends), cells (a study area as H3 cells), gistar (Gi* and its exact p),
fdr (many tests, one promise), rates (per resident, with intervals), relative (risk against the whole, by neighborhood,
smoothed over those beside it; smooth is its field), focus (areas a resident would recognise),
scan (which part of a ground, with a p of its own), ensemble (the ground cut in many ways, and what most agree on),
concentration (how concentrated, how stable).
"""
