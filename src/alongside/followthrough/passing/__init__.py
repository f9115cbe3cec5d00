"""Passing on: what is not ours to mend goes to the body that can, and whoever asked sees what became of it there."""
