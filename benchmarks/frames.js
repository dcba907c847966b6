// Watches the player from inside the page; handed to Chromium by frames.py.
const now = (root) => ({
  frames: +root.dataset.frames, epoch: +root.dataset.epoch, at: performance.now(),
});

const forSeconds = (seconds, each) => new Promise((done) => {
  const end = performance.now() + 1000 * seconds;
  const tick = () => {
    each();
    performance.now() < end ? requestAnimationFrame(tick) : done();
  };
  requestAnimationFrame(tick);
});

const seen = (element) => element.getClientRects().length > 0 && element.width > 0;

const charts = (node) => node.nodeType !== 1 ? 0
  : node.matches("canvas, [data-player], .js-plotly-plot, .main-svg")
    + node.querySelectorAll("canvas, [data-player], .js-plotly-plot, .main-svg").length;

// Frames drawn, animation frames offered, epochs passed.
async function rate(root, seconds) {
  let offered = 0;
  const before = now(root);
  await forSeconds(seconds, () => { offered += 1; });
  const after = now(root);
  return {
    seconds: (after.at - before.at) / 1000, offered,
    frames: after.frames - before.frames, epochs: after.epoch - before.epoch,
  };
}

// Costs time itself, so it is never run together with rate(): looks at every canvas in every
// animation frame. blank = frames in which a visible canvas shows nothing;
// remounts = elements of a chart taken out of the page; redrawn = how often the laziest visible
// canvas was drawn on, per frame that the player counted.
async function watch(root, seconds) {
  let blank = 0, remounts = 0, tick = 0;
  const canvases = [...root.querySelectorAll("canvas")].filter(seen);
  const painted = new Map(canvases.map((canvas) => [canvas, { tick: -1, frames: 0 }]));
  const look = new OffscreenCanvas(48, 48).getContext("2d", { willReadFrequently: true });
  const shows = (canvas) => {
    look.clearRect(0, 0, 48, 48);
    look.drawImage(canvas, 0, 0, 48, 48);
    return look.getImageData(0, 0, 48, 48).data.some((value, i) => i % 4 === 3 && value > 0);
  };

  const observer = new MutationObserver((records) => {
    for (const record of records) for (const node of record.removedNodes) remounts += charts(node);
  });
  observer.observe(root, { childList: true, subtree: true });
  observer.observe(root.getRootNode(), { childList: true, subtree: true });
  observer.observe(document.body, { childList: true, subtree: true });

  const drawing = CanvasRenderingContext2D.prototype, plain = {};
  for (const name of ["clearRect", "fillRect", "putImageData", "drawImage", "stroke", "fill"]) {
    plain[name] = drawing[name];
    drawing[name] = function (...operands) {
      const entry = painted.get(this.canvas);
      if (entry && entry.tick !== tick) { entry.tick = tick; entry.frames += 1; }
      return plain[name].apply(this, operands);
    };
  }
  const before = now(root);
  await forSeconds(seconds, () => {
    tick += 1;
    if (!canvases.every(shows)) blank += 1;
  });
  const after = now(root);
  Object.assign(drawing, plain);
  observer.disconnect();
  if (!root.isConnected) remounts += 1;
  const least = Math.min(...canvases.map((canvas) => painted.get(canvas).frames));
  return {
    blank, remounts, canvases: canvases.length, frames: after.frames - before.frames,
    redrawn: least / Math.max(1, after.frames - before.frames),
  };
}
