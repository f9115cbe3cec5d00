"""Walks: neighbors and officers walk a focus area together.

Offers: actions.plan(), actions.lay_route(), Walk.objects.visible_to().
Leans on: gatherings (when, who comes, notices, who has read the plan), hotspots (where and why), places (streets,
venues), methods.routing (which way round).
"""
