"""What residents of Riverbend ask and object to, how they are answered, and why places were chosen.

Written for the demo city; nobody said any of it. Days count back from the last day of the incident files.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from alongside.core.authored import Words
from alongside.demo.both import written


@dataclass(frozen=True)
class Voice:
    """One petition: how many days ago, about where, in which language, and the answer some days later."""

    days_ago: int
    kind: str  # walk or label, as hotspots.PetitionKind has them
    neighborhood: str
    text: str
    language: str = "en"
    answer: Words = field(default_factory=Words)
    answered_after: int = 4


VOICES = (
    Voice(
        96,
        "walk",
        "Three Oaks",
        "Nobody has walked our end of the street since the flood. Please come and see the broken lights.",
        answer=written(
            "Thank you. We will walk there with you, and bring somebody who can say when the lights come back."
        ),
    ),
    Voice(
        71,
        "walk",
        "Eastbank",
        "The kids at the commons know the officers' cars but not one name. Could you come on foot?",
        answer=written(
            "Yes. The officers who normally work there will walk with you. The date is on our page.",
            "Sí. Los agentes que trabajan ahí normalmente caminarán con ustedes. La fecha está en nuestra página.",
        ),
    ),
    Voice(
        58,
        "label",
        "Willow Flats",
        "Calling us a focus area makes it sound as if we were the problem. Most of us just live here.",
        answer=written(
            "You are right to ask. The words say where police had most contact, and nothing about the people who "
            "live there. We changed the page to say so first, and we will bring this up at the next forum."
        ),
        answered_after=9,
    ),
    Voice(
        44,
        "walk",
        "Mill Row",
        "En nuestra cuadra casi todos hablamos español. ¿Puede venir alguien que lo hable?",
        language="es",
        answer=written(
            spanish="Sí. Vamos con un intérprete. La fecha está en nuestra página. Gracias por escribirnos."
        ),
    ),
    Voice(
        30,
        "walk",
        "Lantern Heights",
        "Things changed here this year and we would rather talk before it gets worse.",
        answer=written("We see it too. Lantern Heights is on the list for the coming weeks."),
    ),
    Voice(
        12,
        "walk",
        "Three Oaks",
        "Please bring somebody from Public Works. The alley has not been lit since spring.",
    ),
    Voice(
        9,
        "walk",
        "Pepperidge",
        "You never come out here. We pay for this too, and we would like to know you.",
    ),
    Voice(
        5,
        "label",
        "Mill Row",
        "Half of what you count here is people being stopped. That says where you are, not who we are.",
    ),
    Voice(3, "walk", "Orchard Terrace", "¿Cuándo van a caminar por Orchard Terrace?", language="es"),
)

CRITERIA = (  # days ago, weights as hotspots.Criterion has them, why
    (
        400,
        {"involvement": 8, "requests": 1, "waiting": 1, "fairness": 0},
        written("Our first version. We looked mostly at our own numbers."),
    ),
    (
        55,
        {"involvement": 4, "requests": 3, "waiting": 2, "fairness": 1},
        written(
            "Residents told us that they wait too long when they ask. Requests now count three times as much.",
            "Nos dijeron que quienes piden una caminata esperan demasiado. Ahora las peticiones cuentan el triple.",
        ),
    ),
)

CHOICES = (  # days ago, neighborhood, reason
    (
        40,
        "Three Oaks",
        written(
            "People here meet us mostly when something has gone wrong, two of them asked for a walk, and nobody has "
            "walked the north end for months.",
            "Aquí la gente nos ve sobre todo cuando algo ha salido mal. Dos personas pidieron una caminata, y hace "
            "meses que nadie recorre la parte norte.",
        ),
    ),
    (
        33,
        "Eastbank",
        written(
            "High on both layers for two years running, and a resident asked that children should learn our names."
        ),
    ),
    (
        26,
        "Mill Row",
        written(
            "A neighbor asked in Spanish. We have not walked here with an interpreter yet, and we owe that.",
            "Alguien del vecindario lo pidió en español. Todavía no hemos caminado aquí con intérprete, y lo debemos.",
        ),
    ),
    (
        6,
        "Lantern Heights",
        written(
            "The numbers rose this year and residents see it too. We would rather listen early than arrive late.",
            "Los números subieron este año, y la gente de aquí también lo nota. Preferimos escuchar a tiempo que "
            "llegar tarde.",
        ),
    ),
    (
        4,
        "Pepperidge",
        written(
            "Our numbers are low here. We go because someone asked, and because no part of the city should feel "
            "forgotten."
        ),
    ),
)
