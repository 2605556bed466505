import { roles, type Role } from '../../../src/db/staff/staff-records.ts';
import { defaultStagePlan } from '../../../src/renewal/default-stage-plan.ts';
import { defaultSettings } from '../../../src/renewal/settings.ts';
import { list, one, only, open, plain, type Expectation, type Seen } from './expectation.ts';

const everywhere = 'own same other';
const all = { admin: everywhere, auditor: everywhere };
const managers = { 'channel-manager': 'own same', 'general-manager': 'own same' };

/** api.md, Roles. */
const cases: Seen = {
  agent: 'own',
  specialist: 'own same',
  supervisor: 'own',
  trainer: 'own',
  'call-centre': 'own',
  ...managers,
  ...all,
};
const people: Seen = { supervisor: 'own', trainer: 'own', ...managers, ...all };
// Everybody reads their own, which is nobody else’s here.
const leave: Seen = { agent: '', specialist: '', 'call-centre': '', ...people };
const handovers: Seen = { ...people, specialist: 'own', 'call-centre': 'own' };
const imports: Seen = { 'channel-manager': 'own same', admin: everywhere };
const lossChecks: Seen = { ...managers, ...all };
const leaders: Role[] = ['supervisor', 'channel-manager', 'general-manager', 'admin'];
const admins: Seen = { admin: everywhere };

const staff = roles.filter((role) => role !== 'core-system');
const reporters: Role[] = ['channel-manager', 'general-manager', 'admin', 'auditor'];
const importManagers: Role[] = ['channel-manager', 'admin'];
/** Of nothing. */
const someId = '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10';

function aDryRun(): FormData {
  const form = new FormData();
  form.set('dryRun', 'true');
  form.set('file', new Blob(['policy number\n']), 'list.csv');
  return form;
}

