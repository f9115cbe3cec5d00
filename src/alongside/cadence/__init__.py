"""Cadence: whether a pledge to meet every week or every month is kept, and what everybody may read of it.

Offers: periods.cadence() for any kind of gathering or any series, account.account(), pauses.pause(), handover.pack();
the pages cadence/account.html and cadence/pauses.html, which a room above puts into its own words.
Leans on: gatherings (what took place), field (recaps), followthrough (promises), rosters, hotspots (a desk's handover).

What it does not know it is handed: a `Pledge` says which gatherings, how often, and why nobody was to come.
"""
