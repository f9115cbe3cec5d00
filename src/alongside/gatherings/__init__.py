"""Gatherings: people meet at a time and a place. Walks, forums, coffees and the rest are all gatherings.

Offers: Gathering.objects.visible_to().coming(), actions.plan(), publish(), cancel(), move(), join(), leave();
the fragment gatherings/_gathering.html; calendars and the description for machines.
Leans on: places (where), people (contacts that expire), outreach (mail), agencies (who may).

A room above that gives a gathering a page of its own (a walk's, a forum's) says so with `page_view` and
`page_id`: every link, calendar and mail then leads there.
"""
