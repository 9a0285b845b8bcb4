/**
 * The page's own modules in a realm of their own for each page: nothing is shared but their compiled code.
 *
 * They run as functions of scripts, with their import and export statements translated and nothing else:
 * a realm with a vm.SourceTextModule in it is never collected (Node 24), a third of a megabyte for each load.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const IMPORT = /^import (\{[^}]*\}) from "(.*)";$/gm;
const EXPORT = /^export ((?:async )?(?:const|class|function) (\w+))/gm;

let app = new URL("../../../packages/bellhop/src/bellhop/static/bellhop/app.js", import.meta.url);
const scripts = new Map();

/** @param {string} path of another app.js, beside which are the modules that it imports */
export function runInstead(path) {
  app = pathToFileURL(path);
}

/** @returns {vm.Script} which yields a function: from what finds imports to the module's exports */
function compile(url) {
  if (scripts.has(url)) return scripts.get(url);
  const text = readFileSync(new URL(url), "utf8");
  const names = [...text.matchAll(EXPORT)].map(([, , name]) => name);
  const body = text.replace(IMPORT, 'const $1 = imported("$2");').replace(EXPORT, "$1");
  if (/^(import|export)\b/m.test(body)) throw new Error(`${url} imports or exports in an unknown way`);
  const code = `(function (imported) { "use strict"; ${body}\nreturn { ${names.join(", ")} }; })`;
  scripts.set(url, new vm.Script(code, { filename: url }));
  return scripts.get(url);
}

/**
 * Runs app.js.
 * @param {object} globals what a browser adds to the language
 * @param {(promises: object) => void} made called before any code runs, with the prototype of the realm's promises:
 *   the only thing that tells of an unhandled rejection whose it is
 */
export function run(globals, made) {
  const context = vm.createContext(globals);
  made(vm.runInContext("Promise.prototype", context));
  const modules = new Map();
  const load = (url) => {
    if (!modules.has(url)) {
      modules.set(url, null);
      modules.set(url, compile(url).runInContext(context)((name) => load(new URL(name, url).href)));
    }
    if (modules.get(url) === null) throw new Error(`${url} imports itself`);
    return modules.get(url);
  };
  load(app.href);
}
