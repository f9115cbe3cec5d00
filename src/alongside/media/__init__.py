"""Media: pictures, private until a person has cleared them and what they came from is open to all.

Offers: actions.laid_down(), actions.keep(), actions.clear(), actions.refuse(), drawing.PICTURE,
Picture.objects.visible_to().
Leans on: agencies (who may look), jobs (sweeping what no row knows), outside (drawing what was sent, apart).

A picture says what it came from by a key (`core.origins`), never by a row of a room above. That room says whether
what it came from is open to all.
"""
