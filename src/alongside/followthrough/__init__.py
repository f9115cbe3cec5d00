"""Follow-through: what people said, who answers for it, what was promised by when, and what came of it.

A concern goes through all its states to whoever asked; a promise may answer one, or be made aloud. Rooms within:
promises, triage (the desk's help with many), passing (on to another body), public (what everybody reads).

Offers: actions.receive(), actions.issue_cards(), promises.actions.make(), queries.open_promises(),
Concern.objects.visible_to(); the news on_erase and on_release. A room above that hears something hands down an Origin.
Leans on: outreach (mail, subscriptions), people (consent), places (neighborhoods), voices, ledger, agencies (owners).
"""
