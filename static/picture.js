// A figure that changes in place: its zoom, its hover and its camera survive the next one.

import { plotly } from "./figure.js";

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset" };

/** The figure into the page; a click on a mark that has a number hands that number on. */
export async function mount({ data, key, parentElement, setTriggerValue }) {
  const { figure, alt } = data;
  const root = rootOf(parentElement, key);
  root.setAttribute("aria-label", alt);
  root.style.height = `${figure.layout.height}px`;
  root.pending = figure;
  const Plotly = await plotly();
  const leave = () => {
    Plotly.purge(root);
    root.remove();
  };
  if (root.pending !== figure) return leave; // a newer one is on its way
  const font = { ...figure.layout.font, family: getComputedStyle(parentElement).fontFamily };
  await Plotly.react(root, figure.data, { ...figure.layout, font, autosize: true }, CONFIG);
  root.removeAllListeners("plotly_click");
  root.on("plotly_click", ({ points }) => {
    const named = points.find(({ customdata }) => typeof customdata?.[0] === "number");
    if (named) setTriggerValue("picked", named.customdata[0]);
  });
  return leave;
}

// Another picture may have been in this place and may leave it later than this one comes.
function rootOf(parentElement, key) {
  const own = [...parentElement.children].find((child) => child.dataset.key === key);
  if (own) return own;
  const root = document.createElement("div");
  Object.assign(root, { className: "picture", role: "img" });
  root.dataset.key = key;
  parentElement.append(root);
  return root;
}
