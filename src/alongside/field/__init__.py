"""The field: what was heard and counted on the day, by the phone of any gathering, and the recap of it.

Offers: passes.open_pass(), actions.take_note(), Note.objects.visible_to(), Recap.objects.visible_to().
Leans on: gatherings (the date), followthrough (the concern of each note, which has its words),
media (photos), places (streets).
"""
