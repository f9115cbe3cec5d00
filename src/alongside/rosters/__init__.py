"""Rosters: who comes on our side, members of staff and partners, and who stands in.

Offers: queries.roster_of(), queries.invited_partners(), queries.who_comes(), queries.leaders_free(), queries.conflicts(),
queries.quorum_warnings(); actions and partnering (propose, ask, answer); staffing (away, usual areas, trainings, bodies).
Leans on: gatherings (the date), people (commanders, partners), outreach (invitations by mail).
"""
