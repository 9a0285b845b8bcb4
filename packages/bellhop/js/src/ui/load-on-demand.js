import { make } from "./make.js";

/** On the document: what the file of it, which is a program of its own, puts there. */
const placeOf = (name) => Symbol.for(`bellhop.${name}`);

/** Milliseconds after which nobody waits any longer: the page behind the bell has the same. */
const PATIENCE_MS = 5_000;

/** Of the script as it stands in the page; none where it is a module's. */
const own = globalThis.document?.currentScript ?? null;
const NONCE = own?.nonce || null;

/** Where that file is when the page does not say: beside this one, unless names have hashes. */
const BESIDE = /bellhop\.js(?=$|\?)/.test(own?.src ?? "") ? own.src.replace(/bellhop\.js(?=$|\?)/, "panel.js") : null;

/**
 * Loads the file of what is made when somebody opens it, once.
 * @param {"panel" | "help"} name of what is in it
 * @param {string | null} given its address, as the page has it
 * @returns {Promise<(parts: object) => object>} which makes that; rejects where the file cannot be had
 */
export async function loadOnDemand(name, given) {
  const place = placeOf(name);
  if (document[place] === undefined) {
    const address = given ?? BESIDE;
    if (address === null) throw new Error("nobody says where panel.js is");
    const { href, origin } = new URL(address, document.baseURI);
    // A module of another origin needs CORS, a script does not; and trusted types refuse scripts, but no import.
    const [first, second] = origin === location.origin ? [byImport, byScript] : [byScript, byImport];
    await Promise.race([first(href).catch(() => second(href)), tooLate()]);
  }
  return document[place];
}

const byImport = (href) => import(href);

async function byScript(href) {
  const script = make("script", { nonce: NONCE, src: href });
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

const tooLate = () => new Promise((_, reject) => setTimeout(() => reject(new Error("panel.js does not come")), PATIENCE_MS));