/** One line for every operation of /openapi.json: who gets in, to whose things, and what an admitted request answers. */
export const matrix: Record<string, Expectation> = {
  getLivez: open(),
  getHealthz: open(),
  getReadyz: open({ answers: [503] }),
  getVersion: open(),
  getMetrics: open(),
  postDevToken: open({ body: { subject: 'auditor' } }),

  getMe: plain(roles),
  getKeyTracking: plain([...reporters, 'specialist', 'supervisor', 'trainer']),
  getHalfMonthList: plain(['agent', 'specialist', 'supervisor', 'trainer']),
  getStaffMessages: list('staff-message', only(people, 'channel-manager', 'admin', 'auditor')),
  // Settled once; of whoever asks after that the answer says so.
  postStaffMessagesIdSettle: one('staff-message', only(people, 'channel-manager', 'admin'), {
    answers: [200, 409],
    body: { as: 'not-sent' },
  }),
  // What stands in for a token is a signature over a form.
  postWebhooksTwilioInbound: open({ answers: [415] }),
  getUToken: open({ answers: [404], params: { token: 'nobodys' } }),
  postUToken: open({ answers: [404], params: { token: 'nobodys' } }),
  postWebhooksTwilioStatusAttemptId: open({ answers: [415], params: { attemptId: someId } }),
  postWebhooksAliyunSmsReportsSecret: open({
    answers: [404],
    params: { secret: 'guessed' },
    body: [{ out_id: someId, biz_id: '1^0', success: true }],
  }),
  postWebhooksAliyunSmsRepliesSecret: open({
    answers: [404],
    params: { secret: 'guessed' },
    body: [{ phone_number: '13800001234', content: 'T', sequence_id: '1' }],
  }),
  postWebhooksCorePolicies: plain(['core-system'], { answers: [200, 422], body: {} }),
  postIntake: plain(importManagers, { answers: [503] }),
  getIntakeId: plain(importManagers, { answers: [404], params: { id: someId } }),
  getPolicies: list('left-out-policy', imports, { query: '?eligible=false' }),
  postImports: plain(importManagers, { answers: [202], bodyOf: aDryRun }),
  getImportsId: one('import', imports),
  getImportsIdRejections: one('import', imports),

  getRenewals: list('renewal', cases),
  getRenewalsId: one('renewal', cases),
  getRenewalsIdJournal: one('renewal', cases),
  postRenewalsIdResults: one('renewal', only(cases, 'agent', 'specialist', 'supervisor', 'call-centre'), {
    answers: [503],
    body: { result: 'not-reached' },
  }),
  postRenewalsIdSecondRound: one('renewal', only(cases, 'supervisor'), {
    answers: [409, 503],
    body: { outcome: 'reopened', note: 'Wants a quote without the gift.' },
  }),
  postRenewalsIdResultsResultIdCorrection: one(
    'renewal',
    {
      agent: 'own',
      specialist: 'own:403 same:403',
      supervisor: 'own',
      'call-centre': 'own:403',
      'channel-manager': 'own:403 same:403',
    },
    {
      answers: [409, 503],
      params: { resultId: ({ things, where }) => things.result[where] },
      body: { reason: 'Entered for the wrong customer.' },
    },
  ),
  getRenewalsIdConsents: one('renewal', cases),
  postRenewalsIdConsents: one('renewal', only(cases, 'agent', 'specialist', 'supervisor', 'call-centre'), {
    answers: [201],
    body: { channel: 'sms', purpose: 'renewal-reminder', given: false, source: 'phone' },
  }),
  getRenewalsIdReplies: one('renewal', cases),
  postRenewalsIdHold: one('renewal', only(cases, ...leaders), {
    answers: [201, 503],
    body: { until: '2030-06-10T09:00:00+08:00', reason: 'The customer is abroad.' },
  }),
  postRenewalsIdResume: one('renewal', only(cases, ...leaders), { answers: [409, 503] }),
  postRenewalsIdOwner: one('renewal', only(cases, ...leaders), {
    answers: [201, 503],
    bodyOf: ({ things, where }) => ({ agentId: things.person[where] }),
  }),
  postRenewalsIdQuotes: one('renewal', only(cases, 'specialist', 'agent'), {
    answers: [201],
    body: { premium: '5480.00' },
  }),

  postRenewalsIdConcessions: one('renewal', only(cases, 'agent', 'specialist'), {
    answers: [201, 409, 503],
    body: { percent: 8, reason: 'A rival offers less.' },
  }),
  getConcessionsId: one('concession', cases),
  postConcessionsIdDecision: one(
    'concession',
    { specialist: 'own:403 same:403', ...managers },
    { answers: [200, 409, 503], body: { decision: 'reject', note: 'Not for this customer.' } },
  ),

  getCallbacks: list('loss-check', lossChecks),
  postCallbacksIdFinding: one('loss-check', only(lossChecks, 'channel-manager'), {
    body: { confirmed: true, note: 'The price, says the customer.' },
  }),
  getCallList: list('renewal', only(cases, 'call-centre')),
  getReportsConcessionMix: plain(reporters),
  getReportsLossReasons: plain([...reporters, 'trainer']),

  getMessages: list('message', cases),
  getMessagesId: one('message', cases),
  // Settled once; of whoever asks after that the answer says so.
  postMessagesIdSettle: one('message', only(cases, 'channel-manager', 'admin'), {
    answers: [200, 409],
    body: { as: 'dropped' },
  }),
  getSuppressedAddresses: list('suppressed-address', only(cases, 'channel-manager', 'admin', 'auditor')),
  // Lifted once; of whoever asks after that the answer says so.
  postSuppressedAddressesIdLift: one('suppressed-address', only(cases, 'channel-manager', 'admin'), {
    answers: [200, 409],
    body: { reason: 'The customer says that it works.' },
  }),
  getSending: plain(staff),
  postSending: plain(importManagers, { body: { stopped: false } }),

  getTasks: list('task', cases),
  getTasksId: one('task', cases),
  postTasksIdComplete: one(
    'task',
    {
      agent: 'own',
      specialist: 'own:403 same:403',
      supervisor: 'own',
      'call-centre': 'own:403',
      'channel-manager': 'own:403 same:403',
      'general-manager': 'own:403 same:403',
    },
    { answers: [503], body: { result: 'not-reached' } },
  ),
  postTasksIdClaim: one('task', {
    agent: 'own',
    supervisor: 'own:403',
    'call-centre': 'own:403',
    specialist: 'own:403 same:403',
    'channel-manager': 'own:403 same:403',
    'general-manager': 'own:403 same:403',
  }),
  postTasksIdReassign: one('task', only(cases, ...leaders), {
    bodyOf: ({ things, where }) => ({ assigneeId: things.person[where], reason: 'Knows the customer.' }),
  }),

  getFleets: list('fleet', cases),
  getFleetsId: one('fleet', cases),
  postFleetsIdResults: one('fleet', only(cases, 'agent', 'specialist', 'supervisor', 'call-centre'), {
    answers: [503],
    body: { result: 'not-reached', channel: 'phone' },
  }),
  postFleetsIdNegotiator: one('fleet', only(cases, 'supervisor', 'channel-manager', 'general-manager'), {
    bodyOf: ({ things, where }) => ({ staffId: things.person[where] }),
  }),

  getHandovers: list('hand-over', handovers),
  getHandoversId: one('hand-over', handovers),
  postHandoversIdDecision: one('hand-over', only(handovers, 'supervisor', 'channel-manager'), {
    answers: [422],
    body: { decision: 'assign', agentId: 'nobody' },
  }),
  postHandoversIdAcceptance: one(
    'hand-over',
    // Nothing of these lists was offered to the bank partner, for whom channel managers speak.
    { specialist: 'own', 'call-centre': 'own', 'channel-manager': 'own same' },
    { answers: [200, 409, 503], body: { accept: true } },
  ),

  getStaff: list('person', people),
  postStaff: plain(['admin'], {
    answers: [201, 409],
    body: { id: 'N1', name: 'N1', roles: ['agent'], teamId: 'south-team' },
  }),
  getStaffId: one('person', people),
  putStaffId: one('person', admins, { body: { contactsPerDay: 20 } }),
  postStaffIdDeparture: one('person', only(people, ...leaders), {
    answers: [202],
    body: { effectiveOn: '2199-12-31' },
  }),
  getStaffIdAbsences: one('person', leave),
  postStaffIdAbsences: one('person', only(people, ...leaders), {
    answers: [201, 409],
    body: { fromOn: '2040-03-01', toOn: '2040-03-05' },
  }),
  postStaffIdAbsencesAbsenceIdWithdrawal: one('person', only(people, ...leaders), {
    answers: [200, 404],
    params: { absenceId: ({ things, where }) => things.absence[where] },
  }),
  getBranches: list('branch', people),
  postBranches: plain(['admin'], { answers: [201, 409], body: { id: 'N1', name: 'N1' } }),
  putBranchesId: one('branch', admins, { body: {} }),
  getTeams: list('team', people),
  postTeams: plain(['admin'], { answers: [201, 409], body: { id: 'N1', branchId: 'north' } }),
  putTeamsId: one('team', admins, { body: {} }),

  getStagePlans: plain(staff),
  getStagePlansVersion: plain(staff, { params: { version: '1' }, answers: [200, 404] }),
  postStagePlans: plain(['admin'], { answers: [201], body: { content: defaultStagePlan } }),
  putStagePlansVersion: plain(['admin'], {
    answers: [404, 409],
    params: { version: '1' },
    body: { content: defaultStagePlan },
  }),
  postStagePlansVersionDiscard: plain(['admin'], { answers: [404, 409], params: { version: '1' } }),
  postStagePlansVersionPublish: plain(importManagers, {
    answers: [403, 404, 409],
    params: { version: '1' },
    body: { contentHash: '0'.repeat(64) },
  }),
  postStagePlansVersionPreview: plain(importManagers, { answers: [200, 403], params: { version: '1' }, body: {} }),
  getRollouts: plain(staff),
  getRolloutsId: plain(staff, { params: { id: someId }, answers: [404] }),
  postRolloutsIdPause: plain(importManagers, { params: { id: someId }, answers: [404] }),
  postRolloutsIdResume: plain(importManagers, { params: { id: someId }, answers: [404] }),

  getTemplates: plain([...importManagers, 'auditor']),
  getTemplatesId: plain([...importManagers, 'auditor'], { params: { id: 'expiry-near.zh-CN.0' } }),
  postTemplates: plain(['admin'], {
    answers: [201],
    body: { key: 'expiry-near', language: 'en', copyOf: 0 },
  }),
  postTemplatesIdPreview: plain(importManagers, { params: { id: 'expiry-near.zh-CN.0' }, body: {} }),
  postTemplatesIdApprove: plain(importManagers, {
    answers: [403, 409],
    params: { id: 'expiry-near.zh-CN.0' },
    body: { contentHash: '0'.repeat(64) },
  }),
  postTemplatesIdRetire: plain(importManagers, { answers: [403, 409], params: { id: 'expiry-near.zh-CN.0' } }),

  getSettings: plain(staff),
  getSettingsNameVersions: plain(staff, { params: { name: 'call-window' } }),
  getSettingsName: plain(staff, { params: { name: 'call-window' } }),
  putSettingsName: plain(['admin'], {
    answers: [409],
    params: { name: 'benefits' },
    body: { version: 99, content: defaultSettings.benefits, reason: 'To see who may.' },
  }),
};

