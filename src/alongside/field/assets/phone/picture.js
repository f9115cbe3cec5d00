// A photo is drawn anew on this phone before it is kept: what the camera wrote into the file (where, when, by which
// phone) is not in the drawing, and never leaves the phone.
const LARGEST = 1600;
const QUALITY = [0.82, 0.7, 0.55, 0.4];

/** A JPEG of at most 1600 pixels a side and `most` bytes; null where the file is no picture. */
export async function drawnAnew(file, most) {
  const image = await opened(file);
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

/** As an element: every browser turns it upright by what the camera wrote, before that is gone. */
async function opened(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image.naturalWidth ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function drawn(image, side) {
  const { naturalWidth: wide, naturalHeight: high } = image;
  const scale = Math.min(1, side / Math.max(wide, high));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(wide * scale));
  canvas.height = Math.max(1, Math.round(high * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
