// The neuron lab: a model, its parameters and currents; what it does is computed by the server.

import { address, attempt, element, get, header, key, latest, query, short } from "./page.js";
import { figure } from "./figure.js";
import { curve } from "./curve.js";

const find = (id) => document.getElementById(id);
const figures = {};
let model = null;
let values = {}; // of the query, besides the current
let fields = []; // numbers of the current
let drawn = null;

const shapes = {
  constant: { fields: ["amplitude"], text: ([a]) => `${a}` },
  step: { fields: ["amplitude", "start", "end"], text: ([a, start, end]) => `step:${a}:${start}:${end}` },
  ramp: { fields: ["from", "to"], text: ([from, to]) => `ramp:${from}:${to}` },
  sine: { fields: ["amplitude", "period"], text: ([a, period]) => `sine:${a}:${period}` },
  pulses: { fields: ["amplitude", "period", "width"], text: ([a, period, width]) => `pulses:${a}:${period}:${width}` },
  noise: { fields: ["mean", "deviation", "seed"], text: ([mean, deviation, seed]) => `noise:${mean}:${deviation}:${seed}` },
  drawn: { fields: [], text: () => `points:${drawn.values().map((value) => short(value, 6)).join(":")}` },
};

/** A slider with a field for exact values; `changed` is given the text. */
function slider({ name, about, unit, minimum, maximum, value, placeholder = "" }, changed) {
  const range = element("input", { type: "range", min: minimum, max: maximum, step: "any", value: value ?? (minimum + maximum) / 2, "aria-label": name });
  const field = element("input", { type: "number", step: "any", value: value ?? "", placeholder, "aria-label": `${name}, exact`, id: `field-${name}` });
  range.addEventListener("input", () => {
    field.value = short(Number(range.value), 3);
    changed(field.value);
  });
  field.addEventListener("input", () => {
    range.value = field.value;
    changed(field.value);
  });
  return element("div", { class: "slider" }, element("label", { title: about }, `${name}${unit ? ` (${unit})` : ""}`, element("span", { class: "muted" }, about ? ` ${about}` : "")), range, field);
}

/** The query of everything that is set. */
function request() {
  const shape = shapes[find("shape").value];
  return { model: model.name, current: shape.text(fields), ...values };
}

const update = latest(() => attempt(async () => {
  const given = request();
  history.replaceState(null, "", address("/lab", given));
  const summary = await get("/api/lab/summary", given);
  find("count").textContent = summary.spikes === null ? "graded output" : `${summary.spikes} spikes, ${summary.rate.toFixed(2)} Hz`;
  find("warnings").textContent = summary.warnings.join("; ");
  find("toml").textContent = summary.toml;
  const parts = ["trace", "rates", ...(model.states.length === 2 ? ["plane"] : [])];
  for (const part of parts) {
    const [path, name] = { trace: ["/api/lab", "Trace"], rates: ["/api/lab/rates", "Rate over current"], plane: ["/api/lab/plane", "Phase plane"] }[part];
    if (!figures[part]) {
      figures[part] = figure(path, given, name);
      find(part).append(figures[part]);
    }
    await figures[part].show(given);
  }
  find("plane").hidden = model.states.length !== 2;
}));

function set(name, text) {
  if (text === "") delete values[name];
  else values[name] = text;
  update();
}

/** Sliders of the current's shape. */
function current() {
  const shape = shapes[find("shape").value];
  const { default: strong, minimum, maximum, unit } = model.current;
  const time = Number(values.time ?? 100);
  const kinds = {
    start: [0.2 * time, 0, time, "ms"], end: [0.8 * time, 0, time, "ms"], period: [time / 5, time / 100, time, "ms"],
    width: [time / 50, 0, time / 5, "ms"], seed: [0, 0, 100, ""], deviation: [Math.abs(strong), 0, maximum, unit],
  };
  fields = shape.fields.map((name) => Number(short((kinds[name] ?? [name === "from" ? 0 : name === "to" ? 2 * strong : strong])[0], 4)));
  const controls = shape.fields.map((name, i) => {
    const [, low, high, of] = kinds[name] ?? [0, minimum, maximum, unit];
    return slider({ name, about: "", unit: of, minimum: low, maximum: high, value: fields[i] }, (text) => {
      fields[i] = name === "seed" ? Math.round(Number(text)) : Number(text);
      update();
    });
  });
  drawn = find("shape").value === "drawn" ? curve([minimum, maximum], strong, update) : null;
  find("current").replaceChildren(...(drawn ? [drawn.canvas] : controls));
}

async function choose(name) {
  model = await get("/api/model", { model: name });
  values = {};
  find("about").textContent = `${model.about}. Input: ${model.current.about}.`;
  find("equations").textContent = model.equations;
  const entry = (prefix) => (one) => slider({ ...one, value: one.default, placeholder: one.default === null ? "auto" : "" }, (text) => set(`${prefix}${one.name}`, text));
  find("parameters").replaceChildren(...model.parameters.map(entry("p.")));
  find("inputs").replaceChildren(...model.inputs.map(entry("input.")));
  model.inputs.filter((one) => one.default === null && one.unit !== "uniform").forEach((one) => { values[`input.${one.name}`] = "0"; });
  find("settings").replaceChildren(...Object.entries(model.settings).map(([setting, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const field = element("input", { value: text, size: 18, onchange: (event) => set(`s.${setting}`, event.target.value === text ? "" : event.target.value) });
    return element("div", { class: "slider" }, element("label", {}, setting, " ", field));
  }));
  find("time").replaceChildren(
    slider({ name: "time", about: "duration", unit: "ms", minimum: 10, maximum: 500, value: 100 }, (text) => set("time", text)),
    slider({ name: "dt", about: "step", unit: "ms", minimum: model.dt / 10, maximum: 10 * model.dt, value: model.dt }, (text) => set("dt", text)));
  current();
  update();
}

header("Neuron lab", null);
find("shape").append(...Object.keys(shapes).map((name) => element("option", {}, name)));
find("shape").addEventListener("change", () => { current(); update(); });
find("model").addEventListener("change", (event) => attempt(() => choose(event.target.value)));
find("copy").addEventListener("click", () => attempt(async () => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(find("toml").textContent);
    find("copied").textContent = "copied";
  } else {
    getSelection().selectAllChildren(find("toml"));
    find("copied").textContent = "marked: copy it with Ctrl-C";
  }
}));
const turn = (step) => {
  const select = find("model");
  select.selectedIndex = (select.selectedIndex + step + select.options.length) % select.options.length;
  attempt(() => choose(select.value));
};
key("n", "next model", () => turn(1));
key("p", "model before", () => turn(-1));
key("t", "copy as TOML", () => find("copy").click());
attempt(async () => {
  const models = await get("/api/models");
  find("model").append(...models.map(({ name, about }) => element("option", { value: name, title: about }, name)));
  find("model").value = query.get("model") ?? "lif";
  await choose(find("model").value);
});
