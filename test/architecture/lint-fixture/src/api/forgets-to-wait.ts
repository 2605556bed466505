type Outcome = 'renewed' | 'lost';
const save = async (outcome: Outcome): Promise<Outcome> => outcome;

export function record(outcome: Outcome): string {
  save(outcome);
  switch (outcome) {
    case 'renewed':
      return 'book one';
  }
  return 'none';
}
