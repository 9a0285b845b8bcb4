/** The page's own modules in a realm of their own for each page: nothing is shared but their compiled code. */
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { Program } from "../../js/support/program.js";

let program = new Program();

/** @param {string} path of another bellhop.js, beside which are the modules that it imports */
export function runInstead(path) {
  program = new Program(pathToFileURL(path));
}

/**
 * Runs the page's script.
 * @param {object} globals what a browser adds to the language
 * @param {(promises: object) => void} made called before any code runs, with the prototype of the realm's promises:
 *   the only thing that tells of an unhandled rejection whose it is
 */
export function run(globals, made) {
  const context = vm.createContext(globals);
  made(vm.runInContext("Promise.prototype", context));
  program.run(context);
}
