// A picture that is drawn, or a file that is loaded, and what a network makes of it.

import { frame } from "./frame.js";
import { attempt, get, header, key, latest, query } from "./page.js";
import { Raster } from "./raster.js";
import { scores } from "./scores.js";

const run = query.get("run");
const find = (id) => document.getElementById(id);
const pad = find("pad");
const PLAY = 2000; // ms that a recording is played in
const SIDE = 280; // px that strokes are drawn on; the network's picture is made of them
const raster = new Raster(find("raster"));
let size = null;
let before = null;
let playing = 0;

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

/** Shows what `ask` is answered: all steps at once, or one after the other. */
async function show(ask, isPlayed) {
  playing += 1;
  const begun = performance.now();
  const found = await ask();
  const ms = performance.now() - begun;
  raster.cursor = null;
  raster.show(found);
  scores(find("scores"), found.classes, found.scores.at(-1));
  frame(find("input"), found.input, found.steps - 1);
  const named = found.answer === null ? "" : `class ${found.classes[found.answer]}, probability ${found.probabilities[found.answer].toFixed(3)}, `;
  find("answer").textContent = `${named}${ms.toFixed(0)} ms`;
  document.body.dataset.answerMs = ms.toFixed(1);
  if (isPlayed) play(found);
}

/** Goes through the steps with spikes, scores and input. */
function play(found) {
  const [begun, mine] = [performance.now(), playing];
  const turn = () => {
    if (mine !== playing) return;
    const step = Math.min(found.steps - 1, Math.floor(((performance.now() - begun) / PLAY) * found.steps));
    raster.point(step);
    scores(find("scores"), found.classes, found.scores[step]);
    frame(find("input"), found.input, step);
    if (step < found.steps - 1) requestAnimationFrame(turn);
  };
  turn();
}

const answer = latest(() => attempt(async () => {
  if (size) await show(() => get("/api/draw", { run, pixels: pixels() }));
}));

/** What the network makes of the sample in a file. */
function send(file) {
  const options = { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } };
  return show(() => get("/api/draw/file", { run, name: file.name }, options), true);
}

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
  const picture = size && await createImageBitmap(file).catch(() => null);
  if (!picture) {
    await send(file);
    return;
  }
  strokes.drawImage(picture, 0, 0, SIDE, SIDE);
  answer();
}));

header("Draw");
key("c", "clear", () => find("clear").click());
clear();
attempt(async () => {
  const { input } = await get("/api/network", { run });
  const shape = input.length === 3 && input[0] === 1 ? input.slice(1) : input;
  if (shape.length === 2) {
    size = shape;
    await answer();
    return;
  }
  pad.hidden = true;
  find("clear").hidden = true;
  find("answer").textContent = `The network reads samples of ${input.join(" x ")}: load a recording, a picture or an array.`;
});
