// A picture that is drawn, or loaded, and what a network makes of it.

import { attempt, get, header, key, latest, query } from "./page.js";
import { Raster } from "./raster.js";
import { scores } from "./scores.js";

const run = query.get("run");
const find = (id) => document.getElementById(id);
const pad = find("pad");
const SIDE = 280; // px that strokes are drawn on; the network's picture is made of them
const raster = new Raster(find("raster"));
let size = null;
let before = null;

pad.width = SIDE;
pad.height = SIDE;
const strokes = pad.getContext("2d", { willReadFrequently: true });

function clear() {
  strokes.fillStyle = "#000";
  strokes.fillRect(0, 0, SIDE, SIDE);
}

/** Grey values of the network's picture, as hexadecimal digits. */
function pixels() {
  const [height, width] = size;
  const small = new OffscreenCanvas(width, height).getContext("2d");
  small.imageSmoothingQuality = "high";
  small.drawImage(pad, 0, 0, width, height);
  const { data } = small.getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 4) {
    const grey = Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
    text += grey.toString(16).padStart(2, "0");
  }
  return text;
}

const answer = latest(() => attempt(async () => {
  if (!size) return;
  const begun = performance.now();
  const found = await get("/api/draw", { run, pixels: pixels() });
  const ms = performance.now() - begun;
  raster.show(found);
  scores(find("scores"), found.classes, found.scores.at(-1));
  find("answer").textContent = `class ${found.classes[found.answer]}, probability ${found.probabilities[found.answer].toFixed(3)}, ${ms.toFixed(0)} ms`;
  document.body.dataset.answerMs = ms.toFixed(1);
}));

function place(event) {
  const box = pad.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
}

function stroke(event) {
  const at = place(event);
  strokes.strokeStyle = "#fff";
  strokes.lineCap = "round";
  strokes.lineWidth = SIDE * (size && size[0] < 16 ? 0.13 : 0.085);
  strokes.beginPath();
  strokes.moveTo(...(before ?? at));
  strokes.lineTo(...at);
  strokes.stroke();
  before = at;
  answer();
}

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  stroke(event);
});
pad.addEventListener("pointermove", (event) => before && stroke(event));
pad.addEventListener("pointerup", () => { before = null; });
pad.addEventListener("pointercancel", () => { before = null; });
find("clear").addEventListener("click", () => { clear(); answer(); });
find("file").addEventListener("change", (event) => attempt(async () => {
  const [file] = event.target.files;
  if (!file) return;
  strokes.drawImage(await createImageBitmap(file), 0, 0, SIDE, SIDE);
  answer();
}));

header("Draw");
key("c", "clear", () => find("clear").click());
clear();
attempt(async () => {
  const { input } = await get("/api/network", { run });
  const shape = input.length === 3 && input[0] === 1 ? input.slice(1) : input;
  if (shape.length !== 2) throw new Error(`the network reads samples of ${input.join(" x ")}; only grey pictures can be drawn`);
  size = shape;
  await answer();
});
