"""Passing on: what is not ours to mend goes to the body that can, and whoever asked sees what became of it there.

Offers: actions.pass_on(), queries.told_of().
Leans on: outside (the one door out, and readers apart), core.care (nobody's name, phone or door leaves).
"""
