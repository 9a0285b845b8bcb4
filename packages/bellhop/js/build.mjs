/**
 * Joins the sources into the files that are served: `npm ci && npm run build`. With --check nothing is written, and the
 * exit status tells whether what is there was built from what is here.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SERVED = "../src/bellhop/static/bellhop/";
const BANNER = "/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/js by build.mjs; edit there. */";
const STYLE_BANNER = "/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/css by js/build.mjs; edit there. */";

// The web service of this repository, which is not there where the package is alone.
const SITE = "../../../services/web/";
const SITE_BANNER = "/* Made from services/web/css by packages/bellhop/js/build.mjs; edit there. */";

// A classic script needs no CORS where static files come from another origin, and no import has a name to be hashed. What
// a page needs only when somebody opens it is a script of its own, whose address the page says (ui/bell/load-panel.js).
const FILES = [
  { source: "src/bellhop.js", served: `${SERVED}bellhop.js`, format: "iife", banner: { js: BANNER } },
  { source: "src/panel.js", served: `${SERVED}panel.js`, format: "iife", banner: { js: BANNER } },
  { source: "src/headless.js", served: `${SERVED}headless.js`, format: "esm", banner: { js: BANNER } },
  { source: "../css/inbox.css", served: `${SERVED}inbox.css`, banner: { css: STYLE_BANNER } },
  ...["site.css", "landing.css"].map((name) => ({
    source: `${SITE}css/${name}`,
    served: `${SITE}static/site/${name}`,
    banner: { css: SITE_BANNER },
    legalComments: "inline",
  })),
];

/** Sheets are strings, which nobody else makes small: their comments and the space between their words are for readers. */
const SMALL_SHEETS = {
  name: "small-sheets",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/ui\/.*(style[\w-]*|theme)\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) /g, "$1");
      return { contents, loader: "js" };
    }),
};

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const isCheck = process.argv.includes("--check");
for (const { source, served, ...options } of FILES) {
  if (!existsSync(pathOf(source))) continue;
  const { outputFiles } = await build({
    entryPoints: [pathOf(source)],
    bundle: true,
    minify: true,
    plugins: [SMALL_SHEETS],
    // What light-dark(), the custom states of :dir() and adoptedStyleSheets ask of a browser anyway.
    target: ["chrome120", "firefox121", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    write: false,
    ...options,
  });
  const made = outputFiles[0].text;
  if (!isCheck) {
    writeFileSync(pathOf(served), made);
    console.log(`${basename(served)}: ${Math.ceil(made.length / 1024)} KiB`);
  } else if (readFileSync(pathOf(served), "utf8") !== made) {
    console.error(`${served} was not built from these sources: cd packages/bellhop/js && npm ci && npm run build`);
    process.exitCode = 1;
  }
}
