"""The program: the season’s plan, its cadence, and the public account of it."""
