// What this browser keeps for the lessons: the progress, and the keys of classes. The page is given
// what was kept before, and hands out what is to be kept from now on.

/** @import { Component } from "../shared/types.js" */

const NAME = "deltascope.lessons";
const LONGEST = 20_000; // characters

/** @type {WeakSet<HTMLElement>} */
const asked = new WeakSet();

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

/** @param {Component<string>} component */
export function mount({ data, parentElement, setTriggerValue }) {
  if (data) keep(data);
  if (!asked.has(parentElement)) {
    asked.add(parentElement);
    setTriggerValue("kept", kept() || "{}");
  }
  return () => asked.delete(parentElement);
}
