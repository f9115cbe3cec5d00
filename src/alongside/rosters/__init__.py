"""Rosters: who comes on our side, members of staff and partners, who hosts, and who stands in.

Offers: queries.roster_of(), invited_partners(), who_comes(), leaders_free(), conflicts(), quorum_warnings();
actions (ask, answer, take off, remind, tell: one for everybody who can be asked), posting (whom of ours),
partnering (which partners), staffing (away, usual areas, trainings, bodies).
Leans on: gatherings (the date, and what became of it), people (commanders, partners), outreach (invitations by mail).
"""
