"""Walks: neighbors and officers walk a focus area together."""
