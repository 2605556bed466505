/** How long (wall ms) an attempt may take from its claim to the provider: what was decided then is not true for ever. */
const oldestToTry = 20_000;

/** Tells from now on how many wall ms have passed, also while the process or its whole machine stood still. */
export function startAge(): () => number {
  const monotonic = performance.now();
  const wall = Date.now();
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}

/**
 * Whole seconds for which a claim is still valid after so many ms; 0 when it is less than one, and undefined when nobody may
 * try it any more.
 */
export function stillValidFor(validForSeconds: number, ageMs: number): number | undefined {
  const left = validForSeconds - ageMs / 1_000;
  return ageMs > oldestToTry || left <= 0 ? undefined : Math.floor(left);
}
