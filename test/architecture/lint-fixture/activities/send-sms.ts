export type Activities = { sendSms: typeof sendSms };
export const sendSms = (): string => 'sent';
