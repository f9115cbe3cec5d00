"""Gatherings: people meet at a time and a place. Walks, forums, coffees and the rest are all gatherings.

Offers: Gathering.objects.visible_to().coming(), actions.plan(), publish(), cancel(), move(), join(), leave();
the fragment gatherings/_gathering.html; calendars and the description for machines.
Leans on: places (where), people (contacts that expire), outreach (mail), agencies (who may).

A room above that has a page of its own for a kind (a walk's, a forum's) names it in the kind's file, and gives the
gathering the id that it has there (`page_id`): every link, calendar and mail then leads there.
"""
