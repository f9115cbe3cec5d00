"""Follow-through: what people said, who answers for it, by when, and what came of it."""
