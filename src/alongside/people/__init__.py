"""People: who commands where, who walks with us, and what we keep of those who left us an address.

Offers: queries.commander_of(), queries.commander_for(), Partner.objects.visible_to(), consent.WALL; the news on_let_go.
Leans on: places (areas), agencies (members), jobs (what must be forgotten on time).
"""
