/** The page's program as a function of its globals, to be run for each load: importing it thousands of times would take minutes. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

export const SOURCES = new URL("../../../packages/bellhop/js/src/", import.meta.url);
export const ENTRY = new URL("bellhop.js", SOURCES);

const IMPORT = /^import (\{[^}]*\}) from "(.*)";$/gm;
const EXPORT = /^export ((?:async )?(?:const|class|function) (\w+))/gm;

/** One program, whose modules are compiled once and evaluated anew by each run. */
export class Program {
  #entry;
  #names;
  #scripts = new Map();

  /**
   * They run as functions of scripts, with their import and export statements translated and nothing else: a realm with
   * a vm.SourceTextModule in it is never collected (Node 24), a third of a megabyte for each load.
   * @param {URL} [entry] beside which are the modules that it imports
   * @param {string[]} [names] of the globals that each run is given: several pages in one realm
   */
  constructor(entry = ENTRY, names = []) {
    this.#entry = entry;
    this.#names = names;
  }

  /** @returns {vm.Script} which yields a function: from what finds imports to the module's exports */
  #compile(url) {
    if (this.#scripts.has(url)) return this.#scripts.get(url);
    const text = readFileSync(new URL(url), "utf8");
    const names = [...text.matchAll(EXPORT)].map(([, , name]) => name);
    const body = text.replace(IMPORT, 'const $1 = imported("$2");').replace(EXPORT, "$1");
    if (/^(import|export)\b/m.test(body)) throw new Error(`${url} imports or exports in an unknown way`);
    const code = `(function (${["imported", ...this.#names].join(", ")}) { "use strict"; ${body}\nreturn { ${names.join(", ")} }; })`;
    this.#scripts.set(url, new vm.Script(code, { filename: url }));
    return this.#scripts.get(url);
  }

  /**
   * @param {vm.Context} [context] without one, in this realm, with its globals
   * @param {object} [globals] by name, in place of the realm's
   */
  run(context, globals = {}) {
    const given = this.#names.map((name) => globals[name]);
    const modules = new Map();
    const load = (url) => {
      if (!modules.has(url)) {
        modules.set(url, null);
        const script = this.#compile(url);
        const module = context === undefined ? script.runInThisContext() : script.runInContext(context);
        modules.set(url, module((name) => load(new URL(name, url).href), ...given));
      }
      if (modules.get(url) === null) throw new Error(`${url} imports itself`);
      return modules.get(url);
    };
    return load(this.#entry.href);
  }
}
