// A picture of the server, with its downloads.

import { address, element } from "./page.js";

/** A figure of this address. `show` gives it other values, for example of a slider, and waits until it is there. */
export function figure(path, values, name) {
  const image = element("img", { alt: name });
  const links = ["svg", "png", "csv"].map((format) =>
    element("a", { download: `${name}.${format}` }, format.toUpperCase()));
  const made = element("figure", {},
    element("div", { class: "scroll", tabIndex: 0 }, image),
    element("figcaption", {}, name, ...links));
  made.show = (given) => new Promise((done) => {
    image.onload = done;
    image.onerror = done;
    image.src = address(path, given);
    links.forEach((link) => { link.href = address(path, { ...given, format: link.textContent.toLowerCase() }); });
  });
  made.show(values);
  return made;
}

/** A link that saves text as a file. */
export function save(text, type, name) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
