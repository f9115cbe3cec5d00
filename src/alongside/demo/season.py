"""The walks of Riverbend: what was planned each Saturday, what became of it, and what is coming.

Weeks count from the first Saturday that is at least three days ahead: −1 is the Saturday before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from alongside.core.authored import Words
from alongside.demo.both import written

CHIEF, ASSISTANT = "Chief Ruth Calloway", "Assistant Chief Miguel Santos"
MALL = "mall"
HELD, PUBLISHED, CANCELLED, MOVED, UNCLOSED = "held", "published", "cancelled", "moved", "unclosed"


@dataclass(frozen=True)
class Crowd:
    """Who says that they will come. `full` leaves some in line; names and needs are made up."""

    answers: int
    waiting: int = 0
    emails: int = 2


@dataclass(frozen=True)
class Saturday:
    """One walk of the series."""

    week: int
    neighborhood: str
    became: str = HELD
    came: int | None = None
    host: str = CHIEF
    indoors: bool = False
    kind: str = ""  # of venue, where it matters
    capacity: int | None = None
    crowd: Crowd | None = None
    languages: tuple[str, ...] = ("en",)
    title: Words | None = None
    summary: Words | None = None
    access_notes: Words | None = None
    reason: Words | str = ""
    stand_in: str = ""
    route: bool = False
    checked_by: str = ""
    check_notes: str = ""
    paused: str = ""  # the cause, where it was called off by a pause; `paused_here` in its neighborhood alone
    paused_here: bool = False
    days: int | None = None  # from today, instead of the Saturday
    hour: int = 11
    thunder: bool = False  # forecast two days before, and so moved indoors


SUMMARY = written(
    "We walk at a talking pace for about an hour and stop whenever somebody wants to talk. Officers who normally work "
    "here come along. It is not a patrol: nobody will be stopped or searched. Stay for ten minutes or for all of it.",
    "Caminamos alrededor de una hora, a un paso que deja hablar, y nos detenemos cuando alguien quiere conversar. Nos "
    "acompañan los oficiales que trabajan aquí todos los días. No es una patrulla: a nadie se le detiene ni se le "
    "registra. Quédese diez minutos o todo el camino.",
)
ACCESS = written(
    "Step-free as far as the map knows. Tell us if you need a ride, an interpreter or a slower group.",
    "Sin escalones, hasta donde lo sabe el mapa. Avísenos si necesita transporte, un intérprete o un grupo más lento.",
)
PHOTOS = written(
    "No photos of people without asking. No cameras for evidence.",
    "No tomamos fotos de nadie sin preguntar. Ninguna cámara busca pruebas.",
)

AT_THE_MALL = written("A walk at Riverbend Mall", "Una caminata en Riverbend Mall")
# In English alone: its library has not found anybody yet who would put it into Spanish.
COFFEE = written("Coffee with your officers")
NO_AGENDA = written("Bring your cup and what is on your mind. No agenda.")

SATURDAYS = (
    Saturday(-14, "Three Oaks", came=31),
    Saturday(-13, "Mill Row", came=18, host=ASSISTANT),
    Saturday(-12, "Founders Park", came=12),
    Saturday(-11, "Eastbank", came=27),
    Saturday(-10, "Tanner's Yard", came=22),
    Saturday(
        -9,
        "Ferry Reach",
        became=CANCELLED,
        reason=written(  # in English alone: it was said on the morning itself
            "A thunderstorm warning until the evening. We come next Saturday instead, same place and hour."
        ),
        paused="weather",
    ),
    Saturday(-8, "Ferry Reach", came=16),
    Saturday(-7, "Willow Flats", came=9, host=ASSISTANT),
    Saturday(
        -6,
        "Meadowlark",
        came=14,
        thunder=True,
        reason=written(
            "The forecast says thunder for our hour. We meet in the hall instead, and there is soup.",
            "Se anuncian truenos para nuestra hora. Nos vemos en el salón, y hay sopa.",
        ),
        stand_in="Officer Sam Whitaker",
    ),
    Saturday(-5, "Three Oaks", came=44, languages=("en", "es")),
    Saturday(-4, "Eastbank", came=25),
    Saturday(-3, "Fairground", came=38, indoors=True, kind=MALL, title=AT_THE_MALL),
    Saturday(-2, "Mill Row", came=21, languages=("en", "es")),
    Saturday(-1, "Bluffside", became=UNCLOSED),
    Saturday(  # yesterday, so that a scribe's phone still opens it
        -1,
        "Old Landing",
        became=UNCLOSED,
        host=ASSISTANT,
        days=-1,
        hour=17,
        summary=written(  # nobody has put it into Spanish yet
            "An hour late in the day along the river, with those who cannot come at eleven. It is not a patrol: nobody "
            "will be stopped or searched."
        ),
        route=True,
    ),
    Saturday(
        0,
        "Lantern Heights",
        became=PUBLISHED,
        indoors=True,
        capacity=24,
        crowd=Crowd(answers=11, waiting=3, emails=6),
        summary=written(
            "We begin with a warm drink indoors, then walk the streets around for an hour. People here told us that "
            "this year has been harder. We come to listen. It is not a patrol: nobody will be stopped or searched.",
            "Empezamos adentro, con algo caliente, y luego caminamos una hora por las calles de alrededor. Aquí nos "
            "han dicho que este año ha sido más difícil. Venimos a escuchar. No es una patrulla: a nadie se le detiene "
            "ni se le registra.",
        ),
        access_notes=written(  # in English alone, so that one sees how that looks
            "Level entrance, chairs inside for those who would rather wait there. ASL interpreter booked."
        ),
        languages=("en", "ase"),
        route=True,
        checked_by="Sergeant Lindqvist",
        check_notes="Two driveways without a lowered curb on the north side: keep to the south side there.",
    ),
    Saturday(
        1,
        "Three Oaks",
        became=PUBLISHED,
        crowd=Crowd(answers=9, emails=4),
        languages=("en", "es"),
        summary=written(
            "A neighbor asked us to see the alleys that have been dark since spring. Somebody from Public Works walks "
            "with us. It is not a patrol: nobody will be stopped or searched. Spanish is spoken.",
            "Un vecino nos pidió ver los callejones que están a oscuras desde la primavera. Nos acompaña alguien de "
            "Obras Públicas. No es una patrulla: a nadie se le detiene ni se le registra. Se habla español.",
        ),
        route=True,
        checked_by="Major Walter Dent",
    ),
    Saturday(
        2,
        "Fairground",
        became=PUBLISHED,
        indoors=True,
        kind=MALL,
        title=AT_THE_MALL,
        crowd=Crowd(answers=4, emails=1),
        host=ASSISTANT,
    ),
    Saturday(
        3,
        "Eastbank",
        became=CANCELLED,
        crowd=Crowd(answers=5, emails=3),
        reason=written(
            "A family on this street buries their son that day. We stay away, and will ask neighbors when to come.",
            "Una familia de esta calle entierra ese día a su hijo. No iremos, y preguntaremos allí cuándo venir.",
        ),
        paused="mourning",
        paused_here=True,
    ),
    Saturday(
        4,
        "Willow Flats",
        became=MOVED,
        crowd=Crowd(answers=6, emails=3),
        reason=written(
            "The street is dug up for new water pipes until after that day. We meet indoors nearby instead.",
            "La calle está abierta por tuberías nuevas hasta después de ese día. Nos vemos bajo techo, muy cerca.",
        ),
        stand_in="Officer Sam Whitaker",
        route=True,
    ),
    Saturday(5, "Mill Row", became=PUBLISHED, languages=("en", "es"), crowd=Crowd(answers=2, emails=1)),
)


@dataclass(frozen=True)
class Other:
    """A gathering that is no walk: days from today, hour, where."""

    days: int
    hour: int
    kind: str
    title: Words
    summary: Words
    venue_kind: str
    neighborhood: str
    languages: tuple[str, ...] = ("en",)
    minutes: int = 90
    capacity: int | None = None
    came: int | None = None
    crowd: Crowd | None = None


OTHERS = (
    Other(
        -17,
        9,
        "coffee",
        COFFEE,
        NO_AGENDA,
        "library",
        "Old Landing",
        came=13,
    ),
    Other(
        11,
        9,
        "coffee",
        COFFEE,
        NO_AGENDA,
        "library",
        "Old Landing",
        capacity=40,
        crowd=Crowd(answers=4, emails=2),
    ),
    Other(
        13,
        18,
        "youth",
        written("Game night with the Youth Council", "Noche de juegos con el Consejo Juvenil"),
        written(
            "Board games, table tennis and pizza. The Youth Council hosts; officers are guests.",
            "Juegos de mesa, ping-pong y pizza. Invita el Consejo Juvenil; los oficiales son sus huéspedes.",
        ),
        "community_center",
        "Mill Row",
        capacity=60,
        crowd=Crowd(answers=8, emails=3),
    ),
    Other(
        19,
        18,
        "listening",
        written(spanish="Conversemos: una tarde en español"),
        written(
            spanish="Una conversación en español sobre lo que pasa en el barrio. Preguntamos poco y escuchamos mucho."
        ),
        "community_center",
        "Three Oaks",
        languages=("es", "en"),
        capacity=50,
        crowd=Crowd(answers=6, emails=2),
    ),
)

# The operating rules as they were changed once: the week before which, and the parts that say something else now.
RULES_CHANGED = -5
NEW_RULES = {
    "heat": written(
        "Carry water and rest in the shade. With a warning from the National Weather Service, with thunder, or where "
        "it feels like 95 °F or more, we go indoors, go home, or do not start.",
        "Llevar agua y descansar a la sombra. Con un aviso del Servicio Nacional de Meteorología, con truenos, o si se "
        "sienten 95 °F o más, entramos bajo techo, nos vamos a casa o no empezamos.",
    ),
    "press": written(  # nobody has put it into Spanish yet
        "Reporters are welcome and say who they are before the walk begins. Nobody is filmed or quoted without being "
        "asked first, and no child at all. Questions go to the host, who gives the name of our information officer."
    ),
}
