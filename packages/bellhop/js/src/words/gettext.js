/**
 * The page's words in its language. English is what stands in the source; `words.<language>.js`, which a page in another
 * language loads before this script, puts the others into the document (packages/languages.py makes those files).
 */
const PLACE = Symbol.for("bellhop.words");

/** Making rules takes longer than using them a hundred times; a page has one language. */
const rules = new Map();

const catalog = () => globalThis.document?.[PLACE] ?? { language: "en", texts: {} };

/** @returns {string} text with each {name} replaced by that value */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/**
 * @param {string} text in English, as it stands in the source; `{name}` in it is replaced by a value of that name
 * @param {Record<string, unknown>} [values]
 */
export function t(text, values = {}) {
  const { texts } = catalog();
  return filled(Object.hasOwn(texts, text) ? texts[text] : text, values);
}

/**
 * @param {string} one  @param {string} many the same in English for one and for many, with `{count}` where the number stands
 * @param {number} count
 * @param {Record<string, unknown>} [values]
 */
export function n(one, many, count, values = {}) {
  const { language, texts } = catalog();
  const forms = Object.hasOwn(texts, one) ? texts[one] : { one, other: many };
  if (!rules.has(language)) rules.set(language, new Intl.PluralRules(language));
  const form = forms[rules.get(language).select(count)] ?? forms.other;
  return filled(form, { ...values, count });
}

/** @returns {string} the language of the words, which is that of numbers and dates beside them, too */
export const language = () => catalog().language;
