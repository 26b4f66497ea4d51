// Choosing a part of an image, by mouse or finger, by arrow keys, or by numbers.

const dialog = document.getElementById("region");
const form = document.getElementById("region-form");
const area = document.getElementById("region-image");
const part = document.getElementById("region-part");
const [image] = area.getElementsByTagName("img");
const { x: left, y: top, width, height, words } = form.elements;

let region = null; // {x, y, width, height} in pixels of the image

const clamp = (number, low, high) => Math.min(Math.max(Math.round(number) || 0, low), high);

/** Selects a part, as far as it lies in the image. */
function select(wanted) {
  const { naturalWidth, naturalHeight } = image;
  const x = clamp(wanted.x, 0, naturalWidth - 1);
  const y = clamp(wanted.y, 0, naturalHeight - 1);
  region = {
    x,
    y,
    width: clamp(wanted.width, 1, naturalWidth - x),
    height: clamp(wanted.height, 1, naturalHeight - y),
  };
  part.style.left = `${(100 * x) / naturalWidth}%`;
  part.style.top = `${(100 * y) / naturalHeight}%`;
  part.style.width = `${(100 * region.width) / naturalWidth}%`;
  part.style.height = `${(100 * region.height) / naturalHeight}%`;
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
    x: clamp(((event.clientX - box.left) / box.width) * image.naturalWidth, 0, image.naturalWidth),
    y: clamp(((event.clientY - box.top) / box.height) * image.naturalHeight, 0, image.naturalHeight),
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
  const step = Math.max(1, Math.round(Math.max(image.naturalWidth, image.naturalHeight) / 32));
  const [right, down] = arrow.map((direction) => direction * step);
  if (event.shiftKey) {
    select({ ...region, width: region.width + right, height: region.height + down });
  } else {
    select({
      ...region,
      x: clamp(region.x + right, 0, image.naturalWidth - region.width),
      y: clamp(region.y + down, 0, image.naturalHeight - region.height),
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
  input.addEventListener("change", showNumbers); // what lies in the image
}

/** Lets the user choose a part of an image, and say what it shows then; null if that is not wanted. */
export async function chooseRegion(url, text, chosen) {
  image.src = url;
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  const wide = Math.max(naturalWidth, (320 * naturalWidth) / Math.max(naturalWidth, naturalHeight));
  image.style.width = `min(${wide}px, calc(var(--tallest) * ${naturalWidth / naturalHeight}))`;
  select(chosen ?? {
    x: naturalWidth / 4, y: naturalHeight / 4, width: naturalWidth / 2, height: naturalHeight / 2,
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
