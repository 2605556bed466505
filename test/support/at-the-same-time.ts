/** Runs all at once; answers how many lost to a deadlock. Anything else that goes wrong is thrown. */
export async function deadlocksOf(attempts: readonly (() => Promise<unknown>)[]): Promise<number> {
  const settled = await Promise.allSettled(attempts.map((attempt) => attempt()));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const others = failures.filter((failure) => codeOf(failure) !== '40P01');
  if (others.length > 0) throw others[0];
  return failures.length;
}

function codeOf(failure: unknown): unknown {
  if (!(failure instanceof Error)) return undefined;
  return 'code' in failure ? failure.code : codeOf(failure.cause);
}
