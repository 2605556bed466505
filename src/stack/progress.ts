export type Progress = {
  say: (line: string) => void;
  /** Announces work that takes long and reports it with the time it has taken so far. */
  during: <Answer>(title: string, work: () => Promise<Answer>, detail?: () => string) => Promise<Answer>;
};

const plainEveryMs = 20_000;

/** Lines on a stream: one that is rewritten each second on a terminal, one every 20 s elsewhere. */
export function reportProgress(out: NodeJS.WriteStream): Progress {
  const eraseLine = out.isTTY ? '\r\x1b[K' : '';
  const say = (line: string): void => void out.write(`${eraseLine}${line}\n`);
  return {
    say,
    during: async (title, work, detail = () => '') => {
      const startedAt = Date.now();
      const line = (): string => `${title} … ${elapsed(startedAt)} ${detail()}`.trimEnd();
      say(`${title} …`);
      const timer = setInterval(
        () => (out.isTTY ? out.write(`${eraseLine}${line()}`.slice(0, out.columns)) : say(line())),
        out.isTTY ? 1_000 : plainEveryMs,
      );
      try {
        const answer = await work();
        say(`${title}: done in ${elapsed(startedAt)}`);
        return answer;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

export const silentProgress: Progress = { say: () => {}, during: (_title, work) => work() };

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
