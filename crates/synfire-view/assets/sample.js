// A test sample at work: raster, potentials, scores over time, input.

import { address, attempt, element, get, header, key, latest, query } from "./page.js";
import { figure, save } from "./figure.js";
import { frame } from "./frame.js";
import { Raster } from "./raster.js";
import { scores } from "./scores.js";

const run = query.get("run");
const find = (id) => document.getElementById(id);
let shown = null;

const raster = new Raster(find("raster"), {
  changed: latest(async (span) => {
    await new Promise((done) => setTimeout(done, 150));
    pictures(span);
  }),
  picked: (layer, neuron) => {
    const kept = find("layer").value === layer ? find("neurons").value.split(",").filter((text) => text) : [];
    const next = kept.includes(String(neuron)) ? kept.filter((text) => text !== String(neuron)) : [...kept, String(neuron)].slice(-6);
    find("layer").value = layer;
    find("neurons").value = next.join(",");
    pictures();
  },
});
let traces = null;
let growth = null;

/** Potentials and scores of the steps in view. */
function pictures(span = raster.window.map(Math.round)) {
  if (!shown) return;
  const [from, to] = span;
  const values = { run, index: shown.index, from, to };
  const chosen = { ...values, layer: find("layer").value, neurons: find("neurons").value };
  if (traces) {
    traces.show(chosen);
    growth.show(values);
    return;
  }
  traces = figure("/api/sample/traces", chosen, "Potentials");
  growth = figure("/api/sample/scores", values, "Scores over time");
  find("traces").append(traces);
  find("growth").append(growth);
}

/** Input and scores at a step. */
function at(step) {
  find("step").value = step;
  find("time").textContent = `${step}, ${Number((step * shown.dt).toPrecision(6))} ms`;
  raster.point(step);
  scores(find("scores"), shown.classes, shown.scores[step]);
  frame(find("input"), shown.input, step);
}

const load = latest((index) => attempt(async () => {
  shown = await get("/api/sample", { run, index });
  history.replaceState(null, "", address("/sample", { run, index }));
  find("index").value = shown.index;
  find("index").max = shown.samples - 1;
  find("step").max = shown.steps - 1;
  const layer = find("layer").value;
  find("layer").replaceChildren(...shown.layers.map(({ name }) => element("option", {}, name)));
  if (shown.layers.some(({ name }) => name === layer)) find("layer").value = layer;
  const answer = shown.answer === null ? "" : shown.classes[shown.answer];
  const share = shown.answer === null ? "" : ` with probability ${shown.probabilities[shown.answer].toFixed(3)}`;
  find("answer").textContent = `class ${shown.label ?? "unknown"}, answered ${answer}${share}${shown.label && shown.label !== answer ? " (wrong)" : ""}`;
  const begun = performance.now();
  raster.show(shown);
  document.body.dataset.rasterMs = (performance.now() - begun).toFixed(1);
  at(shown.steps - 1);
  pictures();
  links();
}));

/** Downloads of the raster: still pictures of the server, and this one. */
function links() {
  const of = (format) => address("/api/sample/raster", { run, index: shown.index, format });
  const link = (format) => element("a", { href: of(format), download: `Raster.${format}` }, format.toUpperCase());
  const view = element("a", { href: "#", onclick: (event) => {
    event.preventDefault();
    find("raster").toBlob((blob) => save(blob, "image/png", "Raster of this window.png"));
  } }, "PNG of this window");
  find("downloads").replaceChildren("Raster ", link("svg"), " ", link("png"), " ", link("csv"), " ", view);
}

const go = (step) => shown && load(Math.max(0, Math.min(shown.samples - 1, shown.index + step)));
const step = (by) => shown && at(Math.max(0, Math.min(shown.steps - 1, Number(find("step").value) + by)));

header("Sample");
find("before").addEventListener("click", () => go(-1));
find("after").addEventListener("click", () => go(1));
find("index").addEventListener("change", (event) => load(Number(event.target.value)));
find("sorted").addEventListener("change", (event) => raster.sort(event.target.checked));
find("step").addEventListener("input", (event) => at(Number(event.target.value)));
find("closer").addEventListener("click", () => raster.zoom(0.5));
find("wider").addEventListener("click", () => raster.zoom(2));
find("whole").addEventListener("click", () => raster.all());
find("layer").addEventListener("change", () => pictures());
find("neurons").addEventListener("change", () => pictures());
key("ArrowRight", "next step", () => step(1));
key("ArrowLeft", "step before", () => step(-1));
key("n", "next sample", () => go(1));
key("p", "sample before", () => go(-1));
key("s", "sort the neurons by rate", () => find("sorted").click());
key("+", "zoom in", () => raster.zoom(0.5));
key("-", "zoom out", () => raster.zoom(2));
key("0", "all steps", () => raster.all());
load(Number(query.get("index") ?? 0));
