export * from './exports-default.ts';
