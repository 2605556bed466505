import { startSmsStandIn } from '../src/stack/sms-stand-in.ts';
import { standInAccount } from '../src/stack/environment.ts';

// A process of its own, so that what it costs is not counted for those who send: forked by bench/sending.ts.
const { url } = await startSmsStandIn({ port: 0, ...standInAccount });
process.send?.(url);
process.once('disconnect', () => process.exit());
