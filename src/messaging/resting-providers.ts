export type RestingProviders = { list: () => string[]; rest: (provider: string) => void };

const restMs = 60_000;

/**
 * Which providers refused a moment ago for reasons of their own (too many requests, no credit, refused credentials, no
 * connection): for a minute of wall time they are tried after the others. Each process knows only what it met itself.
 */
export function rememberRests(now: () => number = Date.now): RestingProviders {
  const until = new Map<string, number>();
  return {
    list: () => [...until].filter(([, end]) => end > now()).map(([provider]) => provider),
    rest: (provider) => void until.set(provider, now() + restMs),
  };
}
