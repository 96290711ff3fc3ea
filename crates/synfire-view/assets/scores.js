// Scores of the classes as bars.

import { element, short } from "./page.js";

/** Shows scores, the highest one in bold. */
export function scores(place, names, values) {
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const best = values.indexOf(high);
  if (place.children.length !== names.length) {
    place.replaceChildren(...names.map(() =>
      element("div", { class: "score" }, element("span"), element("div", {}, element("i")), element("span"))));
  }
  values.forEach((value, i) => {
    const line = place.children[i];
    line.classList.toggle("best", i === best && high > low);
    line.children[0].textContent = names[i];
    line.children[1].firstChild.style.width = `${(100 * (value - low)) / Math.max(high - low, 1e-30)}%`;
    line.children[2].textContent = short(value, 3);
  });
}
