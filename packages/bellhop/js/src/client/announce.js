/**
 * Tells the page's own scripts: a CustomEvent "bellhop:<name>" on the document.
 * @param {string} name
 * @param {object} [detail]
 * @param {{cancelable?: boolean}} [options]
 * @returns {boolean} false: one of them has called preventDefault()
 */
export function announce(name, detail = {}, { cancelable = false } = {}) {
  return document.dispatchEvent(new CustomEvent(`bellhop:${name}`, { detail, cancelable }));
}
