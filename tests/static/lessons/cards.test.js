import assert from "node:assert/strict";
import { test } from "node:test";
import { minutesBefore } from "../../../static/lessons/cards.js";

test("a card begins when the cards before it are over", () => {
  const cards = [2, 1, 3].map((minutes) => ({ head: "ask", minutes, text: "" }));
  assert.deepEqual(
    [0, 1, 2, 3].map((place) => minutesBefore(cards, place)),
    [0, 2, 3, 6],
  );
});