/** Operations with an id in their path that belongs to nobody, and why. */
export const unscoped: Record<string, string> = {
  getUToken: 'a signed link out of an e-mail; the page shows nothing of the customer',
  postUToken: 'a signed link out of an e-mail',
  postWebhooksAliyunSmsReportsSecret: 'whoever knows the secret, and that is Aliyun alone',
  postWebhooksAliyunSmsRepliesSecret: 'whoever knows the secret, and that is Aliyun alone',
  postWebhooksTwilioStatusAttemptId: 'Twilio alone gets past its signature',
  getIntakeId: 'a run goes over the whole company’s book, and answers counts alone',
  getSettingsNameVersions: 'a setting is the whole company’s',
  getSettingsName: 'a setting is the whole company’s',
  putSettingsName: 'a setting is the whole company’s',
  getStagePlansVersion: 'a stage plan is everybody’s to read',
  putStagePlansVersion: 'admins write the stage plans of all branches',
  postStagePlansVersionDiscard: 'admins write the stage plans of all branches',
  postStagePlansVersionPublish: 'who may publish for which branch is told as such, because everybody may read the plan',
  postStagePlansVersionPreview: 'who may publish for which branch is told as such, because everybody may read the plan',
  getTemplatesId: 'a text is the whole company’s',
  postTemplatesIdPreview: 'a text is the whole company’s; the case that it is shown with has its own check',
  postTemplatesIdApprove: 'a text is the whole company’s',
  postTemplatesIdRetire: 'a text is the whole company’s',
  getRolloutsId: 'a roll-out is everybody’s to read, as its plan is',
  postRolloutsIdPause: 'who may publish for which branch is told as such, because everybody may read the plan',
  postRolloutsIdResume: 'who may publish for which branch is told as such, because everybody may read the plan',
};
