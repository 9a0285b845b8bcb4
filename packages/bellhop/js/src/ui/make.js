/** Elements without innerHTML, which Trusted Types forbid. */

const SVG = "http://www.w3.org/2000/svg";

/** @returns {HTMLElement} with attributes (false and null: none, true: empty) and children, texts among them */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** @returns {SVGElement} a picture of lines, for `d` of a path; it has the colour of the text around it */
export function lines(d, size = 24) {
  const look = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const path = fill(document.createElementNS(SVG, "path"), { d, ...look }, []);
  const box = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false" };
  return fill(document.createElementNS(SVG, "svg"), box, [path]);
}

/** @returns {CSSStyleSheet} which a policy without inline styles lets pass */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}
