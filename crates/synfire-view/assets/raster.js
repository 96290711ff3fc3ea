// Spikes of all layers on one time axis, drawn on a canvas: zoom by wheel or pinch, move by dragging, choose by a click.

const PAD = 2; // px between a layer's name and its rows
const NAME = 20; // px of a name above its layer
const AXIS = 26; // px of the time axis
const TALLEST = 600; // px of a layer

/** Height of a layer: rows that can be told apart where there are few. */
function height(neurons) {
  const row = neurons <= 16 ? 12 : neurons <= 64 ? 6 : neurons <= 256 ? 2 : 1;
  return Math.max(24, Math.min(TALLEST, neurons * row));
}

/** Rows of the neurons, those that fire most on top if they are sorted. */
function rows(layer, sorted) {
  const place = new Uint32Array(layer.neurons);
  if (!sorted) return place.map((_, i) => i);
  const counts = new Uint32Array(layer.neurons);
  for (let i = 1; i < layer.spikes.length; i += 2) counts[layer.spikes[i]] += 1;
  const order = Array.from(place.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  order.forEach((neuron, row) => { place[neuron] = row; });
  return place;
}

export class Raster {
  /** `changed` is called with the window after a zoom, `picked` with the layer and the neuron of a click. */
  constructor(canvas, { changed = () => {}, picked = () => {} } = {}) {
    this.canvas = canvas;
    this.changed = changed;
    this.picked = picked;
    this.recorded = null;
    this.sorted = false;
    this.window = [0, 1];
    this.cursor = null;
    this.pointers = new Map();
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 0.8 : 1.25, this.#share(event));
    }, { passive: false });
    canvas.addEventListener("dblclick", () => this.all());
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    new ResizeObserver(() => this.draw()).observe(canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Shows a recording; the window stays as it is if the steps do. */
  show(recorded) {
    const isSame = this.recorded?.steps === recorded.steps;
    this.recorded = recorded;
    if (!isSame) this.window = [0, recorded.steps];
    this.draw();
  }

  sort(sorted) {
    this.sorted = sorted;
    this.draw();
  }

  point(step) {
    this.cursor = step;
    this.draw();
  }

  all() {
    if (!this.recorded) return;
    this.window = [0, this.recorded.steps];
    this.#show();
  }

  /** Changes the length of the window by a factor, around a share of it. */
  zoom(factor, share = 0.5) {
    if (!this.recorded) return;
    const [from, to] = this.window;
    const length = Math.max(4, Math.min(this.recorded.steps, (to - from) * factor));
    this.#place(from + (to - from - length) * share, length);
  }

  #place(from, length) {
    const start = Math.max(0, Math.min(this.recorded.steps - length, from));
    this.window = [start, start + length];
    this.#show();
  }

  #show() {
    this.draw();
    this.changed(this.window.map(Math.round));
  }

  #share(event) {
    const box = this.canvas.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  }

  #down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: false });
    this.start = { window: this.window, spread: this.#spread() };
  }

  #spread() {
    const [a, b] = [...this.pointers.values()];
    return b ? Math.abs(a.x - b.x) : 0;
  }

  #move(event) {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer || !this.recorded) return;
    const moved = event.clientX - pointer.x;
    const [from, to] = this.start.window;
    if (this.pointers.size === 1 && (pointer.moved || Math.abs(moved) > 4)) {
      pointer.moved = true;
      this.#place(from - (moved / this.canvas.clientWidth) * (to - from), to - from);
    } else if (this.pointers.size === 2) {
      pointer.x = event.clientX;
      pointer.moved = true;
      const length = (to - from) * (this.start.spread / Math.max(20, this.#spread()));
      this.#place((from + to - length) / 2, Math.max(4, Math.min(this.recorded.steps, length)));
    }
  }

  #up(event) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!pointer || pointer.moved || !this.recorded) return;
    const y = event.clientY - this.canvas.getBoundingClientRect().top;
    const panel = this.panels?.find(({ top, bottom }) => y >= top && y < bottom);
    if (!panel) return;
    const row = Math.floor(((y - panel.top) / (panel.bottom - panel.top)) * panel.layer.neurons);
    this.picked(panel.layer.name, panel.place.indexOf(row));
  }

  draw() {
    const { canvas } = this;
    // nothing has a place yet, or no longer: the observer draws once there is one
    if (!this.recorded || canvas.parentElement.clientWidth === 0) return;
    const style = getComputedStyle(canvas);
    const [spike, muted, blue] = ["--spike", "--muted", "--blue"].map((name) => this.#color(style.getPropertyValue(name)));
    const scale = devicePixelRatio || 1;
    const width = canvas.parentElement.clientWidth;
    const tall = this.recorded.layers.reduce((sum, layer) => sum + NAME + PAD + height(layer.neurons) + 8, AXIS);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(tall * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${tall}px`;
    const context = canvas.getContext("2d");
    this.panels = [];
    let top = 0;
    for (const layer of this.recorded.layers) {
      const place = rows(layer, this.sorted);
      const bottom = top + NAME + PAD + height(layer.neurons);
      this.panels.push({ layer, place, top: top + NAME + PAD, bottom });
      this.#spikes(context, layer, place, [top + NAME + PAD, bottom], scale, spike);
      context.fillStyle = `rgb(${muted})`;
      context.font = `${13 * scale}px system-ui, sans-serif`;
      const count = layer.spikes.length / 2;
      const rate = layer.spiking ? `${(count / (layer.neurons * this.recorded.steps)).toFixed(3)} spikes per neuron and step` : "no spikes: graded";
      context.fillText(`${layer.name} (${layer.model}), ${layer.neurons} neurons, ${rate}`, 0, (top + 14) * scale, width * scale);
      context.fillRect(0, bottom * scale, width * scale, 1);
      top = bottom + 8;
    }
    this.#axis(context, [width, tall, scale]);
    if (this.cursor !== null) {
      const [from, to] = this.window;
      context.fillStyle = `rgb(${blue} / 0.6)`;
      context.fillRect(((this.cursor + 0.5 - from) / (to - from)) * width * scale, 0, 2 * scale, (tall - AXIS) * scale);
    }
  }

  #color(name) {
    const probe = document.createElement("i");
    probe.style.color = name;
    this.canvas.parentElement.append(probe);
    const numbers = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).join(" ");
    probe.remove();
    return numbers;
  }

  #spikes(context, layer, place, [top, bottom], scale, color) {
    const [width, tall] = [context.canvas.width, Math.max(1, Math.round((bottom - top) * scale))];
    const [from, to] = this.window;
    const image = context.createImageData(width, tall);
    const pixels = new Uint32Array(image.data.buffer);
    const [red, green, blue] = color.split(" ").map(Number);
    const ink = (255 << 24) | (blue << 16) | (green << 8) | red;
    const step = width / (to - from);
    const row = tall / layer.neurons;
    const wide = Math.max(1, Math.min(step * 0.7, 4 * scale) | 0);
    const high = Math.max(1, (row * 0.75) | 0);
    const { spikes } = layer;
    for (let i = 0; i < spikes.length; i += 2) {
      const t = spikes[i];
      if (t < from || t >= to) continue;
      const x = ((t + 0.5 - from) * step - wide / 2) | 0;
      const y = (place[spikes[i + 1]] * row) | 0;
      for (let dy = 0; dy < high && y + dy < tall; dy += 1) {
        const start = (y + dy) * width + Math.max(0, x);
        pixels.fill(ink, start, Math.min(start + wide, (y + dy + 1) * width));
      }
    }
    context.putImageData(image, 0, Math.round(top * scale));
  }

  #axis(context, [width, tall, scale]) {
    const { dt } = this.recorded;
    const [from, to] = this.window.map((step) => step * dt);
    const raw = (to - from) / Math.max(2, width / 110);
    const power = 10 ** Math.floor(Math.log10(raw));
    const gap = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw);
    for (let ms = Math.ceil(from / gap) * gap; ms < to; ms += gap) {
      const x = ((ms - from) / (to - from)) * width;
      context.fillText(`${Number(ms.toPrecision(6))} ms`, (x + 3) * scale, (tall - 6) * scale);
      context.fillRect(x * scale, (tall - AXIS) * scale, 1, 8 * scale);
    }
  }
}
