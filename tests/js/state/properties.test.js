/**
 * Whatever reaches a page, in whatever mix: once it is quiet its screen is that of a fresh load, and no
 * notification was put up twice or out of order. RUNS and SEED choose other cases than today's.
 */
import { test } from "node:test";
import { holds } from "../support/random.js";
import { makeTabSteps, playTabs } from "../support/tabs/steps.js";
import { KINDS, makeSteps, play } from "../support/world.js";

for (const kind of Object.keys(KINDS)) {
  test(`${kind}: the page ends as a fresh one`, async (context) => {
    const { first, runs, steps } = await holds({
      steps: (random) => makeSteps(kind, random),
      run: (steps, seed) => play(kind, steps, seed),
      runs: 300,
    });
    context.diagnostic(`${runs} cases from SEED=${first}, ${steps} steps`);
  });
}

test("many tabs of two browsers: all end as the server is, and nothing is told twice, or in none of them", async (context) => {
  const { first, runs, steps } = await holds({ steps: makeTabSteps, run: playTabs, runs: 300 });
  context.diagnostic(`${runs} cases from SEED=${first}, ${steps} steps`);
});
