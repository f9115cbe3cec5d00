"""The program: the season’s plan, its cadence, and the public account of it.

Offers: actions.propose(), actions.approve(), queries.cadence().
Leans on: walks, hotspots (candidates), rosters (leaders’ calendars), field (recaps), followthrough (promises).
"""
