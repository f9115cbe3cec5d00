"""Outreach: what leaves the house. Mail, and the pictures that shared links show.

Offers: actions.send(), pictures.share_image(), Mail.objects.visible_to().
Leans on: agencies (who may look), jobs (what must not be lost), outside (the mail server).
"""
