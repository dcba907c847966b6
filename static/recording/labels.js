// The texts of a figure: their few tags as runs of text, so that nothing is read as markup.

const TAG = /<(\/?)(b|span)(?: style="color:([#\w(),. ]+)")?>/g;
/** @type {Record<string, string>} */
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** @typedef {{ text: string, bold: boolean, colour: string | null }} TextRun */

/**
 * Return the characters that a text with HTML's references stands for.
 * @param {string} text
 */
export const decoded = (text) =>
  text.replace(/&(?:#(\d{1,7})|(amp|lt|gt|quot));/g, (whole, code, name) => {
    if (name) return NAMED[name];
    return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
  });

/**
 * Return a text as runs, each bold or not and in a colour.
 * @param {string} text
 * @returns {TextRun[]}
 */
export function runsOf(text) {
  /** @type {TextRun[]} */
  const runs = [];
  let from = 0;
  let bold = false;
  /** @type {string | null} */
  let colour = null;
  const add = (/** @type {number} */ to) => {
    if (to > from) runs.push({ text: decoded(text.slice(from, to)), bold, colour });
  };
  for (const found of text.matchAll(TAG)) {
    add(found.index);
    from = found.index + found[0].length;
    if (found[2] === "b") bold = !found[1];
    else colour = found[1] ? null : (found[3] ?? null);
  }
  add(text.length);
  return runs;
}
