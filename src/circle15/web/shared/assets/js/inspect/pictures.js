// A photo as it is kept and sent: a JPEG drawn anew, so that nothing the camera wrote into the file
// stays, at most 1600 pixels long and 1.5 MB, and a small one to look at.
import { sha256 } from "./digest.js";

const LONGEST = 1600;
const MOST_BYTES = 1_500_000;
const QUALITIES = [0.85, 0.7, 0.5, 0.35];
const SMALL = 240;

export class NotAPicture extends Error {}

function drawn(picture, longest) {
  const share = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a JPEG knows no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas, quality) => new Promise((go) => { canvas.toBlob(go, "image/jpeg", quality); });

export async function taken(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotAPicture(file.type);
  }
  const canvas = drawn(picture, LONGEST);
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await jpeg(canvas, quality);
    if (blob && blob.size <= MOST_BYTES) break;
  }
  const small = drawn(picture, SMALL).toDataURL("image/jpeg", 0.7);
  picture.close();
  const bytes = await blob.arrayBuffer();
  return { bytes, small, sha256: await sha256(bytes) };
}

export async function show(bytes, canvas) {
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.close();
}
