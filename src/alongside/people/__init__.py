"""People: who commands where, who walks with us, and what people agree to, word for word.

Offers: queries.commander_of(), queries.commander_for(), Partner.objects.visible_to(), consent.WALL; the news on_let_go.
Leans on: places (areas), agencies (members), jobs (what must be forgotten on time).
"""
