export const renewalQueue = 'renewal';
export const batchQueue = 'batch';
