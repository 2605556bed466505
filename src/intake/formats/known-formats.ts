import type { ListFormat } from '../list-format.ts';
import { cnPendingList } from './cn-pending-list.ts';
import { segura2024 } from './segura-2024.ts';

/** Every format a list may have; a new one is its mapping file and a line here. */
export const knownFormats: readonly ListFormat[] = [cnPendingList, segura2024];
