"""Methods: pure mathematics, arrays in, answers with their reasons out.

Knows nothing of agencies, databases or files. Chance and ties are handed over by the caller.
Each package has a page in `docs/methods/` that begins with the promise to the resident; `ground`, on which all of them
stand, says how long a degree is and how far apart things lie.
"""
