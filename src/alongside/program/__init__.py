"""The program: the season’s plan, its cadence, and the public account of it.

Offers: actions.propose(), actions.approve(), Week.objects.visible_to().in_force(), cadence.cadence().
Leans on: methods.scheduling (the best plan), walks, hotspots (candidates), rosters (leaders’ calendars),
field (recaps), followthrough (promises).
"""
