export const reopened = 'reopened';
