/** As much of the browser's DOM as the page's modules touch: a tree, simple selectors, listeners. */

/** Tag, id and attributes. */
const SIMPLE = /^([a-z-]*)(?:#([\w-]+))?((?:\[[^\]]+\])*)$/;
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
/** Content attributes that are properties of another name. */
const PROPERTIES = { datetime: "dateTime" };
/** Attributes that are there or not. */
const SWITCHES = new Set(["hidden"]);

/** @returns {(element: FakeElement) => boolean} a pseudo-class such as :hover never holds */
function compile(selector) {
  const [, tag, id, attributes] = SIMPLE.exec(selector) ?? [];
  if (attributes === undefined) return () => false;
  const wanted = [...attributes.matchAll(/\[([\w-]+)(?:=([^\]]+))?\]/g)].map(([, name, value]) => {
    const isData = name.startsWith("data-");
    return [isData, isData ? camel(name.slice(5)) : (PROPERTIES[name] ?? name), value];
  });
  return (element) =>
    (tag === "" || tag === element.tag) &&
    (id === undefined || id === element.id) &&
    wanted.every(([isData, name, value]) => {
      const found = isData ? element.dataset[name] : element[name];
      return value === undefined ? found !== undefined : String(found) === value;
    });
}

const compiled = new Map();
function matcher(selector) {
  if (!compiled.has(selector)) compiled.set(selector, compile(selector));
  return compiled.get(selector);
}

function gather(element, isMatch, found) {
  for (const child of element.children) {
    if (isMatch(child)) found.push(child);
    gather(child, isMatch, found);
  }
  return found;
}

function first(element, isMatch) {
  for (const child of element.children) {
    const found = isMatch(child) ? child : first(child, isMatch);
    if (found !== null) return found;
  }
  return null;
}

export class FakeElement {
  children = [];
  parentElement = null;
  dataset = {};
  hidden = false;
  #listeners = null; // few of thousands have any

  /** @param {string} tag @param {object} more properties, `dataset` among them @param {FakeElement[]} children */
  constructor(tag, { dataset = {}, ...more } = {}, children = []) {
    this.tag = tag;
    Object.assign(this.dataset, dataset);
    Object.assign(this, more);
    this.own = Object.keys(more);
    this.append(...children);
  }

  get childElementCount() {
    return this.children.length;
  }
  get firstElementChild() {
    return this.children[0] ?? null;
  }
  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  append(...elements) {
    for (const element of elements) {
      if (typeof element === "string") this.textContent = element;
      else this.insertBefore(element, null);
    }
  }
  prepend(element) {
    this.insertBefore(element, this.firstElementChild);
  }
  insertBefore(element, before) {
    element.remove();
    element.parentElement = this;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, element);
  }
  remove() {
    const siblings = this.parentElement?.children;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parentElement = null;
  }

  cloneNode() {
    const own = Object.fromEntries(this.own.map((name) => [name, this[name]]));
    const copies = this.children.map((child) => child.cloneNode());
    return new FakeElement(this.tag, { ...own, hidden: this.hidden, dataset: { ...this.dataset } }, copies);
  }

  matches(selector) {
    return matcher(selector)(this);
  }
  querySelectorAll(selector) {
    return gather(this, matcher(selector), []);
  }
  querySelector(selector) {
    return first(this, matcher(selector));
  }
  closest(selector) {
    return this.matches(selector) ? this : (this.parentElement?.closest(selector) ?? null);
  }
  contains(element) {
    return element === this || this.children.some((child) => child.contains(element));
  }

  setAttribute(name, value) {
    if (name.startsWith("data-")) this.dataset[camel(name.slice(5))] = value;
    else this[PROPERTIES[name] ?? name] = SWITCHES.has(name) ? true : value;
  }
  removeAttribute(name) {
    if (name.startsWith("data-")) delete this.dataset[camel(name.slice(5))];
    else delete this[PROPERTIES[name] ?? name];
  }
  getAttribute(name) {
    const value = name.startsWith("data-") ? this.dataset[camel(name.slice(5))] : this[PROPERTIES[name] ?? name];
    return value ?? null;
  }
  hasAttribute(name) {
    return this.getAttribute(name) !== null;
  }
  attachShadow() {
    this.shadowRoot = new FakeElement("#shadow-root");
    return this.shadowRoot;
  }
  addEventListener(name, listener) {
    this.#listeners ??= new Map();
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }
  fire(name, event = {}) {
    for (const listener of this.#listeners?.get(name) ?? []) listener({ preventDefault() {}, target: this, ...event });
  }
}

/** A custom element's base, as `customElements` below makes its elements. */
export class FakeHTMLElement extends FakeElement {
  constructor() {
    super("");
  }
}

/** @returns {{define: Function, get: Function}} as a browser has it for one document, whose elements are upgraded at once */
export function customElementsOf(document) {
  const known = new Map();
  return {
    get: (name) => known.get(name),
    define(name, Class) {
      known.set(name, Class);
      for (const plain of document.querySelectorAll(name)) {
        const made = new Class();
        const { dataset, own, children, parentElement } = plain;
        Object.assign(made, { tag: name, dataset, own });
        for (const property of own) made[property] = plain[property];
        parentElement.insertBefore(made, plain);
        plain.remove();
        made.append(...children.slice());
        made.connectedCallback();
      }
    },
  };
}

export const element = (tag, properties, ...children) => new FakeElement(tag, properties, children);
