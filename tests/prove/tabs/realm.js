/** The page's own modules, unmodified, in a realm of their own for each page: nothing is shared but the sources. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

let app = new URL("../../../services/web/static/bellhop/app.js", import.meta.url);
const sources = new Map();

/** @param {string} path of another app.js, beside which are the modules that it imports */
export function runInstead(path) {
  app = pathToFileURL(path);
}

/** Compiling is what costs most: the second page takes the first one's code. */
function compile(url, context) {
  const known = sources.get(url);
  if (known !== undefined) {
    return new vm.SourceTextModule(known.text, { context, identifier: url, cachedData: known.code });
  }
  const text = readFileSync(new URL(url), "utf8");
  const module = new vm.SourceTextModule(text, { context, identifier: url });
  sources.set(url, { text, code: module.createCachedData() });
  return module;
}

/**
 * Runs app.js.
 * @param {object} globals what a browser adds to the language
 * @param {(promises: object) => void} made called before any code runs, with the prototype of the realm's promises:
 *   the only thing that tells of an unhandled rejection whose it is
 */
export async function run(globals, made) {
  const context = vm.createContext(globals);
  made(vm.runInContext("Promise.prototype", context));
  const modules = new Map();
  const load = (url) => {
    if (!modules.has(url)) modules.set(url, compile(url, context));
    return modules.get(url);
  };
  const main = load(app.href);
  await main.link((name, { identifier }) => load(new URL(name, identifier).href));
  await main.evaluate();
}
