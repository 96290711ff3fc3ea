// The table of runs: sorting, filter, choice; curves and differences of the chosen ones; live by server-sent events.

import { address, attempt, element, get, header, key, latest, query, short } from "./page.js";
import { figure } from "./figure.js";

const MOST = 6; // one colour each

const percent = (share) => (share === null ? "" : `${(100 * share).toFixed(2)} %`);
const columns = [
  { name: "run", value: (row) => row.id, cell: (row) => element("a", { href: address("/run", { run: row.id }) }, row.id) },
  { name: "state", value: (row) => row.state, cell: (row) => element("span", { class: `state ${row.state}`, title: row.problem ?? "" }, row.problem ? `${row.state} (!)` : row.state) },
  { name: "data", value: (row) => row.data },
  { name: "network", value: (row) => row.network, wide: true },
  { name: "accuracy", value: (row) => row.accuracy, text: (row) => (row.accuracy === null ? "" : `${percent(row.accuracy)} ${row.accuracy_of}`), number: true },
  { name: "loss", value: (row) => row.loss, text: (row) => short(row.loss), number: true },
  { name: "epochs", value: (row) => row.epoch, text: (row) => (row.epochs ? `${row.epoch} / ${row.epochs}` : `${row.epoch}`), number: true },
  { name: "seconds", value: (row) => row.seconds, text: (row) => short(row.seconds), number: true },
  { name: "seed", value: (row) => row.seed, number: true },
];

const rows = new Map();
const chosen = new Set(query.getAll("run"));
const words = new Intl.Collator(undefined, { numeric: true });
let order = { column: columns[0], down: false };
const body = document.querySelector("#table tbody");
const filter = document.querySelector("#filter");

function compare(a, b) {
  const [x, y] = [order.column.value(a), order.column.value(b)];
  if (x === null || y === null || x === y) return (x === null) - (y === null) || words.compare(a.id, b.id);
  const sign = typeof x === "number" ? x - y : words.compare(x, y);
  return order.down ? -sign : sign;
}

function matches(row) {
  const text = [row.id, row.state, row.data, row.network, row.seed].join(" ").toLowerCase();
  return filter.value.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function line(row) {
  const box = element("input", { type: "checkbox", checked: chosen.has(row.id), "aria-label": `choose ${row.id}`, onchange: () => choose(row.id) });
  const cells = columns.map((column) => {
    const content = column.cell ? column.cell(row) : (column.text ?? column.value)(row) ?? "";
    return element("td", { class: column.number ? "number" : column.wide ? "wide" : "" }, content instanceof Node ? content : String(content));
  });
  const made = element("tr", { tabIndex: -1, class: chosen.has(row.id) ? "chosen" : "" }, element("td", {}, box), ...cells);
  made.dataset.id = row.id;
  return made;
}

function draw() {
  const shown = [...rows.values()].filter(matches).sort(compare);
  const focus = body.querySelector("tr:focus")?.dataset.id;
  body.replaceChildren(...shown.map(line));
  if (focus) [...body.children].find((made) => made.dataset.id === focus)?.focus();
  document.querySelector("#count").textContent = `${shown.length} of ${rows.size} runs`;
}

function choose(id) {
  if (!chosen.delete(id)) {
    if (chosen.size >= MOST) chosen.delete([...chosen][0]);
    chosen.add(id);
  }
  draw();
  history.replaceState(null, "", address("/", { run: [...chosen] }));
  overlay();
}

const overlay = latest(() => attempt(async () => {
  const ids = [...chosen].filter((id) => rows.has(id));
  document.querySelector("#compare").hidden = ids.length === 0;
  if (ids.length === 0) return;
  const [measures, differences] = await Promise.all([get("/api/measures", { run: ids }), get("/api/differences", { run: ids })]);
  const heading = element("tr", {}, ...["differs in", ...ids].map((text) => element("th", {}, text)));
  const lines = differences.map(({ key: name, values }) =>
    element("tr", {}, ...[name, ...values].map((text) => element("td", {}, text))));
  document.querySelector("#differences").replaceChildren(...(ids.length > 1 ? [heading, ...lines] : []));
  const stamp = ids.map((id) => `${rows.get(id).epoch}${rows.get(id).state}`).join(",");
  const curves = document.querySelector("#curves");
  const figures = measures.map(({ key: measure, title }) => {
    const values = { run: ids, measure, at: stamp };
    const kept = [...curves.children].find((made) => made.dataset.measure === measure);
    if (kept) {
      kept.show(values);
      return kept;
    }
    const made = figure("/api/compare", values, title);
    made.dataset.measure = measure;
    return made;
  });
  if (figures.length !== curves.children.length || figures.some((made, i) => made !== curves.children[i])) {
    curves.replaceChildren(...figures);
  }
}));

function move(step) {
  const lines = [...body.children];
  const at = lines.indexOf(document.activeElement.closest?.("tr"));
  lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + step))]?.focus();
}
const current = () => document.activeElement.closest?.("tr")?.dataset.id;

header("Runs", null);
document.querySelector("#table thead").append(element("tr", {}, element("th"), ...columns.map((column) =>
  element("th", { class: column.number ? "number" : "" }, element("button", { type: "button", onclick: () => {
    order = { column, down: order.column === column ? !order.down : Boolean(column.number) };
    draw();
  } }, column.name)))));
filter.addEventListener("input", draw);
key("/", "filter", () => filter.focus());
key("j", "next run", () => move(1));
key("k", "run before", () => move(-1));
key("x", "choose the run, or leave it out", () => current() && choose(current()));
key("Enter", "open the run", () => current() && location.assign(address("/run", { run: current() })));

const events = new EventSource("/api/events");
events.addEventListener("changes", (event) => {
  const changes = JSON.parse(event.data);
  changes.rows.forEach((row) => rows.set(row.id, row));
  changes.gone.forEach((id) => rows.delete(id));
  draw();
  if (changes.rows.some((row) => chosen.has(row.id)) || changes.gone.some((id) => chosen.has(id))) overlay();
});
