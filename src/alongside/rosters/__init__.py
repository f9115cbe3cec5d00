"""Rosters: who comes on our side, members of staff and partners, and who stands in.

Offers: queries.roster_of(), queries.invited_partners(), queries.away().
Leans on: gatherings (the date), people (commanders, partners), outreach (invitations by mail).
"""
