// A figure that changes in place: its zoom, its hover and its camera survive the next one.

import { plotly } from "./figure.js";

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset" };

/** The figure into the page; a click on a mark that has a number hands that number on. */
export function mount({ data, key, parentElement, setTriggerValue }) {
  const { figure, alt } = data;
  const root = rootOf(parentElement, key);
  root.setAttribute("aria-label", alt);
  root.style.height = `${figure.layout.height}px`;
  root.picked = (number) => setTriggerValue("picked", number);
  root.figure = figure;
  const font = { ...figure.layout.font, family: getComputedStyle(parentElement).fontFamily };
  // One after another, and of many that wait the newest alone.
  root.work = root.work.then(() => root.figure === figure && draw(root, figure, font));
  return () => {
    root.figure = null;
    root.work = root.work.then(() => leave(root));
  };
}

async function draw(root, { data, layout }, font) {
  const Plotly = await plotly();
  const fresh = !root.on;
  await Plotly.react(root, data, { ...layout, font, autosize: true }, CONFIG);
  if (fresh) root.on("plotly_click", ({ points }) => clicked(root, points));
}

function clicked(root, points) {
  const named = points.find(({ customdata }) => typeof customdata?.[0] === "number");
  if (named) root.picked(named.customdata[0]);
}

async function leave(root) {
  if (root.figure) return; // a newer call has taken it up while this one waited
  if (root.on) (await plotly()).purge(root);
  root.remove();
}

// Another picture may have been in this place and may leave it later than this one comes.
function rootOf(parentElement, key) {
  const own = [...parentElement.children].find((child) => child.dataset.key === key);
  if (own) return own;
  const root = document.createElement("div");
  root.className = "picture";
  root.setAttribute("role", "img");
  root.dataset.key = key;
  root.work = Promise.resolve();
  parentElement.append(root);
  return root;
}
