"""The season: which week walks where, its versions with their reasons, and the two who sign it.

Offers: actions.propose(), actions.approve(), Week.objects.visible_to().in_force(), pledge.WALKS.
Leans on: methods.scheduling (the best plan), walks, cadence (pauses, the account), hotspots (candidates),
rosters (leaders’ calendars).
"""
