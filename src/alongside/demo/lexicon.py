"""Words to name a city with. None belongs to a real person or place in particular."""


def words(text: str) -> list[str]:
    """The words of a text; a hyphen stands for a space within one."""
    return [word.replace("-", " ") for word in text.split()]


TREES = words(
    """
    Linden Sycamore Hawthorn Juniper Hickory Catalpa Redbud Tupelo Alder Beech Buckeye Chestnut Larch Locust
    Magnolia Mulberry Persimmon Poplar Sassafras Spruce Sumac Walnut Willow Hornbeam Rowan Aspen Butternut
    Basswood Serviceberry Osage
    """
)
BIRDS = words(
    """
    Kestrel Bluebird Bobolink Bunting Cardinal Chickadee Finch Flicker Goldfinch Grackle Heron Killdeer
    Kingfisher Lark Martin Nuthatch Oriole Osprey Partridge Phoebe Pintail Plover Sandpiper Sparrow Swallow
    Tanager Thrasher Thrush Towhee Vireo Warbler Waxwing Whippoorwill Wren
    """
)
RIVER = words(
    """
    Anchor Barge Bargeman Capstan Drydock Ferry Flatboat Gangway Harbor Jetty Keel Keelboat Lighter Mooring
    Packet Paddlewheel Pilot Quay Rudder Sounding Steamer Towpath Tiller Wharf Windlass Mast Hawser Ballast
    """
)
MILLS = words(
    """
    Bobbin Carder Cooper Dyer Fuller Loom Millrace Miller Millwright Potter Saddler Shuttle Spindle Spinner
    Tanner Thread Tinker Treadle Turner Warp Weaver Wheelwright Wicker Chandler Glazier Joiner Mason
    Thatcher
    """
)
FLOWERS = words(
    """
    Aster Azalea Bellflower Bluebell Camellia Clover Columbine Coneflower Dogwood Foxglove Goldenrod Heather
    Hollyhock Honeysuckle Hyacinth Iris Jasmine Larkspur Lavender Lilac Lupine Marigold Peony Phlox Primrose
    Snowdrop Sorrel Trillium Verbena Violet Wisteria Yarrow Zinnia
    """
)
SKY = words(
    """
    Alcott Altair Aurora Capella Comet Corona Dipper Eclipse Equinox Galaxy Halley Leonid Lodestar Lyra
    Meridian Meteor Nova Orion Perihelion Polaris Rigel Sirius Solstice Spica Sunrise Twilight Vega Zenith
    """
)
FARMS = words(
    """
    Appleyard Barley Barnyard Beehive Buckwheat Bushel Clearing Cider Cornfield Dairy Fallow Fencerow Furrow
    Gleaner Granary Harrow Harvest Hayloft Haymarket Hedgerow Homestead Meadow Orchard Paddock Pasture
    Plowman Quince Russet Sheepfold Silo Stile Stubblefield Timothy Wheatfield Winesap
    """
)
PEOPLE = words(
    """
    Abernathy Alvarado Amherst Ashworth Atwell Baptiste Barlow Beaumont Bellamy Benning Bledsoe Bonner
    Bracken Bradshaw Brannigan Broussard Calloway Carmody Castellan Chadwick Clayborne Colquitt Corbin
    Crandall Culpepper Dabney Danforth Delacroix Denholm Dinsmore Dunmore Eastman Eldridge Ellery Fairbairn
    Farraday Fenwick Fitzhugh Galloway Gardner Garrity Gatewood Giddings Goodloe Granger Hadley Halloran
    Hargrove Hathaway Haverford Hendricks Hollis Hubbard Ingram Ives Jardine Jericho Kearney Kendrick
    Kimball Lamar Langford Larrabee Lattimore Ledbetter Lockhart Loomis Lovelace Maddox Mahoney Malloy
    Marlowe Merriman Montoya Moreland Nesbitt Norwood Oakley Okafor Ormsby Osgood Paget Pemberton Pettigrew
    Pickering Pruitt Quimby Quintana Radcliffe Ramsey Renfro Ridley Rosario Rutledge Salazar Sandoval
    Satterfield Selby Shipley Somerset Stafford Standish Sutcliffe Talbot Tennyson Thackeray Thornbury
    Tillman Travers Trujillo Underhill Upton Valentine Vance Vaughan Wadsworth Wainwright Wakefield Waverly
    Weatherby Whitcomb Whitlock Winslow Woodruff Wycliffe Yancey Yardley Zimmer Ackerley Barksdale
    Carrington Dearborn Ellsworth Fontaine Gladstone Huxley Irvington Kilbride Lindqvist Mansfield
    Nightingale Overton Prescott Quigley Redmond Sherwood Tremont Ulster Vickers Wharton Yates
    """
)
MAIN = words(
    """
    Market Commerce Franklin Union Cathedral Depot Foundry Liberty Mercer Meridian-Hill Governor Exchange
    Turnpike College Reservoir Fairmount Observatory Pioneer Crossing Ridge Crescent Prospect Arsenal
    Chancery Vine Legion Harmony Concord Pottery Ropewalk Tollgate Stockyard Armory Garrison Parish Rampart
    Summit Brickworks Ferry-Hill Trolley Signal Lookout Bellevue Terminal Courthouse Academy Waterworks
    Grand Promenade Mechanic Charter Station Covenant Jubilee
    """
)

