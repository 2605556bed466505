/** Where a book of past terms says what a season needs, by the headers of its format. */
export type BookColumns = {
  policyNumber: string;
  startsOn: string;
  expiresOn: string;
  /** Until this day the term held; empty when it never lapsed. */
  lapsedOn: string;
  /** What was not known while the season ran, unless it lies before. */
  future: readonly string[];
};

/** The formats of books that say what became of their terms. */
export const bookColumns: Readonly<Record<string, BookColumns>> = {
  'segura-2024': {
    policyNumber: 'ID',
    startsOn: 'Date_last_renewal',
    expiresOn: 'Date_next_renewal',
    lapsedOn: 'Date_lapse',
    future: ['Date_lapse', 'Lapse'],
  },
};
