"""Front: home pages and the workspace, composed of every room; what waits for each member, and the mail about it.

Offers: needs.needs_of().
Leans on: agencies (whose it is), people and places (who commands where), gatherings (what is coming), outreach (mail).
"""
