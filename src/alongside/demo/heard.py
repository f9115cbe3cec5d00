"""What people told the scribes of Riverbend on each walk, and what became of it.

Written for the demo city; nobody said any of it. Weeks are those of `season`.
"""

from __future__ import annotations

from dataclasses import dataclass

from alongside.core.authored import Words
from alongside.demo.both import written

NOTHING = Words()
CONCERN, IDEA, QUESTION, THANKS = "concern", "idea", "question", "thanks"
DONE, DECLINED, LATE, OPEN, BROKEN, PASSED = "done", "declined", "late", "open", "broken", "passed"
PUBLIC_WORKS, CODE_ENFORCEMENT = "Public Works", "Code Enforcement"
COMMANDER = "the commander of the division"
CONFIRMED_AFTER, OPENED_AFTER = 3, 5  # days


@dataclass(frozen=True)
class Fate:
    """What became of one concern: news on the way, how it ended after how many days, and words for the public.

    Without one it goes the usual way: whoever answers for it closes it within two weeks.
    """

    became: str = DONE
    days: int = 10
    outcome: Words = NOTHING
    news: tuple[tuple[int, Words], ...] = ()
    public: Words = NOTHING
    owner: str = ""  # a name, or the commander; else whoever answers for such things
    promised: Words = NOTHING  # what was promised, where more than an answer was
    evidence: str = ""
    confirmed: bool = False  # by whoever asked, three days later
    again: tuple[str, Fate] | None = (
        None  # opened again in these words after five days, and what became of it then
    )
    in_front: bool = False
    body: str = ""  # to which body it was passed on, and the number that it got there
    number: str = ""
    they_say: tuple[int, Words] | None = None  # what they said, so many days later
    me_too: int = 0


@dataclass(frozen=True)
class Say:
    """One note: what about, in whose words."""

    about: str
    words: str
    kind: str = CONCERN
    language: str = "en"
    wants_answer: bool = False
    hold: str = ""
    fate: Fate | None = None
    followed: bool = False  # the one whose code the demo shows


def es(about: str, words: str, kind: str = CONCERN, *, wants_answer: bool = False) -> Say:
    return Say(about, words, kind, "es", wants_answer)


