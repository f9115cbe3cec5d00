"""Hot spots: where contact with police is mostly enforcement."""
