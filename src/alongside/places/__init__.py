"""Places: the areas an agency speaks of, the streets people walk, the venues where they meet.

Offers: Area, Venue, StreetNetwork, Exposure; actions.keep_areas(), actions.import_streets(), actions.keep_venues();
queries.study_area(), locate(), street_graph(), residents(), at_risk(). Whoever wants to know of a change hears it
(on_change).
Leans on: agencies (whose), jobs (long imports), methods.routing.graph (the form streets are kept in).

An agency without boundaries works too: `queries.study_area()` says that it has none, and whoever asks says so.
"""
