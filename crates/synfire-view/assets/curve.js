// A current that is drawn: values at evenly spaced times.

import { element } from "./page.js";

const POINTS = 101;
const [WIDTH, HEIGHT] = [320, 140];

/** A canvas to draw a curve on, between two values; `changed` is called while it is drawn. */
export function curve([low, high], start, changed) {
  const points = new Array(POINTS).fill(0).map((_, i) => (i > 20 && i < 80 ? start : 0));
  const canvas = element("canvas", { width: WIDTH, height: HEIGHT, tabIndex: 0, "aria-label": "draw the current over time" });
  const context = canvas.getContext("2d");
  const y = (value) => HEIGHT * (1 - (value - low) / (high - low));
  let before = null;

  function draw() {
    const style = getComputedStyle(document.body);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.strokeStyle = "gray";
    context.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
    context.fillStyle = "gray";
    context.fillRect(0, y(0), WIDTH, 1);
    context.strokeStyle = style.color;
    context.lineWidth = 2;
    context.beginPath();
    points.forEach((value, i) => context.lineTo((i / (POINTS - 1)) * WIDTH, y(value)));
    context.stroke();
  }

  function put(event) {
    const box = canvas.getBoundingClientRect();
    const at = Math.round(((event.clientX - box.left) / box.width) * (POINTS - 1));
    const value = high - ((event.clientY - box.top) / box.height) * (high - low);
    const from = before ?? at;
    for (let i = Math.min(from, at); i <= Math.max(from, at); i += 1) {
      if (i >= 0 && i < POINTS) points[i] = Math.max(low, Math.min(high, value));
    }
    before = at;
    draw();
    changed();
  }

  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); put(event); });
  canvas.addEventListener("pointermove", (event) => before !== null && put(event));
  canvas.addEventListener("pointerup", () => { before = null; });
  draw();
  return { canvas, values: () => points };
}
