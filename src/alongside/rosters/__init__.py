"""Rosters: who comes on our side, members of staff and partners, and who stands in.

Offers: queries.roster_of(), invited_partners(), who_comes(), leaders_free(), conflicts(), quorum_warnings();
actions (propose, ask, answer), partnering (the same for partners), staffing (away, usual areas, trainings, bodies).
Leans on: gatherings (the date), people (commanders, partners), outreach (invitations by mail).
"""
