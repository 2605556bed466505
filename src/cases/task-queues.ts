export const renewalQueue = 'renewal';
export const batchQueue = 'batch';
export const smsQueue = 'sms';
export const emailQueue = 'email';
