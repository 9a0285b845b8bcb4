/** As much of the browser's DOM as the page's modules touch: a tree, simple selectors, listeners. */

/** Tag, id and attributes. */
const SIMPLE = /^([a-z0-9-]*)(?:#([\w-]+))?((?:\[[^\]]+\])*)$/;
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
/** Content attributes that are properties of another name. */
const PROPERTIES = { datetime: "dateTime" };
/** Attributes that are there or not. */
const SWITCHES = new Set(["hidden"]);

/** @returns {(element: FakeElement) => boolean} a pseudo-class such as :hover holds where the element's property `states` has it */
function compile(selector) {
  if (selector.includes(",")) {
    const each = selector.split(",").map((one) => compile(one.trim()));
    return (element) => each.some((isMatch) => isMatch(element));
  }
  if (selector === ":focus-within") return (element) => element.contains(globalThis.document?.activeElement ?? null);
  if (/^:[a-z-]+$/.test(selector)) return (element) => element.states?.has(selector.slice(1)) ?? false;
  const [, tag, id, attributes] = SIMPLE.exec(selector) ?? [];
  if (attributes === undefined) return () => false;
  const wanted = [...attributes.matchAll(/\[([\w-]+)(?:=([^\]]+))?\]/g)].map(([, name, quoted]) => {
    const value = quoted?.replace(/^"(.*)"$/, "$1");
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
  textContent = "";
  #listeners = null; // few of thousands have any
  #style = null; // as above
  #isConnected; // where a test says so

  /** @param {string} tag @param {object} more properties, `dataset` among them @param {FakeElement[]} children */
  constructor(tag, { dataset = {}, ...more } = {}, children = []) {
    this.tag = tag;
    Object.assign(this.dataset, dataset);
    Object.assign(this, more);
    this.own = Object.keys(more);
    this.append(...children);
  }

  /** What a script sets of the look, which nobody here sees. */
  get style() {
    this.#style ??= { setProperty() {} };
    return this.#style;
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
  get nextElementSibling() {
    return this.#sibling(1);
  }
  get previousElementSibling() {
    return this.#sibling(-1);
  }
  get isConnected() {
    return this.#isConnected ?? (this.tag === "document" || (this.parentElement?.isConnected ?? false));
  }
  set isConnected(is) {
    this.#isConnected = is;
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
  after(element) {
    this.parentElement.insertBefore(element, this.nextElementSibling);
  }
  replaceChildren(...elements) {
    for (const child of [...this.children]) child.remove();
    this.append(...elements);
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
    const { document } = globalThis;
    if (document?.activeElement && this.contains(document.activeElement)) document.activeElement = document.body;
  }

  #sibling(step) {
    const siblings = this.parentElement?.children ?? [];
    return siblings[siblings.indexOf(this) + step] ?? null;
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
  toggleAttribute(name, isOn) {
    if (isOn) this.setAttribute(name, "");
    else this.removeAttribute(name);
  }
  checkVisibility() {
    return !this.hidden && (this.parentElement?.checkVisibility() ?? true);
  }
  focus() {
    if (globalThis.document) globalThis.document.activeElement = this;
  }
  scrollIntoView() {}
  getBoundingClientRect() {
    return { top: 0, height: 0, ...this.box };
  }
  removeEventListener(name, listener) {
    this.#listeners?.set(name, (this.#listeners.get(name) ?? []).filter((one) => one !== listener));
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
