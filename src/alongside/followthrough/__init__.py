"""Follow-through: what people said, who answers for it, by when, and what came of it.

Offers: actions.receive(), actions.issue_cards(), queries.open_promises(), Concern.objects.visible_to(); care, for every
room that takes down words of residents.
Leans on: outreach (mail), people (contacts), places (neighborhoods), agencies (owners).
"""
