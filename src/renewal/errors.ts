export const renewalErrorCodes = [
  'case-closed',
  'attempts-missing',
  'second-round-running',
  'no-second-round',
  'renewal-unknown',
  'result-unknown',
  'result-unsettled',
  'result-not-correctable',
  'correction-needs-outcome',
  'contact-refused',
  'not-held',
  'owner-undecided',
  'handover-decided',
  'concession-decided',
  'concession-pending',
  'sending-misconfigured',
] as const;
export type RenewalErrorCode = (typeof renewalErrorCodes)[number];

/** Something broke or was refused that no business answer describes; the code is all that leaves the core. */
export class RenewalError extends Error {
  readonly code: RenewalErrorCode;

  constructor(code: RenewalErrorCode, message: string) {
    super(message);
    this.name = 'RenewalError';
    this.code = code;
  }
}
