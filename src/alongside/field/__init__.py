"""The field: what was heard and counted on the day, and the recap of it.

Offers: actions.take_note(), Note.objects.visible_to(), Recap.objects.visible_to().
Leans on: gatherings (the date), followthrough (a concern behind each note, and care with its words), places (streets).
"""
