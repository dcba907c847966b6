// Texts in the language of the reader. The English text in the code names a message; the document
// holds the translations, which come from the catalogues in engine/language/locales/.

/**
 * The translations: `texts` by message, in each form of the plural; `forms` has the place of the
 * form for each count below 200, and repeats every 100 from there.
 * @typedef {{ forms: number[], texts: Record<string, string[]> }} Translations
 */

const content = globalThis.document?.getElementById("texts")?.textContent;

/** @type {Translations} */
const translations = content ? JSON.parse(content) : { forms: [], texts: {} };

/**
 * Return a message in the language of the document, with its {fields} filled in.
 * @param {string} message a literal, so that the catalogues can list it
 * @param {Record<string, string | number>} fields
 */
export function tr(message, fields = {}) {
  return filled(translations.texts[message]?.[0] ?? message, fields);
}

/**
 * Return the message for n things in the language of the document; {n} is the count.
 * @param {number} n
 * @param {string} one
 * @param {string} several
 * @param {Record<string, string | number>} fields
 */
export function trMany(n, one, several, fields = {}) {
  const forms = translations.texts[one];
  const place = translations.forms[n < 200 ? n : 100 + (n % 100)] ?? 0;
  const english = n === 1 ? one : several;
  return filled(forms?.[place] ?? english, { n, ...fields });
}

/**
 * Return a text with its {fields} filled in; other braces stay.
 * @param {string} text
 * @param {Record<string, string | number>} fields
 */
function filled(text, fields) {
  return text.replace(/\{(\w+)\}/g, (all, name) =>
    Object.hasOwn(fields, name) ? String(fields[name]) : all,
  );
}
