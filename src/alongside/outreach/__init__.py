"""Outreach: what leaves the house. Mail, who follows what by it, and the pictures that shared links show.

A message names what it is about; its words are made when it leaves, or it is withdrawn as no longer true.

Offers: actions.tell(), forget(), look_again(), returned(), pictures.share_image(), Mail.objects.visible_to().
Leans on: agencies (who may look), jobs (what must not be lost), outside (the mail server).
"""
