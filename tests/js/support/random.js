/** Random cases that can be had again: a seeded generator, and a search for the smallest case that still fails. */

/** @returns {() => number} yields [0, 1), the same sequence for the same seed (mulberry32) */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the names of `weights`, each as likely as its number says. */
export function pick(random, weights) {
  let left = random() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.keys(weights).find((name) => (left -= weights[name]) < 0);
}

const failureOf = (run, steps, seed) =>
  run(steps, seed).then(
    () => null,
    (error) => error,
  );

/** Leaves out halves, quarters … single steps of a failing case for as long as it still fails. */
async function shrink(run, steps, seed, error) {
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < steps.length; ) {
      const fewer = [...steps.slice(0, start), ...steps.slice(start + size)];
      const failure = await failureOf(run, fewer, seed);
      if (failure === null) start += size;
      else [steps, error] = [fewer, failure];
    }
  }
  return { steps, error };
}

/**
 * Runs a property on many random cases. The environment may set SEED (of the first case) and RUNS.
 * @param {object} options
 * @param {(random: () => number) => object[]} options.steps makes a case; any subset of it must be a case too
 * @param {(steps: object[], seed: number) => Promise<void>} options.run rejects where the property does not hold
 * @param {number} options.runs unless RUNS says otherwise
 * @returns {Promise<{runs: number, steps: number, first: number}>} what was tried; rejects with seed and smallest failing case
 */
export async function holds({ steps: make, run, runs }) {
  const first = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const count = Number(process.env.RUNS ?? runs);
  let tried = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const steps = make(generator(seed));
    tried += steps.length;
    const failure = await failureOf(run, steps, seed);
    if (failure === null) continue;
    const least = await shrink(run, steps, seed, failure);
    const shown = least.steps.map((step) => `  ${JSON.stringify(step)}`).join("\n");
    throw new Error(`SEED=${seed} RUNS=1: ${least.error.message}\nafter\n${shown}`, { cause: least.error });
  }
  return { runs: count, steps: tried, first };
}
