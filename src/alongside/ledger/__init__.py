"""The ledger: what became of what people asked for, as a chain that anybody can check and nobody can change unseen.

Offers: actions.record(), commitments.commit() and opens(); chain, which knows nothing of us, for whoever checks.
A room says in its manifest which kinds of entry it writes (`Manifest.ledger`), and keeps the words itself.
Leans on: agencies.
"""
