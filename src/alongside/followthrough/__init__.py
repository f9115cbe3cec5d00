"""Follow-through: what people said, who answers for it, by when, and what came of it.

Offers: actions.receive(), actions.issue_cards(), queries.open_promises(), Concern.objects.visible_to(); the news
on_erase and on_release. A room above that hears something hands down an Origin, the key of where.
Leans on: outreach (mail, subscriptions), people (consent), places (neighborhoods), agencies (owners).
"""
