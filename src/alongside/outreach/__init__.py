"""Outreach: what leaves the house. Mail now; what is printed, pasted and shared.

Offers: actions.send(), qr.qr_svg(), posts.post_text(), pictures.share_image(), Mail.objects.visible_to().
Leans on: agencies (who may look), jobs (what must not be lost).
"""
