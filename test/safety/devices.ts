import type { Edit } from '../support/a-build.ts';

/** What keeps a message from being sent twice or to whom it must not go, how it is switched off, and who notices. */
export type SafetyDevice = { off: Edit; file: string };

const claim = 'test/messaging/claim.db.test.ts';
const caps = 'test/messaging/caps.unit.test.ts';
const send = 'test/messaging/send.db.test.ts';

function withoutRule(rule: string, file = 'test/messaging/restraint.unit.test.ts'): SafetyDevice {
  return { off: { file: 'src/messaging/restraint.ts', from: `  ${rule},\n`, to: '' }, file };
}

/** The SDK tries once unless it is told of errors after which it may try again. */
const retryingAliyun = `    readTimeout: timeoutMs,
    retryOptions: {
      retryable: true,
      noRetryCondition: [],
      retryCondition: [{ maxAttempts: 3, exception: ['Error'], errorCode: ['ECONNRESET', 'InternalError'] }],
    } as never,
`;

export const safetyDevices: Record<string, SafetyDevice> = {
  'the unique key of a touch': {
    off: {
      file: 'drizzle/0000_tables.sql',
      from: 'CREATE UNIQUE INDEX "messages_one_per_touch"',
      to: 'CREATE INDEX "messages_one_per_touch"',
    },
    file: send,
  },
  'the claim': {
    off: { file: 'src/messaging/claim.ts', from: "if (message.state !== 'planned') {", to: 'if (message.id === "") {' },
    file: claim,
  },
  'the turn of an address': {
    off: {
      file: 'src/db/messages/message-records.ts',
      from: '\n    .where(sql`(select count(pg_advisory_xact_lock(place)) from (${addresses}) as addresses) >= 0`)',
      to: '',
    },
    file: 'test/messaging/doubled-customers.db.test.ts',
  },
  'the one attempt': {
    off: { file: 'src/messaging/sms-twilio.ts', from: 'autoRetry: false', to: 'autoRetry: true' },
    file: send,
  },
  'the one attempt of an e-mail': {
    off: { file: 'src/messaging/email-smtp.ts', from: 'maxRequeues: 0', to: 'maxRequeues: 5' },
    file: 'test/messaging/dead-connections.db.test.ts',
  },
  'the one attempt through Aliyun': {
    off: { file: 'src/messaging/sms-aliyun.ts', from: '    readTimeout: timeoutMs,\n', to: retryingAliyun },
    file: 'test/messaging/sms-aliyun.db.test.ts',
  },
  'the age of a claim': {
    off: { file: 'src/messaging/claim-age.ts', from: 'ageMs > oldestToTry || left <= 0 ? undefined : ', to: '' },
    file: 'test/messaging/claims-that-grew-old.db.test.ts',
  },
  'the deadline of a mail before its final dot': {
    off: {
      file: 'src/messaging/mail-deadline.ts',
      from: 'Math.min(mostBeforeFinalDot, validForSeconds * 1_000)',
      to: '600_000',
    },
    file: 'test/messaging/mail-deadline.db.test.ts',
  },
  'the quiet hours of every zone of a country': {
    off: {
      file: 'src/messaging/recipient-window.ts',
      from: 'middle: recipientCalendar(clocks) }, daytime, day)',
      to: 'middle: recipientCalendar(clocks) }, window, day)',
    },
    file: 'test/messaging/recipient-window.unit.test.ts',
  },
  'the settling of unknown messages': {
    off: {
      file: 'src/messaging/settle-unknown.ts',
      from: '    await write(tx, { known, attempt, settlement, listSays, settledAt });\n',
      to: '',
    },
    file: 'test/messaging/settling/settle.db.test.ts',
  },
  'the check of opt-outs': withoutRule('optedOut'),
  'the check of consent': withoutRule('noConsent'),
  'do not contact': withoutRule('doNotContact'),
  'the quiet hours': withoutRule('quietHours'),
  'the cap of the day': withoutRule('capOfTheDay', caps),
  'the cap of the week': withoutRule('capOfTheWeek', caps),
  'the validity period': {
    off: {
      file: 'src/messaging/sms-twilio.ts',
      from: 'Math.min(Math.max(message.validForSeconds',
      to: 'Math.max(Math.max(message.validForSeconds',
    },
    file: send,
  },
  'the signature of callbacks': {
    off: {
      file: 'src/api/doors/twilio-signature.ts',
      from: 'if (!isSigned(authToken, signature, { address, form })) {',
      to: 'if (isSigned(authToken, signature, { address, form }) === undefined) {',
    },
    file: 'test/api/twilio-status.api.test.ts',
  },
  'the stop switch': withoutRule('sendingStopped'),
};
