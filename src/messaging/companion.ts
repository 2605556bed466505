import type { VehicleKey } from '../db/messages/message-records.ts';

/** Whether two policies are companions: written for one vehicle, by plate or by VIN (business.md, Words). */
export function isSameVehicle(one: VehicleKey, other: VehicleKey): boolean {
  return (one.plate !== null && one.plate === other.plate) || (one.vin !== null && one.vin === other.vin);
}
