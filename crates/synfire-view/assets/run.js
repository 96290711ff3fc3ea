// One run: curves, network, distributions, answers, operations.

import { address, attempt, element, get, header, query, short } from "./page.js";
import { figure } from "./figure.js";

const run = query.get("run");
const find = (id) => document.getElementById(id);
const cells = (tag, texts) => element("tr", {}, ...texts.map((text, i) => element(tag, { class: i ? "number" : "" }, String(text))));

function parameters(network) {
  const line = ({ name, shape, unit, learns, mean, minimum, maximum, count }) => cells("td", [
    name, shape.join(" x ") || "1", count, short(minimum), short(mean), short(maximum), unit, learns ? "yes" : "no"]);
  find("parameters").replaceChildren(
    cells("th", ["parameter", "shape", "values", "smallest", "mean", "largest", "unit", "learns"]),
    ...network.parameters.map(line),
    cells("td", ["all", "", network.values, "", "", "", "", `${network.learnable} values`]));
}

function distributions(network) {
  const names = network.parameters.filter((one) => one.count > 1 || one.learns).map((one) => one.name);
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
  find("network").append(figure("/api/network/graph", { run }, "Network"));
  parameters(network);
  distributions(network);
  find("rates").append(figure("/api/rates", { run }, "Firing rates"));
  // what needs a result or the data says so in its place, and the rest of the page is there
  const parts = [[classes, "classes"], [mistakes, "pictures"], [operations, "profile"]];
  for (const [part, place] of parts) {
    await part().catch((error) => find(place).append(element("p", { class: "muted" }, error.message)));
  }
});
