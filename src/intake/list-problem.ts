/** The file as a whole cannot be taken; the message is for the person who sent it. */
export class ListProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ListProblem';
  }
}
