// The parts that all pages have: elements, requests, navigation, keys.

/** An element with properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Values of this page's address. */
export const query = new URLSearchParams(location.search);

/** An address with a query; values that are lists are given several times. */
export function address(path, values = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") search.append(name, one);
    }
  }
  return search.size ? `${path}?${search}` : path;
}

/** Says what went wrong at the top of the page; nothing takes it away. */
export function problem(text = "") {
  document.getElementById("problem").textContent = text;
}

/** The JSON at an address; of a file that is sent there if the options say so. Throws what the server says is wrong. */
export async function get(path, values = {}, options = {}) {
  const answer = await fetch(address(path, values), options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ?? answer.statusText);
  return body;
}

/** Runs something and says on the page what went wrong. */
export async function attempt(work) {
  try {
    const result = await work();
    problem();
    return result;
  } catch (error) {
    if (error.name !== "AbortError") problem(error.message);
    return undefined;
  }
}

/** A number with as many digits as are read at a glance. */
export function short(value, digits = 4) {
  return value === null || value === undefined ? "" : String(Number(value.toPrecision(digits)));
}

/** A function that runs at most once at a time, and once more with the last arguments that came meanwhile. */
export function latest(work) {
  let busy = false;
  let waiting = null;
  return async function run(...given) {
    if (busy) {
      waiting = given;
      return;
    }
    busy = true;
    try {
      await work(...given);
    } finally {
      busy = false;
      if (waiting) {
        const next = waiting;
        waiting = null;
        run(...next);
      }
    }
  };
}

const keys = new Map();

/** Answers to a key outside of fields, and a word on it for the help. */
export function key(name, about, action) {
  keys.set(name, { about, action });
}

function help() {
  const rows = [...keys].map(([name, { about }]) =>
    element("tr", {}, element("td", {}, element("kbd", {}, name)), element("td", { class: "wide" }, about)));
  const dialog = element("dialog", {}, element("h2", {}, "Keys"), element("table", {}, ...rows),
    element("form", { method: "dialog" }, element("button", {}, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const isField = event.target.matches("input:not([type=checkbox]):not([type=range]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || isField || document.querySelector("dialog")) return;
  const found = keys.get(event.key);
  const isArrow = event.key.startsWith("Arrow") && event.target.matches("input[type=range]");
  if (!found || isArrow) return;
  event.preventDefault();
  found.action();
});

/** Header of the page, with links to the pages of a run if it is of one. */
export function header(here, run = query.get("run")) {
  const links = [["/", "Runs"]];
  if (run) {
    for (const [path, name] of [["/run", "Run"], ["/sample", "Sample"], ["/draw", "Draw"]]) {
      links.push([address(path, { run }), name]);
    }
  }
  links.push(["/lab", "Neuron lab"]);
  const link = ([path, name], i) => {
    key(String(i + 1), `the page ${name}`, () => location.assign(path));
    return element("a", name === here ? { href: path, "aria-current": "page" } : { href: path }, name);
  };
  key("?", "these keys", help);
  document.querySelector("header").append(
    element("strong", {}, "Synfire"), ...links.map(link),
    element("button", { type: "button", title: "keys (?)", onclick: help }, "?"));
}
