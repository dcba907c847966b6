// What this browser keeps for the lessons: the progress, and the keys of classes. The page is given
// what was kept before, and hands out what is to be kept from now on.

/** @import { Component } from "../shared/types.js" */

const NAME = "deltascope.lessons";
const LONGEST = 20_000; // characters

/**
 * What the page knows: the text to be kept, whether there is anything in it, whether it contains
 * what the browser kept before, and whether the page waits for that.
 * @typedef {{ kept: string, new: boolean, known: boolean, needed: boolean }} Known
 */

/** Return what is kept, as text; empty where there is nothing. */
export function kept() {
  try {
    return (localStorage.getItem(NAME) ?? "").slice(0, LONGEST);
  } catch {
    return ""; // a browser that keeps nothing
  }
}

/**
 * Keep a text, and return whether the browser does.
 * @param {string} text
 */
export function keep(text) {
  if (text.length > LONGEST) return false;
  try {
    localStorage.setItem(NAME, text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Return whether the page has to hear first what is kept: a run of the page that is rarely needed.
 * @param {Known} page
 * @param {string} before what is kept
 */
export function isAsked({ kept: own, known, needed }, before) {
  return !known && (needed || (before !== "" && before !== own));
}

/** @param {Component<string>} component */
export function mount({ data, setTriggerValue }) {
  const page = /** @type {Known} */ (JSON.parse(data));
  const before = kept();
  if (isAsked(page, before)) setTriggerValue("kept", before || "{}");
  else if (page.new) keep(page.kept);
  return () => {};
}
