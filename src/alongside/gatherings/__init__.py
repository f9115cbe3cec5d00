"""Gatherings: people meet at a time and a place. Walks, forums, coffees and the rest are all gatherings.

Offers: Gathering.objects.visible_to().coming(), actions.plan(), publish(), cancel(), move(), join(), leave();
checks.confirm(), checks.missing(), rules.in_force(); the frame of every page of one gathering at the desk
(frame.at_desk(), gatherings/base_gathering.html); the fragment gatherings/_gathering.html; calendars and the
description for machines.
Leans on: core.authored (words for the public), places (where), outreach (mail, and who follows what), jobs (the clock),
agencies (who may).

A kind of gathering is a file of `kinds`. A room above with a page of its own for it gives its `page_id` there: every
link, calendar and mail then leads to that page. A plan that it keeps is handed in: some kinds are published only when
somebody with a name has read the plan as it is, and the operating rules. A room above that keeps a roster says who of
ours hosts (set_hosts); whoever wants to know of a change hears it (on_change). What hangs on a date or a place is one
list (hanging); what other rooms change and the public sees in a gathering is heard here (elsewhere).
"""
