/**
 * Joins the modules of src/ into the two files that are served: `npm ci && npm run build`. With --check nothing is
 * written, and the exit status tells whether what is there was built from what is here.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SERVED = new URL("../src/bellhop/static/bellhop/", import.meta.url);
const BANNER = "/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/js by build.mjs; edit there. */";

// A classic script needs no CORS where static files come from another origin, and no import has a name to be hashed.
const FILES = [
  { name: "bellhop.js", format: "iife" },
  { name: "headless.js", format: "esm" },
];

const isCheck = process.argv.includes("--check");
for (const { name, format } of FILES) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}`, import.meta.url))],
    format,
    bundle: true,
    minify: true,
    // What light-dark(), the custom states of :dir() and adoptedStyleSheets ask of a browser anyway.
    target: ["chrome120", "firefox121", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    banner: { js: BANNER },
    write: false,
  });
  const made = outputFiles[0].text;
  const file = new URL(name, SERVED);
  if (!isCheck) {
    writeFileSync(file, made);
    console.log(`${name}: ${Math.ceil(made.length / 1024)} KiB`);
  } else if (readFileSync(file, "utf8") !== made) {
    console.error(`${name} was not built from these sources: cd packages/bellhop/js && npm ci && npm run build`);
    process.exitCode = 1;
  }
}
