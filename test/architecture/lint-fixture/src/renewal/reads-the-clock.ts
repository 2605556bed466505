export const now = Date.now();
export const chance = Math.random();
export const settings = process.env;
export const answer = fetch;
export const wait = setTimeout;
