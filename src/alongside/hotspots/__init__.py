"""Hot spots: where contact with police is mostly enforcement, measured, explained, and chosen by a person.

Offers: actions.run(), actions.choose(), FocusArea.objects.visible_to(), queries.neighborhoods_by_band().
Leans on: incidents (the lake), places (areas, streets, residents), gatherings (when we last walked),
methods.spatial (the statistics), voices (petitions are counted once a device).
"""
