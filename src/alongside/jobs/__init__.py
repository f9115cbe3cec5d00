"""Jobs: work that outlives a process.

Offers: registry.job and registry.every (decorators, in a room's own `jobs.py`), actions.enqueue(),
worker.drain() for tests.
Leans on: the web database and nothing else. A job is a row: written in the caller's transaction, it exists
exactly when the caller's work does.

A job may run more than once (a process can die after its work and before saying so), never zero times.
Whoever writes one makes the second run harmless, or says `atomic=True`: then the row and the effect commit
together.
"""
