/** The code of a system or database error, however deep it is wrapped; never its message, which may quote addresses. */
export function failureCode(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { originalCode, code } = inner as { originalCode?: unknown; code?: unknown };
    const found = [originalCode, code].find((one) => typeof one === 'string' && /^[A-Z0-9_]{3,40}$/.test(one));
    if (typeof found === 'string') return found;
  }
  return error instanceof Error ? error.name : 'unknown';
}
