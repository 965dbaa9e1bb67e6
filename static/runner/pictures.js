// A photo as it goes: upright, without its place, at most 2,048 along and 400 kB. The hash of what the camera gave is kept.
const SIDE = 2048, MOST = 400_000, QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];

const hex = buffer => [...new Uint8Array(buffer)].map(b => b.toString(16).padStart(2, "0")).join("");
export const sha256 = async data => hex(await crypto.subtle.digest("SHA-256", data instanceof Blob ? await data.arrayBuffer() : new TextEncoder().encode(data)));

async function drawn(file) {
  if (self.createImageBitmap) return createImageBitmap(file, { imageOrientation: "from-image" });
  const picture = new Image(), url = URL.createObjectURL(file);
  try { picture.src = url; await picture.decode(); return picture; } finally { URL.revokeObjectURL(url); }
}

function scaled(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const packed = (canvas, quality) => new Promise((good, bad) => canvas.toBlob(blob => blob ? good(blob) : bad(new Error("canvas")), "image/jpeg", quality));

// {blob, small, width, height}; a picture that this browser cannot draw is refused, not sent as it is: its place would go with it.
export async function shrunk(file) {
  const picture = await drawn(file);
  let blob, canvas, side = SIDE;
  do {
    canvas = scaled(picture, side);
    for (const quality of QUALITIES) { blob = await packed(canvas, quality); if (blob.size <= MOST) break; }
    side = Math.round(side * 0.8);
  } while (blob.size > MOST && side > 600);
  const small = await packed(scaled(picture, 340), 0.7);
  picture.close?.();
  return { blob, small, width: canvas.width, height: canvas.height };
}

// A picture of how good looks, as it is taken along: small, for it is only looked at.
export async function reduced(blob, side) {
  const picture = await drawn(blob), small = await packed(scaled(picture, side), 0.8);
  picture.close?.();
  return new Blob([await small.arrayBuffer()], { type: "image/jpeg" });
}

export async function taken(file) {
  const [original_sha256, { blob, small, width, height }] = await Promise.all([sha256(file), shrunk(file)]);
  // A Blob of its own: Safari forgets files that point back at the camera roll.
  const kept = new Blob([await blob.arrayBuffer()], { type: "image/jpeg" });
  return { blob: kept, small: new Blob([await small.arrayBuffer()], { type: "image/jpeg" }), width, height, size: kept.size, sha256: await sha256(kept),
    original_sha256, original_size: file.size, name: file.name.replace(/\.\w+$/, "") + ".jpg" };
}
