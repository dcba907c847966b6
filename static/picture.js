// A figure that changes in place: its zoom, its hover and its camera survive the next one.

import { plotly } from "./figure.js";

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset" };

/** The figure into the page; a click on a mark that has a name hands that name on. */
export async function mount({ data, parentElement, setTriggerValue }) {
  const { figure, alt } = data;
  let root = parentElement.querySelector(".picture");
  if (!root) {
    root = document.createElement("div");
    root.className = "picture";
    root.setAttribute("role", "img");
    parentElement.append(root);
  }
  root.setAttribute("aria-label", alt);
  root.style.height = `${figure.layout.height}px`;
  root.pending = figure;
  const Plotly = await plotly();
  if (root.pending !== figure) return () => Plotly.purge(root); // a newer one is on its way
  const font = { ...figure.layout.font, family: getComputedStyle(parentElement).fontFamily };
  await Plotly.react(root, figure.data, { ...figure.layout, font, autosize: true }, CONFIG);
  root.removeAllListeners?.("plotly_click");
  root.on("plotly_click", ({ points }) => {
    const named = points.find(({ customdata }) => typeof customdata?.[0] === "number");
    if (named) setTriggerValue("picked", named.customdata[0]);
  });
  return () => Plotly.purge(root);
}
