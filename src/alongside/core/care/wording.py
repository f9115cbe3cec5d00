"""What is read out before a note is taken, and what the scribe is asked to do: word for word, with its version.

Both languages go to the phone together, since whoever holds it meets people of both. So these few texts
are kept here side by side, not in a catalogue.
"""

from __future__ import annotations

VERSION = "2026-11"

CONSENT = {
    "en": (
        "May I write down what you say? I do not write your name, and the place only to the block. "
        "It helps us fix things. It is not used for enforcement or targeting. It is a public record and is "
        "released only under legal process or public records law. You can say no, and we just talk."
    ),
    "es": (
        "¿Puedo anotar lo que usted dice? No anoto su nombre, y el lugar solo hasta la cuadra. "
        "Nos ayuda a arreglar cosas. No se usa para hacer cumplir la ley ni para señalar a nadie. Es un "
        "registro público y solo se entrega por proceso legal o según la ley de registros públicos. "
        "Puede decir que no, y solo conversamos."
    ),
}
