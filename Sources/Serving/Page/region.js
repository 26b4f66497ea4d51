// Choosing a part of an image, by mouse or finger, by arrow keys, or by numbers.

const dialog = document.getElementById("region");
const form = document.getElementById("region-form");
const area = document.getElementById("region-image");
const bright = document.getElementById("region-seen");
const part = document.getElementById("region-part");
const [image] = area.getElementsByTagName("img");
const { x: left, y: top, width, height, words } = form.elements;

// Both are {x, y, width, height} in pixels of the image.
let seen = null; // what the model sees
let region = null; // what is selected of it

const clamp = (number, low, high) => Math.min(Math.max(Math.round(number) || 0, low), high);

/** Selects a part, as far as the model sees it. */
function select(wanted) {
  const x = clamp(wanted.x, seen.x, seen.x + seen.width - 1);
  const y = clamp(wanted.y, seen.y, seen.y + seen.height - 1);
  region = {
    x,
    y,
    width: clamp(wanted.width, 1, seen.x + seen.width - x),
    height: clamp(wanted.height, 1, seen.y + seen.height - y),
  };
  cover(part, { ...region, x: x - seen.x, y: y - seen.y }, seen);
}

/** Lays an element over a part of what it stands in. */
function cover(element, { x, y, width, height }, whole) {
  const { style } = element;
  [style.left, style.width] = [x, width].map((pixels) => `${(100 * pixels) / whole.width}%`);
  [style.top, style.height] = [y, height].map((pixels) => `${(100 * pixels) / whole.height}%`);
}

function showNumbers() {
  [left.value, top.value] = [region.x, region.y];
  [width.value, height.value] = [region.width, region.height];
}

// The mouse, a pen or a finger

let anchor = null; // where it was pressed, in pixels of the image

function place(event) {
  const box = area.getBoundingClientRect();
  return {
    x: clamp(((event.clientX - box.left) / box.width) * image.naturalWidth, seen.x, seen.x + seen.width),
    y: clamp(((event.clientY - box.top) / box.height) * image.naturalHeight, seen.y, seen.y + seen.height),
  };
}

area.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  area.setPointerCapture(event.pointerId);
  anchor = place(event);
});
area.addEventListener("pointermove", (event) => {
  if (!anchor || !event.isPrimary) return;
  const end = place(event);
  select({
    x: Math.min(anchor.x, end.x),
    y: Math.min(anchor.y, end.y),
    width: Math.abs(anchor.x - end.x),
    height: Math.abs(anchor.y - end.y),
  });
  showNumbers();
});
for (const end of ["pointerup", "pointercancel"]) {
  area.addEventListener(end, () => (anchor = null));
}

// The keyboard

const arrows = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

area.addEventListener("keydown", (event) => {
  const arrow = arrows[event.key];
  if (!arrow) return;
  event.preventDefault();
  const step = Math.max(1, Math.round(Math.max(seen.width, seen.height) / 32));
  const [right, down] = arrow.map((direction) => direction * step);
  if (event.shiftKey) {
    select({ ...region, width: region.width + right, height: region.height + down });
  } else {
    select({
      ...region,
      x: clamp(region.x + right, seen.x, seen.x + seen.width - region.width),
      y: clamp(region.y + down, seen.y, seen.y + seen.height - region.height),
    });
  }
  showNumbers();
});

for (const input of [left, top, width, height]) {
  input.addEventListener("input", () => {
    const numbers = [left, top, width, height].map((one) => one.valueAsNumber);
    if (numbers.some(Number.isNaN)) return;
    select({ x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] });
  });
  input.addEventListener("change", showNumbers); // what the model sees
}

// What the model sees

/**
 * The size that an image is read at, of the nearest aspect ratio, the widest of equals, and the largest
 * part in the middle of the image that has this ratio; the server sees the same.
 */
function middle(imageWidth, imageHeight, sizes) {
  const fit = ([w, h]) => {
    const [x, y] = [w * imageHeight, h * imageWidth];
    return Math.min(x, y) / Math.max(x, y);
  };
  const isBetter = (a, b) => fit(a) - fit(b) || a[0] - b[0] || a[1] - b[1];
  const size = sizes.map((text) => text.split("x").map(Number)).reduce((a, b) => (isBetter(b, a) > 0 ? b : a));
  const side = (across, ratio, other, otherRatio) =>
    clamp(Math.floor((2 * across * ratio + otherRatio) / (2 * otherRatio)), 1, other);
  const width = side(imageHeight, size[0], imageWidth, size[1]);
  const height = side(imageWidth, size[1], imageHeight, size[0]);
  const [x, y] = [(imageWidth - width) / 2, (imageHeight - height) / 2].map(Math.floor);
  return { size, seen: { x, y, width, height } };
}

const sizeText = (width, height) => `${width}\u00a0×\u00a0${height}`;

/** Shows the part that the model sees, and says so where that is not all. */
function showSeen({ naturalWidth, naturalHeight }, size) {
  cover(bright, seen, { width: naturalWidth, height: naturalHeight });
  [left.min, top.min] = [seen.x, seen.y];
  const unseen = document.getElementById("region-unseen");
  unseen.hidden = seen.width === naturalWidth && seen.height === naturalHeight;
  unseen.textContent = `The model sees the middle of this image, ${sizeText(seen.width, seen.height)} of its ` +
    `${sizeText(naturalWidth, naturalHeight)} pixels. What is faded is left out.`;
  document.getElementById("region-words-hint").textContent =
    `Words for the whole image. It comes back with ${sizeText(...size)} pixels, and all but the part stays as it is.`;
}

/**
 * Lets the user choose a part of an image, and say what it shows then; null if that is not wanted.
 * `sizes` are those that the model sees images at.
 */
export async function chooseRegion(url, text, chosen, sizes) {
  image.src = url;
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  const wide = Math.max(naturalWidth, (320 * naturalWidth) / Math.max(naturalWidth, naturalHeight));
  image.style.width = `min(${wide}px, calc(var(--tallest) * ${naturalWidth / naturalHeight}))`;
  const found = middle(naturalWidth, naturalHeight, sizes);
  seen = found.seen;
  showSeen(image, found.size);
  select(chosen ?? {
    x: seen.x + seen.width / 4, y: seen.y + seen.height / 4, width: seen.width / 2, height: seen.height / 2,
  });
  showNumbers();
  words.value = text;
  dialog.returnValue = "";
  dialog.showModal();
  area.focus();
  let isWanted = false;
  form.onsubmit = () => (isWanted = true);
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return isWanted ? { region, words: words.value.trim() } : null;
}
