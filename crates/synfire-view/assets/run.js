// One run: curves, network, distributions, answers, operations.

import { address, attempt, element, get, header, query, short } from "./page.js";
import { figure } from "./figure.js";

const run = query.get("run");
const find = (id) => document.getElementById(id);
const shape = (dims) => dims.join(" x ");
const cells = (tag, texts) => element("tr", {}, ...texts.map((text, i) => element(tag, { class: i ? "number" : "" }, String(text))));

function parameter({ name, shape: dims, unit, learns, mean, minimum, maximum, count }) {
  const values = count === 1 ? short(mean) : `${short(minimum)} to ${short(maximum)}, mean ${short(mean)}`;
  return element("div", {}, `${name.split(".").slice(2).join(".")} `, element("span", { class: "muted" }, `[${dims}] ${values} ${unit}${learns ? "" : ", fixed"}`));
}

function graph(network) {
  const node = (...children) => element("div", { class: "node" }, ...children);
  const edge = (text) => element("div", { class: "edge" }, `\u2193 ${text}`);
  const parts = [node(element("strong", {}, `input ${shape(network.input)}`), element("div", { class: "muted" }, `encoder ${network.encoder}, ${network.steps} steps of ${network.dt} ms`))];
  for (const layer of network.layers) {
    parts.push(edge(layer.inputs.length ? `from ${layer.inputs.join(", ")}: ${shape(layer.input_shape)}` : shape(layer.input_shape)));
    parts.push(node(element("strong", {}, layer.about), element("span", { class: "muted" }, ` ${layer.path}`), ...layer.parameters.map(parameter)));
  }
  parts.push(edge(shape(network.layers.at(-1)?.output_shape ?? network.input)));
  parts.push(node(element("strong", {}, `${network.outputs} outputs`), element("div", { class: "muted" }, `decoder ${network.decoder}; ${network.values} values, ${network.learnable} of them can learn`)));
  find("network").replaceChildren(...parts);
}

function distributions(network) {
  const names = network.layers.flatMap((layer) => layer.parameters.filter((one) => one.count > 1 || one.learns).map((one) => one.name));
  const select = find("parameter");
  select.append(...names.map((name) => element("option", {}, name)));
  if (names.length === 0) return;
  const made = figure("/api/distribution", { run, parameter: names[0] }, "Distribution");
  find("distribution").append(made);
  select.addEventListener("change", () => made.show({ run, parameter: select.value }));
}

async function classes() {
  const found = await get("/api/classes", { run });
  const line = ({ class: name, samples, correct }) => cells("td", [name, samples, correct, `${((100 * correct) / samples).toFixed(1)} %`]);
  find("classes").replaceChildren(cells("th", ["class", "test samples", "right", "accuracy"]), ...found.map(line));
  if (found.length) find("confusion").append(figure("/api/confusion", { run }, "Confusion matrix"));
}

async function mistakes() {
  const found = await get("/api/mistakes", { run });
  const made = figure("/api/mistakes/pictures", { run }, "Worst mistakes");
  const link = ({ index, class: label, answer }) => element("a", { href: address("/sample", { run, index }) }, `${label} taken for ${answer} (test ${index})`);
  made.append(...found.flatMap((one) => [link(one), " "]));
  find("pictures").append(made);
}

async function operations() {
  const profile = await get("/api/profile", { run });
  const line = (layer) => cells("td", [`${layer.name} ${layer.about}`, layer.neurons, short(layer.firing_rate), short(layer.acs), short(layer.macs), short(layer.updates), short(layer.energy_pj / 1000)]);
  find("profile").replaceChildren(
    cells("th", ["layer", "neurons", "spikes per step", "synaptic operations", "multiply-accumulates", "updates", "energy (nJ)"]),
    ...profile.layers.map(line), line({ ...profile.total, name: "all", about: "", firing_rate: null }));
}

header("Run");
document.querySelector("h1").textContent = run;
attempt(async () => {
  const { rows } = await get("/api/runs");
  const row = rows.find(({ id }) => id === run);
  if (row) find("about").textContent = [row.state, row.data, row.network].filter((text) => text).join(" \u00b7 ");
  if (row && row.state !== "checkpoint") find("curves").append(figure("/api/compare", { run }, "Learning curves"));
  const network = await get("/api/network", { run });
  graph(network);
  distributions(network);
  find("rates").append(figure("/api/rates", { run }, "Firing rates"));
  // what needs a result or the data says so in its place, and the rest of the page is there
  const parts = [[classes, "classes"], [mistakes, "pictures"], [operations, "profile"]];
  for (const [part, place] of parts) {
    await part().catch((error) => find(place).append(element("p", { class: "muted" }, error.message)));
  }
});
