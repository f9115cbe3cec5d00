"""Streets: from an OpenStreetMap extract to the ways that people can walk together.

Offers: tags.way() and tags.place() (what a tag means), extract.read() (file to raw ways), network.build()
(raw ways to a WalkGraph and a report).
Leans on: osmium, numpy, scipy, methods.routing.graph. No database.
"""