NUMBERS = words(
    """
    First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth
    Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth
    """
)

FIRST_NAMES = words(
    """
    Amara Andre Angela Arturo Beatriz Bernard Camille Carlos Carol Cedric Chloe Curtis Damon Dana Darnell
    Denise Derek Diane Dolores Edwin Elena Emeka Eric Erin Felicia Frank Gabriela Gloria Grace Gustavo
    Hannah Harold Hector Imani Irene Ivan Jamal Janelle Jerome Joanna Jorge Julian Karen Keisha Kevin Latoya
    Laura Leon Linh Lorenzo Lucia Malik Marcus Maria Marvin Mei Miguel Monica Nadia Nathan Nia Noel Omar
    Opal Patrice Paulo Priya Quentin Rachel Ramon Renee Rosa Ruth Samuel Sandra Shawn Simone Sofia Stella
    Tamika Teresa Theo Thomas Tuan Ursula Vernon Victor Wanda Wesley Yolanda Yusuf Zora
    """
)
LAST_NAMES = words(
    """
    Abrams Acosta Adeyemi Albright Bailey Banks Barrera Bishop Boone Brewer Brooks Burke Cabrera Carver
    Castillo Chambers Clay Coleman Cortez Crane Cruz Daniels Delgado Dixon Duarte Ellison Espinoza Fields
    Flores Fowler Gaines Garza Gentry Gibbs Griffin Guerrero Hale Hampton Harmon Hayes Hobbs Holloway Huang
    Ibarra Jennings Kaplan Keller Knox Lambert Leal Lindsey Logan Lowe Maldonado Mbeki McBride Medina
    Mercado Meyers Mims Moss Navarro Nguyen Norris Obi Ochoa Osborne Padilla Parrish Patel Pham Pruett Ramos
    Reeves Rhodes Rios Robles Rosales Rowe Salas Sharpe Shaw Singletary Soto Spence Steele Sutton Tate
    Townsend Tran Trevino Vargas Vega Waller Watkins Webb Whitaker Wiggins Wilder Womack Yoder Young Zamora
    """
)

# Theme of street names by neighborhood, as developers and town councils choose them.
THEMES = {
    "Old Landing": RIVER,
    "Ferry Reach": RIVER,
    "Mill Row": MILLS,
    "Tanner's Yard": MILLS,
    "South Yards": MILLS,
    "Three Oaks": TREES,
    "Founders Park": PEOPLE,
    "Evergreen": TREES,
    "Linden Grove": TREES,
    "Meadowlark": BIRDS,
    "Wren's Corner": BIRDS,
    "Lantern Heights": SKY,
    "Signal Hill": SKY,
    "Highmeadow": FARMS,
    "Grange Hall": FARMS,
    "Orchard Terrace": FARMS,
    "Fiddler's Green": FLOWERS,
    "Pepperidge": FLOWERS,
    "Willow Flats": FLOWERS,
}
