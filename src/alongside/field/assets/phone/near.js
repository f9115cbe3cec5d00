// Which street of the way is nearest. The position is rounded to about 100 m before anything is done with it, and
// only the street's name is kept.
const ROUGHLY = 1000; // a thousandth of a degree

/** The name of the nearest street; rejects where the phone does not know or may not say where it is. */
export async function nearestStreet(corners) {
  const { coords } = await new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(resolve, reject, { maximumAge: 60_000, timeout: 15_000 }),
  );
  return nearest(corners, rounded(coords.latitude), rounded(coords.longitude));
}

const rounded = (degrees) => Math.round(degrees * ROUGHLY) / ROUGHLY;

function nearest(corners, lat, lon) {
  let best = { street: "", far: Infinity };
  for (let i = 0; i + 1 < corners.length; i += 1) {
    const far = distance({ lat, lon }, corners[i], corners[i + 1]);
    if (corners[i].street && far < best.far) best = { street: corners[i].street, far };
  }
  return best.street;
}

/** From a point to a stretch between two corners, in degrees of latitude. */
function distance(point, one, other) {
  const squeeze = Math.cos((point.lat * Math.PI) / 180);
  const [x, y] = [(other.lon - one.lon) * squeeze, other.lat - one.lat];
  const [px, py] = [(point.lon - one.lon) * squeeze, point.lat - one.lat];
  const along = Math.max(0, Math.min(1, (px * x + py * y) / (x * x + y * y || 1)));
  return Math.hypot(px - along * x, py - along * y);
}