NOTES: dict[int, tuple[Say, ...]] = {
    -14: (
        Say(
            "lighting",
            "The alley behind our row has been dark since spring.",
            wants_answer=True,
            fate=Fate(
                days=33,
                outcome=written(
                    "Public Works put in four new lamps. They came on in the last week of the month.",
                    "Obras Públicas puso cuatro faroles nuevos. Se encendieron en la última semana del mes.",
                ),
                news=((6, written(
                    "We walked the alley with Public Works. Four lamps need a new cable.",
                    "Recorrimos el callejón con Obras Públicas. Cuatro faroles necesitan un cable nuevo.",
                )),),
                public=written(
                    "Four lamps in the alleys of Three Oaks were dark. They shine again.",
                    "Cuatro faroles de los callejones de Three Oaks estaban apagados. Ya alumbran otra vez.",
                ),
                promised=written(
                    "Four lamps in the alley get a new cable.",
                    "Cuatro faroles del callejón tendrán un cable nuevo.",
                ),
                confirmed=True,
            ),
        ),
        Say("lighting", "Every second street light on the hill is out."),
        Say("lighting", "I do not let the kids out after six, it is too dark at the corner."),
        Say("lighting", "The lamp by the bus stop blinks all night."),
        Say("lighting", "We reported the lights twice and heard nothing.", wants_answer=True),
        es("lighting", "La parada del autobús está a oscuras y tenemos miedo de esperar ahí."),
        Say("traffic", "Cars do not stop at the four-way stop by the school."),
        Say("traffic", "People drive through the alley to miss the light."),
        Say("cleanliness", "Somebody leaves mattresses by the creek."),
        Say("youth", "There is nothing for teenagers here after the center closes."),
        Say(
            "housing",
            "The empty house on the corner has no door any more.",
            fate=Fate(
                days=12,
                outcome=written(
                    "The city closed the house with boards and wrote to its owner.",
                    "La ciudad cerró la casa con tablas y le escribió a quien es dueño.",
                ),
                public=written(
                    "An empty house in Three Oaks stood open. The city has closed it.",
                    "Una casa vacía en Three Oaks estaba abierta. La ciudad ya la cerró.",
                ),
                again=(
                    "The boards are off again and somebody sleeps inside.",
                    Fate(
                        days=9,
                        outcome=written(
                            "The city closed it with steel this time, and checks it every Monday.",
                            "Esta vez la ciudad la cerró con acero, y la revisa cada lunes.",
                        ),
                        confirmed=True,
                    ),
                ),
            ),
        ),
        Say("policing", "You only come when something is wrong. Today was different.", THANKS),
        Say("other", "Thank you for walking slowly enough for me.", THANKS),
        Say("parks", "Could we have a bench halfway up the hill?", IDEA, wants_answer=True),
    ),
    -13: (
        Say("noise", "Trucks idle under our windows from five in the morning."),
        Say("noise", "The loading dock has an alarm that rings at night."),
        Say("noise", "Motorcycles on the river road, every Friday."),
        es("noise", "La música del bar se oye hasta las tres de la mañana."),
        es("noise", "Los camiones no nos dejan dormir.", wants_answer=True),
        Say("traffic", "Trucks use our street although there is a sign."),
        Say(
            "traffic",
            "Please close the street to cars for good.",
            IDEA,
            wants_answer=True,
            fate=Fate(
                DECLINED,
                days=13,
                outcome=written(
                    "Fire engines need this street, so the city cannot close it for good. Neighbors can close it "
                    "for a day: the form for a block party is one page, and we help to fill it in.",
                    "Los bomberos necesitan esta calle, así que la ciudad no puede cerrarla para siempre. El "
                    "vecindario puede cerrarla por un día: el formulario para una fiesta de cuadra es de una "
                    "página, y ayudamos a llenarlo.",
                ),
                public=written(
                    "Neighbors of Mill Row asked to close a street to cars for good. The city cannot, since fire "
                    "engines need it. It can be closed for a day.",
                    "En Mill Row pidieron cerrar una calle a los carros para siempre. La ciudad no puede, porque "
                    "los bomberos la necesitan. Se puede cerrar por un día.",
                ),
                again=(
                    "Fire engines can use the next street. Please look again.",
                    Fate(
                        DECLINED,
                        days=12,
                        outcome=written(
                            "We walked both streets with the fire department. The next one is too narrow to turn in. "
                            "The city counts the cars for a month and tells you the numbers.",
                            "Recorrimos las dos calles con los bomberos. La otra es demasiado estrecha para dar la "
                            "vuelta. La ciudad cuenta los carros durante un mes y les dirá los números.",
                        ),
                    ),
                ),
            ),
        ),
        Say("cleanliness", "Bins are left open and the wind does the rest."),
        es("policing", "¿Por qué nadie habla español en la estación?", QUESTION, wants_answer=True),
        es("other", "Gracias por venir con alguien que habla español.", THANKS),
    ),
    -12: (
        Say("parks", "The swings were taken away and never came back.", wants_answer=True),
        Say("parks", "Dogs run free where the small kids play."),
        Say("traffic", "Nobody slows down at the park gate."),
        Say("cleanliness", "The bins at the fountain are always full on Sunday."),
        Say("safety", "I feel fine here by day. Not after the shops close."),
        Say("youth", "Let the kids paint the wall of the changing rooms.", IDEA),
        Say("other", "Nice to know who is who.", THANKS),
    ),
    -11: (
        Say("youth", "The boys at the commons have nowhere else to be."),
        Say("youth", "My son was told to move on three times in one evening."),
        Say("youth", "Open the school gym in the evening.", IDEA, wants_answer=True,
            fate=Fate(
                days=40,
                outcome=written(
                    "The school opens its gym on Tuesdays and Thursdays from six to nine. The Youth Council has "
                    "the key.",
                    "La escuela abre su gimnasio los martes y jueves de seis a nueve. El Consejo Juvenil tiene la"
                    " llave.",
                ),
                news=((8, written(
                    "The school is willing. We look for two adults for each evening.",
                    "La escuela está dispuesta. Buscamos a dos adultos para cada tarde.",
                )),),
                public=written(
                    "The school gym in Eastbank is open on Tuesday and Thursday evenings.",
                    "El gimnasio de la escuela en Eastbank está abierto los martes y jueves por la tarde.",
                ),
                owner=COMMANDER,
                promised=written(
                    "The school gym is open on two evenings a week.",
                    "El gimnasio de la escuela abre dos tardes por semana.",
                ),
                confirmed=True,
            )),
        Say("youth", "A summer job list would help more than anything.", IDEA),
        Say("youth", "The girls want a team, too."),
        es("youth", "Los muchachos necesitan un lugar donde jugar cuando llueve."),
        Say("safety", "People wait in parked cars by the laundry and it scares me."),
        Say("safety", "Shut the gate of the car park at night.", IDEA),
        Say("cleanliness", "Broken glass on the court, every weekend."),
        Say("housing", "The landlord does not fix the front door of our building.", wants_answer=True),
        Say("policing", "Why was somebody stopped during a walk that says it is no patrol?", QUESTION,
            wants_answer=True,
            fate=Fate(
                days=7,
                outcome=written(
                    "A driver hit a parked car while we stood beside it, and an officer stopped him. It is on the"
                    " page of this walk. It was no part of the walk, and we say so each time.",
                ),
                owner="Ruth Calloway",
            )),
        Say("other", "I liked that the chief carried my bag.", THANKS),
    ),
    -10: (
        Say("housing", "Three empty houses in one block, and rats.",
            fate=Fate(
                PASSED,
                days=5,
                body=CODE_ENFORCEMENT,
                number="CE-2291",
                outcome=written(
                    "Code Enforcement can order the owner to act. We gave them the block, and no name.",
                    "Inspección Municipal puede obligar a quien es dueño. Les dimos la cuadra, y ningún nombre.",
                ),
                public=written(
                    "Three houses in one block of Tanner’s Yard stand empty, and there are rats.",
                    "Tres casas de una cuadra de Tanner’s Yard están vacías, y hay ratas.",
                ),
                they_say=(19, written(
                    "Traps are set, and the owner has until the end of the month to close the doors.",
                    "Hay trampas, y quien es dueño tiene hasta fin de mes para cerrar las puertas.",
                )),
            )),
        Say("housing", "Who do I call about an empty lot?", QUESTION, wants_answer=True),
        Say("cleanliness", "The alley floods and leaves mud for weeks."),
        Say("traffic", "The crossing at the clinic is too short for old people.", wants_answer=True,
            fate=Fate(
                days=24,
                outcome=written(
                    "The signal now stays green for eight seconds longer.",
                    "El semáforo dura ahora ocho segundos más en verde.",
                ),
                public=written(
                    "People in Tanner’s Yard have eight seconds more to cross the street at the clinic.",
                    "En Tanner’s Yard hay ocho segundos más para cruzar la calle frente a la clínica.",
                ),
                again=(
                    "Eight seconds are not enough with a walker.",
                    Fate(
                        OPEN,
                        promised=written(
                            "We time the crossing with people who use a walker, and the city sets the signal by that.",
                            "Mediremos el cruce con personas que usan andador, y la ciudad ajustará el semáforo.",
                        ),
                        in_front=True,
                    ),
                ),
            )),
        Say("noise", "Fireworks long after the holidays."),
        Say("safety", "I would walk at night if the corner shop stayed open."),
        es("cleanliness", "Nadie recoge la basura grande."),
        Say("other", "First time an officer asked how I am.", THANKS),
    ),
    -8: (
        Say("traffic", "People race along the landing at night."),
        Say("traffic", "A mirror at the blind corner would help.", IDEA, wants_answer=True),
        Say("noise", "Boat motors before six on Sunday."),
        Say("parks", "The fishing pier has loose boards.", wants_answer=True),
        Say(
            "lighting",
            "The steps to the water have no light at all.",
            wants_answer=True,
            fate=Fate(
                OPEN,
                days=75,
                news=((12, written(
                    "The port authority owns the steps. We meet them at the landing next month.",
                    "Los escalones son de la autoridad portuaria. Nos reunimos con ella en el muelle el próximo "
                    "mes.",
                )),),
                public=written(
                    "The steps to the water at Ferry Reach have no light. We meet the port authority about it.",
                    "Los escalones hacia el agua en Ferry Reach no tienen luz. Lo hablamos con la autoridad "
                    "portuaria.",
                ),
                owner=COMMANDER,
                promised=written(
                    "We bring the port authority to the steps, after dark.",
                    "Llevaremos a la autoridad portuaria a los escalones, de noche.",
                ),
                in_front=True,
                me_too=11,
            ),
        ),
        Say("policing", "Who do we call when it is not an emergency?", QUESTION),
        Say("other", "Thank you for coming back after the storm.", THANKS),
    ),
    -7: (
        Say("housing", "We hear that the rents go up by a third. Who can help?", QUESTION, wants_answer=True,
            fate=Fate(
                LATE,
                news=((9, written(
                    "We asked the Tenants Union for an evening here. They look for a room.",
                )),),
                public=written(
                    "People in Willow Flats asked who helps when rents go up. We owe them an answer.",
                ),
            )),
        Say("safety", "Being called a focus area makes it sound as if we were the problem."),
        Say("cleanliness", "The creek smells where the pipe comes out."),
        Say("traffic", "The school bus stops where nobody can see it."),
        es("youth", "Falta un lugar para los niños pequeños."),
        Say("other", "Come again, but tell us earlier.", IDEA),
    ),
    -6: (
        Say("parks", "The path around the meadow is mud from fall to spring."),
        Say("traffic", "Bikes and strollers share a path that is too narrow."),
        Say("noise", "Leaf blowers at seven in the morning."),
        Say("youth", "A table tennis table would be used every day.", IDEA),
        Say("lighting", "It is dark between the lot and the hall.",
            fate=Fate(
                PASSED,
                days=6,
                body=PUBLIC_WORKS,
                promised=written(
                    "There will be light between the lot and the hall before the clocks change.",
                    "Habrá luz entre el estacionamiento y el salón antes del cambio de hora.",
                ),
                number="SR-77140",
                outcome=written(
                    "The lamps are the city’s. Public Works has it, and we ask them every week.",
                    "Los faroles son de la ciudad. Obras Públicas ya lo tiene, y preguntamos cada semana.",
                ),
                public=written(
                    "The way between the lot and the hall has no light.",
                    "El camino entre el estacionamiento y el salón no tiene luz.",
                ),
            )),
        Say("other", "Good that you moved it indoors. The soup was good, too.", THANKS),
    ),
    -5: (
        Say("lighting", "The alleys at the north end are dark again.", wants_answer=True, followed=True,
            fate=Fate(
                LATE,
                news=(
                    (4, written(
                        "We looked at it with Public Works. The cable under the alley is cut in two places.",
                        "Lo vimos con Obras Públicas. El cable bajo el callejón está cortado en dos lugares.",
                    )),
                    (18, written(
                        "The new cable is ordered. It was promised for last week and has not come.",
                    )),
                ),
                public=written(
                    "The alleys at the north end of Three Oaks are dark. A new cable is ordered and late.",
                    "Los callejones del norte de Three Oaks están a oscuras. El cable nuevo está pedido y viene "
                    "con retraso.",
                ),
                owner=COMMANDER,
                me_too=23,
            )),
        Say("lighting", "New lamps on our side, none across the street."),
        Say("lighting", "The light at the church lot goes off at nine."),
        es("lighting", "No hay luz en el callejón y ahí pasan los niños."),
        Say("lighting", "Thank you for the new lamps. We sit outside again.", THANKS),
        Say("traffic", "The four-way stop is better since the sign was moved.", THANKS),
        Say("traffic", "Cars still race down the hill at night."),
        es("traffic", "Los carros no respetan el alto de la escuela.", wants_answer=True),
        Say("traffic", "A speed hump before the school.", IDEA, wants_answer=True,
            fate=Fate(
                BROKEN,
                days=22,
                promised=written(
                    "Two speed humps before the school within three weeks.",
                    "Dos topes frente a la escuela en tres semanas.",
                ),
                outcome=written(
                    "We promised this too soon. The city measured for a week and builds the humps in spring.",
                    "Lo prometimos demasiado pronto. La ciudad midió una semana y pondrá los topes en primavera.",
                ),
                public=written(
                    "Two speed humps will be built before the school in Three Oaks in spring.",
                    "En primavera se pondrán dos topes frente a la escuela en Three Oaks.",
                ),
                owner=COMMANDER,
            )),
        Say("traffic", "Parked trucks hide the crossing."),
        es("policing", "¿A quién llamamos cuando no hablamos inglés?", QUESTION, wants_answer=True),
        Say("cleanliness", "The mattresses are gone from the creek. Thank you.", THANKS),
        Say("housing", "The house with the boards: when is it torn down?", QUESTION),
        Say("youth", "My daughter wants to join the cadets. How?", QUESTION, wants_answer=True),
        Say("parks", "The bench on the hill is there. I sit on it every day.", THANKS),
    ),
    -4: (
        Say("youth", "The gym is full. Can it be open on Saturdays, too?", QUESTION),
        Say("youth", "The younger ones are sent away at eight."),
        Say("youth", "Somebody should coach the girls.", IDEA, wants_answer=True),
        Say("youth", "Where can we be after school without being moved on?", QUESTION),
        es("youth", "El gimnasio es lo mejor que nos ha pasado.", THANKS),
        Say("safety", "The car park gate is still open at night."),
        Say("safety", "I would like to see the same two faces each week.", IDEA),
        Say("lighting", "The path by the commons needs a lamp."),
        Say("traffic", "The bus does not wait for people with canes.", wants_answer=True),
        Say("policing", "An officer was rude to my mother on Tuesday, and I want to complain.", hold="officer"),
        Say("cleanliness", "The glass on the court is swept now.", THANKS),
    ),
    -3: (
        Say("safety", "The bus stop behind the mall is dark after the shops close.", wants_answer=True),
        Say("safety", "Guards follow my grandson around the shops."),
        Say("safety", "I park only at the front since last winter."),
        Say("safety", "More people in the evening would help more than more cameras.", IDEA),
        es("safety", "De noche no hay nadie a quien preguntar."),
        Say("traffic", "There is no way on foot from the bus to the door."),
        Say("traffic", "Cars turn right without looking."),
        Say("youth", "Groups of more than four are sent out.", wants_answer=True),
        Say("parks", "Put benches outside for those who wait.", IDEA),
        Say("other", "I walk here each morning with my neighbors. Join us.", IDEA),
        Say("other", "Somebody broke into cars in the lot while people shopped.", hold="crime"),
        Say("policing", "It was good to talk where it is warm.", THANKS),
    ),
    -2: (
        Say("traffic", "Trucks again, and nobody writes them down."),
        Say("traffic", "The sign for trucks is behind a tree."),
        es("traffic", "Los niños cruzan entre los camiones."),
        es("traffic", "Pongan un paso de peatones frente a la iglesia.", IDEA, wants_answer=True),
        Say("traffic", "Nobody can turn left at the mill."),
        Say("noise", "The dock alarm was fixed. We sleep.", THANKS),
        Say("housing", "Our building has had no heat since Monday.", wants_answer=True),
        Say("cleanliness", "Bins are emptied one day after the wind."),
        es("youth", "¿Hay clases de inglés para los jóvenes?", QUESTION, wants_answer=True),
        es("other", "Gracias por volver.", THANKS),
    ),
    -1: (
        Say("parks", "The railing at the lookout is loose.", wants_answer=True),
        Say("traffic", "Joggers and cars on a road without a sidewalk."),
        Say("noise", "Parties at the lookout on Fridays."),
        Say("youth", "They come up here because there is nowhere else."),
        Say("other", "I did not know you walk here, too.", THANKS),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class FromAStage:
    """What was promised aloud on a walk, of no concern: by whom, within how many days, and what came of it."""

    week: int
    what: Words
    owner: str
    within: int
    area: str = ""
    item: str = ""
    became: str = DONE
    days: int = 0
    outcome: Words = NOTHING


STAGE = (
    FromAStage(
        -13,
        written(
            "Somebody who speaks Spanish is at the front desk every Monday.",
            "Cada lunes habrá en la recepción alguien que habla español.",
        ),
        "Ruth Calloway",
        within=45,
        area="Mill Row",
        item="tf:1.9.2",
        days=38,
        outcome=written(
            "Officer Ramos is at the desk every Monday from nine to five.",
            "La agente Ramos está en la recepción cada lunes de nueve a cinco.",
        ),
    ),
    FromAStage(
        -11,
        written(
            "We walk with the same two officers in Eastbank all season.",
            "Toda la temporada caminaremos en Eastbank con los mismos dos agentes.",
        ),
        "Ruth Calloway",
        within=30,
        area="Eastbank",
        item="tf:4.2",
        became=BROKEN,
        days=30,
        outcome=written(
            "One of the two was moved to nights in the third week. We should have asked before we promised.",
            "A uno de los dos lo pasaron al turno de noche en la tercera semana. Debimos preguntar antes de prometer.",
        ),
    ),
    FromAStage(
        -7,
        written(
            "A page that says, in plain words, when an officer may ask you to move on.",
            "Una página que dice, en palabras sencillas, cuándo un agente puede pedirle que se retire.",
        ),
        "Ruth Calloway",
        within=28,
        item="tf:2.1",
    ),
    FromAStage(
        -2,
        written(
            "We come to the tenants’ next evening, and stay for questions.",
            "Iremos a la próxima reunión de inquilinos y nos quedaremos a responder preguntas.",
        ),
        "Ruth Calloway",
        within=60,
        area="Mill Row",
    ),
)

BODIES = {
    PUBLIC_WORKS: (
        written("Public Works", "Obras Públicas"),
        written("Call 311, weekdays from 7 to 7.", "Llame al 311, de lunes a viernes de 7 a 7."),
    ),
    CODE_ENFORCEMENT: (
        written("Code Enforcement", "Inspección Municipal"),
        written(
            "Call 502-555-0160, weekdays from 8 to 4.", "Llame al 502-555-0160, de lunes a viernes de 8 a 4."
        ),
    ),
}
# Replies to begin with: whoever uses one fills its gaps.
REPLIES = {
    "It is mended": written(
        "It was mended on [day]: [what was done, and where one can see it].",
        "Se arregló el [día]: [qué se hizo y dónde se puede ver].",
    ),
    "Late, with a new day": written(
        "It takes longer than we said, because [why]. We look at it again on [day].",
        "Tarda más de lo que dijimos, porque [por qué]. Lo volvemos a ver el [día].",
    ),
}

# How the usual concern ends, by what it is about. Said in turn.
USUAL = {
    "traffic": (
        written(
            "Traffic engineers looked at it and put it on their list for this year.",
            "Ingeniería de Tránsito lo revisó y lo puso en su lista de este año.",
        ),
        written(
            "We stood there for three mornings. The sign was moved to where one sees it.",
        ),
    ),
    "lighting": (
        written(
            "Reported to Public Works that day. The lamp was changed.",
            "Ese mismo día se avisó a Obras Públicas. Ya cambiaron el farol.",
        ),
    ),
    "cleanliness": (
        written(
            "The city came for it, and comes every second week now.",
            "La ciudad vino a recogerlo, y ahora viene cada dos semanas.",
        ),
    ),
    "noise": (
        written(
            "We spoke with the owner, who agreed to quiet hours from ten to seven.",
        ),
    ),
    "safety": (
        written(
            "Officers who normally work there walk by in the evening, on foot, and say hello.",
            "Los agentes que trabajan ahí normalmente pasan a pie por la tarde y saludan.",
        ),
    ),
    "youth": (
        written(
            "We brought it to the Youth Council, who put it on the list of their next evening.",
        ),
    ),
    "housing": (
        written(
            "Code enforcement has been there, and wrote to the owner.",
        ),
    ),
    "parks": (
        written(
            "The parks department has mended it.",
            "El departamento de parques ya lo arregló.",
        ),
        written(
            "It is in the plan of the parks for the coming year.",
        ),
    ),
    "streets": (
        written(
            "Public Works has mended it.",
        ),
    ),
    "policing": (
        written(
            "The commander called back, and the answer stands on our page now.",
            "El mando devolvió la llamada, y la respuesta ya está en nuestra página.",
        ),
    ),
    "other": (
        written(
            "We thought about it together, and will do so from now on.",
        ),
    ),
}
# Whose it is, by what it is about; anything else stays with the coordinator.
COMMANDERS_ANSWER = frozenset({"traffic", "safety", "policing", "noise"})


@dataclass(frozen=True)
class WrittenRecap:
    """A recap: what a person wrote, and after how many days it was published; None where it is still owed."""

    words: Words
    days: int | None = 6
    confirmed: bool = False  # by a partner: that there was no enforcement, or what there was
    stop: bool = False


RECAPS: dict[int, WrittenRecap] = {
    -14: WrittenRecap(
        written(
            "Almost everybody spoke of the dark. We walked the alleys with those who live there and counted the "
            "lamps together. What we promised stands below, with its day.",
            "Casi todos hablaron de la oscuridad. Recorrimos los callejones con quienes viven ahí y contamos "
            "juntos los faroles. Lo que prometimos está abajo, con su fecha.",
        ),
        confirmed=True,
    ),
    -13: WrittenRecap(
        written(
            "Trucks, and once more trucks. Half of the talk was in Spanish, and the interpreter came home hoarse.",
            "Camiones, y otra vez camiones. La mitad de la plática fue en español, y quien interpretó llegó a "
            "casa sin voz.",
        )
    ),
    -12: WrittenRecap(
        written(
            "A small walk around the park. Those who came knew each other. We met three of them for the first "
            "time.",
        )
    ),
    -11: WrittenRecap(
        written(
            "Young people walked in front and did most of the talking. While we stood at the laundry a driver hit"
            " a parked car beside us, and one officer stopped him. We say it here because a walk is no patrol.",
            "La gente joven caminó al frente y habló más que nadie. Mientras estábamos frente a la lavandería, "
            "alguien chocó con un carro estacionado junto a nosotros, y un agente lo detuvo. Lo decimos aquí "
            "porque una caminata no es una patrulla.",
        ),
        confirmed=True,
        stop=True,
    ),
    -10: WrittenRecap(
        written(
            "We stood a long time at the clinic and tried to cross the street in the time it gives. We did not.",
            "Estuvimos mucho rato frente a la clínica e intentamos cruzar la calle en el tiempo que da el "
            "semáforo. No pudimos.",
        )
    ),
    -8: WrittenRecap(
        written(
            "The storm of last week had left branches on the landing. We carried some of them as we went.",
        ),
        days=7,
    ),
    -7: WrittenRecap(
        written(
            "Few came, and they told us why: they do not want to be looked at. We listened to that, and came "
            "without notepads for the second half.",
        ),
        days=11,
    ),
    -6: WrittenRecap(
        written(
            "The forecast said thunder, so we met in the hall instead. There was soup, and more time than usual.",
        )
    ),
    -5: WrittenRecap(
        written(
            "The largest walk so far. The first lamps shine. The north end is still dark, and people told us so "
            "at every second door. Esperanza walked with us and hosted the coffee after.",
            "La caminata más grande hasta ahora. Los primeros faroles alumbran. El norte sigue a oscuras, y nos "
            "lo dijeron en una de cada dos puertas. Esperanza caminó con nosotros y después invitó al café.",
        ),
        confirmed=True,
    ),
    -4: WrittenRecap(
        written(
            "The Youth Council brought nine people and one question: where can we be? The gym is part of the "
            "answer.",
        )
    ),
    -3: WrittenRecap(
        written(
            "We walked the inside of the mall twice around, with people who do that every morning.",
        ),
        days=None,
    ),
    -2: WrittenRecap(
        written(
            "Trucks again. This time we have the sign on a photo, and the tree before it.",
            "Otra vez camiones. Ahora tenemos el letrero en una foto, y el árbol que lo tapa.",
        ),
        days=7,
    ),
}
