"""Weather: what the forecast says for a gathering, days and hours ahead. It warns and never decides.

Offers: queries.alerts_for().
Leans on: gatherings (where and when), jobs (the clock), outside (to ask), outreach (mail to coordinators).
"""
