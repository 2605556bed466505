import type { Express } from 'express';
import type { Logger } from 'pino';
import type { TemporalConnection } from '../cases/connect.ts';
import { startRollout } from '../cases/rollouts.ts';
import { smsProvidersOf, type Config } from '../config/config.ts';
import type { Connection } from '../db/connection.ts';
import { readSending } from '../db/messages/stop-switch.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { absenceRoutes } from './absences.ts';
import { createApp } from './doors/app.ts';
import { correctionRoute } from './corrections.ts';
import { branchRoutes } from './branches.ts';
import { callListRoute } from './call-list.ts';
import { callbackRoutes } from './callbacks.ts';
import { seedDemoStaff } from './dev/demo-staff.ts';
import { openIssuer } from './dev/issuer.ts';
import { devTokenRoute, issuerPages, type DevParts } from './dev/token.ts';
import { concessionMixRoute } from './concession-mix.ts';
import { concessionRoutes } from './concessions.ts';
import { consentRoutes } from './consents.ts';
import { fleetRoutes } from './fleets.ts';
import { handoverRoutes } from './handovers.ts';
import { healthRoutes } from './doors/health.ts';
import type { ImportQueue } from './import-queue.ts';
import { importRoutes } from './imports.ts';
import { inboundRoute } from './inbound-messages.ts';
import { intakeRoutes } from './intake.ts';
import { lossReasonRoute } from './loss-reasons.ts';
import { meRoute } from './me.ts';
import { messageRoutes } from './messages.ts';
import { settlementRoute } from './message-settlements.ts';
import { openMetrics } from './doors/metrics.ts';
import { coreNoticeRoute } from './core-notices.ts';
import { peopleOf, type People } from './doors/people.ts';
import { quoteRoute } from './quotes.ts';
import { readReadiness } from './doors/readiness.ts';
import { renewalRoutes } from './renewals.ts';
import { resultRoutes } from './results.ts';
import { rolloutRoutes } from './rollouts.ts';
import type { Route } from './doors/route.ts';
import { sendingRoutes } from './sending.ts';
import { settingRoutes } from './settings.ts';
import { previewRoute } from './stage-plan-preview.ts';
import { stagePlanRoutes } from './stage-plans.ts';
import { staffRoutes } from './staff.ts';
import { staffListRoutes } from './staff-lists.ts';
import { staffMessageRoutes } from './staff-messages.ts';
import { staffUpkeepRoutes } from './staff-upkeep.ts';
import { steeringRoutes } from './steering.ts';
import { taskHandRoutes } from './task-hands.ts';
import { suppressedAddressRoutes } from './suppressed-addresses.ts';
import { taskRoutes } from './tasks.ts';
import { teamRoutes } from './teams.ts';
import { templateRoutes } from './templates.ts';
import { aliyunReplyRoute } from './aliyun-replies.ts';
import { aliyunReportRoute } from './aliyun-reports.ts';
import { twilioStatusRoute } from './twilio-status.ts';
import { unsubscribeRoutes } from './unsubscribe.ts';
import { checkTokensOf, checkTokensWith } from './doors/token-check.ts';

const maxImportBytes = 200_000_000;
const requestsPerMinute = 6_000;

export type ApiParts = {
  config: Config;
  /** What Twilio signs its calls with. */
  twilioAuthToken: string;
  /** The last part of the addresses of Aliyun's reports and replies; without one there are no such addresses. */
  aliyunReportSecret?: string;
  /** Signs the links out of e-mails; without one none is known. */
  unsubscribeSecret?: string;
  version: string;
  connection: Connection;
  temporal: TemporalConnection;
  calendar: Calendar;
  imports: ImportQueue;
  log: Logger;
  onWrongAnswer?: (message: string) => void;
  /** Other limits than the usual ones, to show that they hold. */
  limits?: { maxImportBytes?: number; requestsPerMinute?: number };
};

export type Api = { app: Express; routes: readonly Route[] };

