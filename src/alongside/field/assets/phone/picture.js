// A photo is drawn anew on this phone before it is kept: what the camera wrote into the file (where, when, by which
// phone) is not in the drawing, and never leaves the phone.
const LARGEST = 1600;
const QUALITY = [0.82, 0.7, 0.55, 0.4];

/** A JPEG of at most 1600 pixels a side and `most` bytes; null where the file is no picture. */
export async function drawnAnew(file, most) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return null;
  for (const side of [LARGEST, 1100, 800]) {
    const canvas = drawn(image, side);
    for (const quality of QUALITY) {
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (blob && blob.size <= most) return blob;
    }
  }
  return null;
}

function drawn(image, side) {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
