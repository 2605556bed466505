export const firstDay = '2027-03-01';