/** Puts the API together from its settings and its neighbours. */
export async function composeApi(parts: ApiParts): Promise<Api> {
  const { config, connection, temporal, version } = parts;
  const dev = await openDevParts(parts);
  const metrics = openMetrics(connection.db);
  const readiness = () => readReadiness({ db: connection.db, temporal });
  const sendingStopped = () =>
    readSending(connection.db).then(
      ({ stopped }) => stopped,
      () => false,
    );
  const people = peopleOf({ db: connection.db, zone: config.clock.zone });
  const routes = [
    ...businessRoutes(parts, people),
    ...healthRoutes({ version, buildId: config.worker.buildId, readiness, metrics }),
    ...(dev ? [devTokenRoute(dev)] : []),
  ];
  const limit = parts.limits?.requestsPerMinute ?? (dev ? undefined : requestsPerMinute);
  const app = createApp({
    routes,
    doors: {
      db: connection.db,
      checkToken: dev ? checkTokensWith(dev.issuer.keys, config.identity) : checkTokensOf(config.identity),
      people,
      twilio: { publicUrl: config.api.publicUrl, authToken: parts.twilioAuthToken },
      ...(parts.onWrongAnswer ? { onWrongAnswer: parts.onWrongAnswer } : {}),
    },
    home: {
      version,
      publicUrl: config.api.publicUrl,
      readiness,
      sendingStopped,
      ...(dev ? { embedded: standIns(config) } : {}),
    },
    metrics,
    log: parts.log,
    pages: dev ? [issuerPages(dev)] : [],
    ...(limit === undefined ? {} : { requestsPerMinute: limit }),
  });
  return { app, routes };
}

function businessRoutes(
  { config, connection, temporal, calendar, imports, limits, unsubscribeSecret, aliyunReportSecret }: ApiParts,
  people: People,
): Route[] {
  const { db } = connection;
  const { uiUrl: temporalUi, namespace } = config.temporal;
  const cases = { db, temporal, calendar, links: { publicUrl: config.api.publicUrl, temporalUi, namespace } };
  return [
    meRoute({ db }),
    ...importRoutes({ db, imports, maxImportBytes: limits?.maxImportBytes ?? maxImportBytes }),
    ...intakeRoutes(cases),
    ...renewalRoutes(cases),
    ...resultRoutes(cases),
    correctionRoute(cases),
    ...steeringRoutes(cases),
    quoteRoute(cases),
    ...concessionRoutes(cases),
    ...taskRoutes(cases),
    ...taskHandRoutes(cases),
    callListRoute(cases),
    ...callbackRoutes(cases),
    ...staffRoutes({ ...cases, people }),
    ...staffUpkeepRoutes({ ...cases, people }),
    ...staffListRoutes(cases),
    ...staffMessageRoutes({ db }),
    ...branchRoutes({ db, people }),
    ...teamRoutes({ db, people }),
    ...absenceRoutes(cases),
    ...stagePlanRoutes({ ...cases, startRollout }),
    previewRoute(cases),
    ...rolloutRoutes(cases),
    ...settingRoutes({ ...cases, smsProviders: smsProvidersOf(config) }),
    ...templateRoutes(cases),
    ...handoverRoutes(cases),
    ...fleetRoutes({ ...cases, people }),
    concessionMixRoute(cases),
    lossReasonRoute(cases),
    ...messageRoutes(cases),
    settlementRoute(cases),
    ...suppressedAddressRoutes({ db }),
    ...sendingRoutes(cases),
    coreNoticeRoute(cases),
    ...consentRoutes(cases),
    inboundRoute(cases),
    ...unsubscribeRoutes({ db, calendar, secret: unsubscribeSecret }),
    twilioStatusRoute(cases),
    aliyunReportRoute({ db, calendar, secret: aliyunReportSecret }),
    aliyunReplyRoute({ db, calendar, secret: aliyunReportSecret }),
  ];
}

/** The issuer and the people of the embedded stack; nothing elsewhere. */
async function openDevParts({ config, connection }: ApiParts): Promise<DevParts | undefined> {
  const { devKeysFile, issuer: issuerUrl, audience } = config.identity;
  if (devKeysFile === undefined) return undefined;
  await seedDemoStaff(connection.db);
  const issuer = await openIssuer(devKeysFile, { issuer: issuerUrl, audience });
  return { db: connection.db, issuer, issuerUrl, publicUrl: config.api.publicUrl };
}

function standIns({ temporal, sms, smtp }: Config) {
  return {
    temporalUi: temporal.uiUrl,
    ...(smtp.pageUrl === undefined ? {} : { mailPage: smtp.pageUrl }),
    ...(sms.baseUrl === undefined ? {} : { smsPage: sms.baseUrl }),
  };
}
